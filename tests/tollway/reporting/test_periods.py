"""Days, weeks, months and hours, through clock changes."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.ledger.attributes import PERIODS
from tollway.reporting.periods import SECOND, beginning, end, finest, label, local, moment

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = 3600 * SECOND


def at(text: str) -> int:
    """A moment, in UTC."""
    return moment(datetime.fromisoformat(text).replace(tzinfo=UTC))


@pytest.mark.parametrize(
    ("first", "last", "hours"),
    [
        ("2026-03-28 23:00", "2026-03-29 21:59", 23),
        ("2026-10-24 22:00", "2026-10-25 22:59", 25),
        ("2026-11-22 23:00", "2026-11-23 22:59", 24),
    ],
    ids=["spring", "autumn", "ordinary"],
)
def test_a_day_lasts_from_midnight_to_midnight(first: str, last: str, hours: int) -> None:
    """In Berlin, where clocks change on 2026-03-29 and 2026-10-25."""
    day = label("day", at(first), BERLIN)

    assert label("day", at(last), BERLIN) == day
    assert label("day", at(first) - 1, BERLIN) != day
    assert end("day", at(first), BERLIN) == end("day", at(last), BERLIN) == at(first) + hours * HOUR


def test_the_hour_that_comes_twice_is_two() -> None:
    """2026-10-25 in Berlin: 02:00 to 03:00 in summer time, and again in winter time."""
    hours = [label("hour", at("2026-10-24 23:30") + n * HOUR, BERLIN) for n in range(4)]

    assert hours == [
        "2026-10-25T01:00+02:00", "2026-10-25T02:00+02:00", "2026-10-25T02:00+01:00",
        "2026-10-25T03:00+01:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "moment", "day_ends"),
    [
        ("America/Havana", "2026-03-08 03:00", "2026-03-08 05:00"),  # midnight itself is skipped that night
        ("America/Havana", "2026-03-08 12:00", "2026-03-09 04:00"),
        ("Asia/Kolkata", "2026-11-23 18:29", "2026-11-23 18:30"),
        ("Pacific/Apia", "2011-12-30 09:59", "2011-12-30 10:00"),  # the next day does not exist there
    ],
)
def test_odd_zones(zone: str, moment: str, day_ends: str) -> None:
    """A day ends when the clock would show the next midnight."""
    assert end("day", at(moment), ZoneInfo(zone)) == at(day_ends)


@pytest.mark.parametrize(
    ("unit", "name", "until"),
    [
        ("hour", "2026-12-31T23:00+01:00", "2026-12-31 23:00"),
        ("day", "2026-12-31", "2026-12-31 23:00"),
        ("week", "2026-12-28", "2027-01-03 23:00"),
        ("month", "2026-12", "2026-12-31 23:00"),
    ],
)
def test_periods_end_across_the_year(unit: str, name: str, until: str) -> None:
    """A week is known by its Monday."""
    now = at("2026-12-31 22:59:59")

    assert (label(unit, now, BERLIN), end(unit, now, BERLIN)) == (name, at(until))


def test_february_is_short() -> None:
    """And follows January's 31st."""
    assert end("month", at("2026-01-31 12:00"), ZoneInfo("UTC")) == at("2026-02-01 00:00")
    assert end("month", at("2026-02-28 12:00"), ZoneInfo("UTC")) == at("2026-03-01 00:00")


ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Havana"]
).map(ZoneInfo)
MOMENTS = st.integers(at("2025-01-01"), at("2028-01-01"))


@given(st.sampled_from(PERIODS), MOMENTS, ZONES)
def test_periods_are_without_gap_or_overlap(unit: str, us: int, zone: ZoneInfo) -> None:
    """The end lies ahead, within one name; from it on, it is another."""
    until = end(unit, us, zone)

    assert us < until <= us + 32 * 24 * HOUR
    assert label(unit, until - 1, zone) == label(unit, us, zone)
    if unit != "hour" or zone.key != "Australia/Lord_Howe":  # its half-hour shift makes an hour of 90 minutes
        assert label(unit, until, zone) != label(unit, us, zone)


@given(MOMENTS, ZONES)
def test_a_moment_comes_back(us: int, zone: ZoneInfo) -> None:
    """From the clock of any zone, to the second."""
    assert moment(local(us, zone)) == us - us % SECOND
    assert local(us, zone) == datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=us // SECOND)


@pytest.mark.parametrize(
    ("units", "unit"),
    [
        ((), None),
        (("month",), "month"),
        (("month", "day"), "day"),
        (("week", "hour", "month"), "hour"),
        (("week", "month"), "day"),
    ],
)
def test_the_finest_period_lies_within_all(units: tuple[str, ...], unit: str | None) -> None:
    """A month may begin in the middle of a week: days lie within both."""
    assert finest(units) == unit


def test_periods_are_told_from_the_finest_on() -> None:
    """As `finest` takes it."""
    lengths = [end(unit, at("2026-11-02 00:00"), BERLIN) for unit in PERIODS]

    assert all(a < b for a, b in pairwise(lengths))


@pytest.mark.parametrize(
    ("unit", "began"),
    [("day", "2026-11-24 23:00"), ("week", "2026-11-22 23:00"), ("month", "2026-10-31 23:00")],
)
def test_periods_begin_at_the_zone_s_midnight(unit: str, began: str) -> None:
    """Wherever in them one looks: on a Wednesday, at noon."""
    assert beginning(unit, at("2026-11-25 11:00"), BERLIN) == at(began)
    assert beginning(unit, at(began), BERLIN) == at(began)
