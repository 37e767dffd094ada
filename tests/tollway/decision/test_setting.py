"""What is said of a call's circumstances."""

import re
from datetime import datetime, time, timedelta
from fractions import Fraction
from typing import Any

import pytest

from tests.tollway.decision.calls import AT
from tollway.decision.setting import known, limit_of, parse
from tollway.policy.when import DAYS


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("budget.left=0.10", ("budget.left", Fraction(1, 10))),
        ("budget.left=10%", ("budget.left", Fraction(1, 10))),
        ("budget.left=0", ("budget.left", Fraction(0))),
        ("budget.left=1.0", ("budget.left", Fraction(1))),
        ("budget.left=100%", ("budget.left", Fraction(1))),
        ("budget.left.team-month=0.5", ("budget.left.team-month", Fraction(1, 2))),
        ("time=23:05", ("time", time(23, 5))),
        ("day=sat", ("day", 5)),
        ("size=120000", ("size", 120_000)),
        ("stream=true", ("stream", True)),
        ("tools=false", ("tools", False)),
        ("images=true", ("images", True)),
    ],
)
def test_a_setting_is_a_name_and_a_value(text: str, setting: tuple[str, Any]) -> None:
    assert parse(text) == setting


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("time", "'time' is not NAME=VALUE"),
        ("time=", "'time=' is not NAME=VALUE"),
        ("tme=23:00", "nothing that can be set is called 'tme': did you mean time?"),
        ("zz=1", "'zz': there are time, day, size, stream, tools, images, budget.left and budget.left.LIMIT"),
        ("budget.left.=1", "nothing that can be set is called 'budget.left.': did you mean budget.left?"),
        ("time=24:00", "time: write a time of day as 23:00, not '24:00'"),
        ("day=Sat", "day: write a day as mon, tue, wed, thu, fri, sat, sun, not 'Sat'"),
        ("size=12k", "size: write a size in bytes, as 120000, not '12k'"),
        ("stream=yes", "stream: write true or false, not 'yes'"),
        ("budget.left=1.1", "budget.left: write what is left as 0.10 or 10%, of nothing to all, not '1.1'"),
        ("budget.left.a=101%", "budget.left.a: write what is left as 0.10 or 10%, of nothing to all"),
        ("budget.left=-0.1", "of nothing to all, not '-0.1'"),
    ],
)
def test_what_is_none_says_so(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        parse(text)


def test_some_are_about_limits() -> None:
    assert [limit_of(name) for name in ("budget.left", "budget.left.a.b", "time")] == ["", "a.b", None]


def test_what_is_not_said_is_as_now() -> None:
    assert known((), AT) == {"shares": {}, "at": AT}


def test_of_two_of_a_name_the_last_one_holds() -> None:
    said = known(map(parse, ["size=1", "size=2", "budget.left=1", "budget.left.a=0.5", "images=true"]), AT)

    assert said == {
        "shares": {"": Fraction(1), "a": Fraction(1, 2)},
        "at": AT,
        "size": 2,
        "images": True,
    }


@pytest.mark.parametrize("day", DAYS)
def test_a_day_is_the_next_one_of_that_name(day: str) -> None:
    """At the time that is said, or at that of now."""
    at: datetime = known([parse(f"day={day}"), parse("time=23:00")], AT)["at"]

    assert (DAYS[at.weekday()], at.time()) == (day, time(23))
    assert timedelta(0) <= at - AT < timedelta(days=7)
    assert known([parse(f"day={day}")], AT)["at"].time() == AT.time()
