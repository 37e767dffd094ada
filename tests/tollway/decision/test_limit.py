"""A limit as a call meets it."""

from fractions import Fraction

import pytest

from tests.tollway.decision.calls import AT, call, decided
from tollway.decision.call import Call
from tollway.decision.limit import NOWHERE, ActionSeen, LevelSeen, LimitSeen, is_reached

TEXT = """
routes:
  r: [{from: gpt-4o, to: openai/gpt-4.1}]
  s: [{from: "claude-*", to: anthropic/claude-haiku-4-5}]
limits:
  - name: month
    per: [team, user]
    amount: 5 USD
    window: rolling 24h
    enforce: soft
    at: {95%: {route: s}, 80%: {route: r}}
    then: [wait 3s, {route: r}, {route: s}]
"""
NO_RULE = "no rule of it sends openai/gpt-4o on"


def test_a_limit_says_what_it_is_and_where_its_routes_lead() -> None:
    (found,) = decided(TEXT, call(shares={"month": Fraction(1, 4)})).limits

    assert found == LimitSeen(
        name="month",
        line=7,
        amount="5 USD",
        window="rolling 1d",
        per=("team", "user"),
        enforce="soft",
        left="25%",
        levels=(
            LevelSeen(at="80%", reached=False, route="r", leads_to="openai/gpt-4.1", may_wait=True),
            LevelSeen(at="95%", reached=False, route="s", why_not=NO_RULE),
        ),
        then=(
            ActionSeen(does="wait 3s"),
            ActionSeen(does="route r", leads_to="openai/gpt-4.1", may_wait=True),
            ActionSeen(does="route s", why_not=NO_RULE),
            ActionSeen(does="block"),
        ),
    )


def test_nothing_waits_where_a_hard_limit_refuses() -> None:
    """Its levels, which refuse nothing, wait as a soft one's do."""
    (found,) = decided(TEXT.replace("soft", "hard"), call()).limits

    assert ([each.may_wait for each in found.levels], found.then[1].may_wait) == ([True, False], False)


def test_a_route_of_a_limit_leaves_no_call_where_it_is() -> None:
    """But for what it sets there."""
    text = TEXT.replace("to: openai/gpt-4.1", "to: [same, openai/gpt-4.1]")
    assert decided(text, call()).limits[0].then[1].leads_to == "openai/gpt-4.1"

    text = TEXT.replace("to: openai/gpt-4.1", "to: same, set: {seed: 7}")
    found = decided(text, call()).limits[0].then[1]
    assert (found.leads_to, found.stays, found.set) == ("openai/gpt-4o", True, {"seed": 7})


def test_a_call_without_a_model_is_moved_nowhere() -> None:
    (found,) = decided(TEXT, Call(attributes={"provider": "openai"}, models=(), at=AT)).limits

    assert {each.why_not for each in found.levels} == {NOWHERE}
    assert [each.why_not for each in found.then] == [None, NOWHERE, NOWHERE, None]


@pytest.mark.parametrize(
    ("level", "left", "reached"),
    [(80, "0.2", True), (80, "0.2001", False), (100, "0", True), (1, "1", False), (1, "0.99", True)],
)
def test_a_level_is_reached_once_so_much_is_gone(level: int, left: str, reached: bool) -> None:
    assert is_reached(level, Fraction(left)) is reached
