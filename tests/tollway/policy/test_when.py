"""When a rule of a route holds; tests/data/policies/bad has what `when` can't say."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tollway.budget.attributes import Value
from tollway.budget.left import ALL, Left
from tollway.policy.when import DAYS, When, holds
from tollway.routing.circumstances import Circumstances

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)


def call(
    at: datetime = MONDAY,
    size: int = 0,
    stream: bool = False,
    body: Mapping[str, Any] | None = None,
    *,
    env: str | None = None,
    **attributes: Value,
) -> Circumstances:
    return Circumstances(
        attributes={"tag.env": env, **attributes}, at=at, size=size, stream=stream, body=body or {}
    )


def meets(said: dict[str, Any], what: Circumstances) -> bool:
    return holds(When.model_validate(said))(what)


def test_what_says_nothing_holds_always() -> None:
    assert meets({}, call())


def test_attributes_are_as_in_a_limits_match() -> None:
    said = {"team": ["a", "b"], "tag.env": {"not": "prod"}}

    assert meets(said, call(team="a"))
    assert not meets(said, call(team="c"))
    assert not meets(said, call(team="a", env="prod"))


@pytest.mark.parametrize(
    ("span", "clock", "held"),
    [
        ("09:00-17:00", "09:00", True),
        ("09:00-17:00", "16:59", True),
        ("09:00-17:00", "17:00", False),
        ("22:00-06:00", "23:30", True),
        ("22:00-06:00", "05:59", True),
        ("22:00-06:00", "06:00", False),
        (["00:00-01:00", "12:00-13:00"], "12:30", True),
        (["00:00-01:00", "12:00-13:00"], "11:59", False),
    ],
)
def test_a_time_of_day_may_go_over_midnight(span: Any, clock: str, held: bool) -> None:
    hour, minute = map(int, clock.split(":"))

    assert meets({"time": span}, call(MONDAY.replace(hour=hour, minute=minute))) is held


@given(st.integers(0, 6), st.lists(st.sampled_from(DAYS), min_size=1, unique=True))
def test_days_are_those_of_the_week(day: int, days: list[str]) -> None:
    assert meets({"days": days}, call(MONDAY + timedelta(days=day))) is (DAYS[day] in days)


def test_one_day_needs_no_list() -> None:
    assert meets({"days": "mon"}, call())
    assert not meets({"days": "tue"}, call())


@pytest.mark.parametrize(
    ("said", "size", "held"),
    [
        ("over 4 KB", 4000, False),
        ("over 4 KB", 4001, True),
        ("under 4 KB", 4000, False),
        ("under 4 KB", 3999, True),
        ("over 1 MB", 1_000_001, True),
        ("under 10 B", 9, True),
    ],
)
def test_a_size_is_over_or_under(said: str, size: int, held: bool) -> None:
    assert meets({"size": said}, call(size=size)) is held


@pytest.mark.parametrize("wanted", [True, False])
@pytest.mark.parametrize("has", [True, False])
def test_streams_tools_and_images_are_there_or_not(wanted: bool, has: bool) -> None:
    tools: dict[str, Any] = {"tools": [{"name": "x"}]} if has else {}
    images: dict[str, Any] = {"messages": [{"content": [{"type": "image_url"}]}]} if has else {}

    assert meets({"stream": wanted}, call(stream=has)) is (wanted is has)
    assert meets({"tools": wanted}, call(body=tools)) is (wanted is has)
    assert meets({"images": wanted}, call(body=images)) is (wanted is has)


def test_all_of_it_must_be_met() -> None:
    said = {"team": "a", "days": ["mon"], "stream": False}

    assert meets(said, call(team="a"))
    for other in (call(team="b"), call(MONDAY + timedelta(days=1), team="a"), call(team="a", stream=True)):
        assert not meets(said, other)


@pytest.mark.parametrize(
    ("said", "share", "held"),
    [
        ("under 20%", "0.2", False),
        ("under 20%", "0.199999999", True),
        ("over 20%", "0.2", False),
        ("over 20%", "0.200000001", True),
    ],
)
def test_so_much_of_the_budget_is_left_or_not(said: str, share: str, held: bool) -> None:
    left = Left(Fraction(share), {"day": Fraction(share), "month": ALL})
    what = replace(call(), left=left)

    assert meets({"budget.left": said}, what) is held
    assert meets({"budget.left.day": said}, what) is held
    assert meets({"budget.left.month": said}, what) is ("over" in said)
    assert meets({"budget.left": said, "budget.left.day": said}, what) is held
