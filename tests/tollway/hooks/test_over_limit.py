"""The refusal of a call that a limit turned away; tests/tollway/wire has its words and statuses."""

from zoneinfo import ZoneInfo

from msgspec.structs import replace

from tests.tollway.admitting import ENDPOINT, NOW_US, asked, candidate, governing
from tollway.admission import TurnedAway
from tollway.bound.bound import Unbounded
from tollway.budget.bucket import Balance
from tollway.hooks.over_limit import has_tools, refusal

POLICY = governing("limits: [{name: day, amount: 1 USD, window: day}]")


def refused(turned: TurnedAway) -> tuple[int, str]:
    """Its status and message."""
    said = refusal(asked(program="openai-python"), turned, ZoneInfo("UTC"), NOW_US)
    return said.status, said.message


def test_the_limit_and_what_is_left_are_told() -> None:
    found = candidate(POLICY)
    (limit,), (want,) = found.limits, found.wants
    balance = Balance(bucket=want.bucket, amount=10**9, enforce=want.enforce, settled=10**9, held=0)

    status, said = refused(
        TurnedAway(candidate=found, actions=("block",), limit=limit, balance=balance, hold=want.hold)
    )

    assert (status, 'the limit "day" has 0 USD left of 1 USD' in said) == (429, True)


def test_why_it_can_not_be_held_is_told() -> None:
    found = candidate(POLICY)
    turned = TurnedAway(candidate=found, actions=("block",), limit=found.limits[0], reason="it has no bound")

    assert refused(turned) == (400, 'Tollway: the hard limit "day" can\'t hold this call: it has no bound.')


def test_who_lost_every_race_is_told_so() -> None:
    found = candidate(POLICY)

    status, said = refused(TurnedAway(candidate=found, actions=("block",), limit=found.limits[0]))

    assert (status, "others were faster" in said) == (400, True)


def test_that_tools_of_the_provider_make_it_so_dear_is_told() -> None:
    """It asks for a word, and may read the window eleven times."""
    body = {"model": "gpt-4o", "input": "x", "max_tool_calls": 10, "tools": [{"type": "web_search"}]}
    found = candidate(POLICY, asked(body, endpoint=replace(ENDPOINT, dialect="openai_responses")))
    (limit,), (want,) = found.limits, found.wants
    balance = Balance(bucket=want.bucket, amount=10**9, enforce=want.enforce, settled=0, held=0)

    _, said = refused(
        TurnedAway(candidate=found, actions=("block",), limit=limit, balance=balance, hold=want.hold)
    )

    assert "as it is read again after each call of the provider's tools" in said
    assert has_tools(Unbounded(reason="", cappable=True))
    assert not has_tools(None)
