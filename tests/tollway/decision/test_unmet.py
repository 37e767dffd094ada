"""Which conditions a call does not meet, in words."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.decision.calls import AT, call
from tollway.budget.bucket import Enforce
from tollway.decision.unmet import joined, of_match, of_when, percent, size
from tollway.policy.pattern import parse
from tollway.policy.when import When, holds
from tollway.routing.circumstances import Circumstances
from tollway.routing.resolve import Target


def circumstances(**known: Any) -> Circumstances:
    return call(**known).circumstances(Target("openai", "gpt-4o"), {"day": Enforce.HARD})


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"team": "b"}, "team must be b, and is a"),
        ({"team": ["b", "c*"]}, "team must be b or c*, and is a"),
        ({"team": {"not": "a"}}, "team must be not a, and is a"),
        ({"user": "ann"}, "user must be ann, and is absent"),
        ({"group": "z"}, "group must be z, and is x, y"),
        ({"days": ["mon", "fri"]}, "days must be mon or fri, and is tue"),
        ({"time": "22:00-06:00"}, "time must be 22:00-06:00, and is 12:00"),
        (
            {"time": ["22:00-06:00", "07:00-08:30"]},
            "time must be 22:00-06:00 or 07:00-08:30, and is 12:00",
        ),
        ({"size": "over 100 KB"}, "size must be over 100 KB, and is 7 B"),
        ({"size": "under 7 B"}, "size must be under 7 B, and is 7 B"),
        ({"stream": True}, "stream must be true, and is false"),
        ({"tools": False}, "tools must be false, and is true"),
        ({"images": True}, "images must be true, and is false"),
        ({"budget.left": "under 20%"}, "budget.left must be under 20%, and is 33.3%"),
        ({"budget.left.day": "over 99%"}, "budget.left.day must be over 99%, and is 33.3%"),
    ],
)
def test_each_condition_says_what_must_be_and_what_is(said: dict[str, Any], why: str) -> None:
    third = {"": Fraction(1, 3)}
    found = circumstances(team="a", group=("x", "y"), size=7, tools=True, shares=third)

    assert of_when(When.model_validate(said), found) == (why,)


def test_all_that_are_not_met_are_told() -> None:
    found = of_when(When.model_validate({"team": "b", "stream": True, "tools": False}), circumstances())

    assert joined(found) == "team must be b, and is absent; stream must be true, and is false"
    assert joined(()) is None


def test_a_match_is_told_of_as_a_rule_is() -> None:
    match = {"team": parse("a"), "user": parse("ann")}

    assert of_match(match, {"team": "a", "user": "bob"}) == ("user must be ann, and is bob",)


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (7, "7 B"), (1000, "1 KB"), (120_000, "120 KB"), (1_000_000, "1 MB"), (1_001, "1001 B")],
)
def test_a_size_is_in_the_largest_unit_that_it_is_whole_in(count: int, text: str) -> None:
    assert size((None, count)) == text


@pytest.mark.parametrize(
    ("share", "text"), [("0", "0%"), ("0.1", "10%"), ("0.3333", "33.3%"), ("1", "100%"), ("0.9999", "100%")]
)
def test_a_share_is_rounded(share: str, text: str) -> None:
    assert percent(Fraction(share)) == text


WHEN = st.fixed_dictionaries(
    {},
    optional={
        "team": st.sampled_from(["a", "b", {"not": "a"}]),
        "days": st.sampled_from(["tue", "wed"]),
        "time": st.sampled_from(["11:00-13:00", "13:00-11:00"]),
        "size": st.sampled_from(["over 5 B", "under 5 B"]),
        "stream": st.booleans(),
        "tools": st.booleans(),
        "images": st.booleans(),
        "budget.left": st.sampled_from(["under 50%", "over 50%"]),
        "budget.left.day": st.sampled_from(["under 50%", "over 50%"]),
    },
)


@given(said=WHEN, team=st.sampled_from(["a", None]), size=st.integers(0, 9), flags=st.booleans())
def test_a_rule_holds_where_nothing_is_unmet_and_only_there(
    said: dict[str, Any], team: str | None, size: int, flags: bool
) -> None:
    when = When.model_validate(said)
    share = {"": Fraction(size, 9)}
    found = circumstances(team=team, size=size, stream=flags, images=not flags, shares=share, at=AT)

    assert holds(when)(found) is (of_when(when, found) == ())
