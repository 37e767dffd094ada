"""A call that nobody has made."""

from fractions import Fraction
from typing import Any

import pytest

from tests.tollway.decision.calls import AT, call
from tollway.budget.bucket import Enforce
from tollway.budget.left import ALL
from tollway.decision.call import Call
from tollway.routing.resolve import Target

TENTH, HALF = Fraction(1, 10), Fraction(1, 2)


def test_it_asks_for_the_first_model_that_it_names() -> None:
    assert call("gpt-4o", "gpt-5").target == Target("openai", "gpt-4o")
    assert call("gpt-4o", provider=None).target is None
    assert Call(attributes={"provider": "openai"}, models=(), at=AT).target is None


@pytest.mark.parametrize(
    ("known", "who"),
    [
        ({"session": "s", "user": "u", "service": "x"}, "s"),
        ({"user": "u", "service": "x"}, "u"),
        ({"service": "x"}, "x"),
        ({"team": "t"}, None),
    ],
)
def test_a_share_is_known_by_the_session_else_by_the_caller(known: dict[str, Any], who: str | None) -> None:
    assert call(**known).who == who


def test_its_attributes_are_those_of_where_it_is() -> None:
    found = call(team="a").known_at(Target("groq", "x"))

    assert found == {"operation": "chat", "provider": "groq", "model": "x", "team": "a"}
    assert call().known["model"] == "gpt-4o"
    assert Call(attributes={}, models=(), at=AT).known == {"model": None}


@pytest.mark.parametrize(
    ("shares", "tightest", "day"),
    [
        ({}, ALL, ALL),
        ({"": HALF}, HALF, HALF),
        ({"day": TENTH}, TENTH, TENTH),
        ({"": HALF, "day": TENTH}, TENTH, TENTH),
        ({"seen": TENTH}, ALL, ALL),
    ],
)
def test_what_is_left_is_of_the_limits_that_it_meets(
    shares: dict[str, Fraction], tightest: Fraction, day: Fraction
) -> None:
    """What is said of none in particular is said of all others; a shadow's is only its own."""
    met = {"day": Enforce.HARD, "seen": Enforce.SHADOW}
    left = call(shares=shares).circumstances(Target("openai", "x"), met).left

    assert (left.of(None), left.of("day")) == (tightest, day)
    assert left.of("seen") == shares.get("seen", shares.get("", ALL))


def test_what_is_said_of_the_budget_holds_without_a_limit() -> None:
    assert call(shares={"": TENTH}).circumstances(Target("openai", "x"), {}).left.of(None) == TENTH


def test_what_it_does_may_be_unsaid() -> None:
    assert call().operation == "chat"
    assert Call(attributes={"operation": None}, models=(), at=AT).operation == ""


@pytest.mark.parametrize("has", [True, False])
def test_it_has_what_is_said_of_it(has: bool) -> None:
    found = call(tools=has, images=has, stream=has, size=7).circumstances(Target("openai", "x"), {})

    assert (found.has_tools, found.has_images, found.stream, found.size) == (has, has, has, 7)
    assert found.at == AT
