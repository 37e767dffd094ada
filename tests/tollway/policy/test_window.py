"""Windows of a limit, through changes of clocks and calendars."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tollway.policy.window import CALENDAR, MINUTE_US, Window, WindowText, day_start, parse, span
from tollway.providers.schema import Strict

HOUR_US = 60 * MINUTE_US
ZONES = (
    "UTC Europe/Berlin Europe/Lisbon America/New_York America/St_Johns America/Santiago America/Havana"
    " America/Sao_Paulo America/Asuncion Africa/Cairo Africa/Casablanca Asia/Kolkata Asia/Kathmandu"
    " Asia/Tehran Asia/Gaza Asia/Beirut Asia/Amman Asia/Pyongyang Atlantic/Azores Australia/Lord_Howe"
    " Australia/Sydney"
    " Pacific/Apia Pacific/Chatham Pacific/Kiritimati Pacific/Kwajalein Antarctica/Troll Europe/Dublin"
).split()
MOMENTS = st.integers(0, 4_102_444_800_000_000)
"""1970 to 2100."""


class Section(Strict):
    """A section with a window."""

    window: WindowText


def us(text: str) -> int:
    """A moment, written with its offset."""
    return int(datetime.fromisoformat(text).timestamp()) * 1_000_000


def hours(unit: str, at: str, zone: str) -> float:
    """How long the window is that a moment lies in."""
    found = span(Window(unit=unit), us(at), ZoneInfo(zone))
    return (found.end_us - found.start_us) / HOUR_US


@pytest.mark.parametrize(
    ("text", "window"),
    [
        *[(unit, Window(unit=unit)) for unit in CALENDAR],
        ("rolling 24h", Window(rolling_us=24 * HOUR_US)),
        ("rolling 1d", Window(rolling_us=24 * HOUR_US)),
        ("rolling 30d", Window(rolling_us=720 * HOUR_US)),
        ("rolling 90m", Window(rolling_us=90 * MINUTE_US)),
    ],
)
def test_windows_are_read(text: str, window: Window) -> None:
    """The calendar's, and lengths in whole minutes."""
    assert parse(text) == window
    assert parse(str(window)) == window


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("fortnight", "must be hour, day, week, month, quarter, year, or as rolling 24h, not 'fortnight'"),
        ("24h", "must be hour"),
        ("rolling", "must be hour"),
        ("rolling 1.5h", "must be hour"),
        ("rolling 90s", r"a rolling window is counted in m, h or d \(minutes, hours, days\), not in 's'"),
        ("rolling 0h", "a rolling window has 1m to 400d, not 0h"),
        ("rolling 401d", "a rolling window has 1m to 400d, not 401d"),
    ],
)
def test_what_is_no_window_says_why(text: str, said: str) -> None:
    """Each mistake has its own words."""
    with pytest.raises(ValueError, match=said):
        parse(text)


def test_a_window_is_a_field_of_a_section() -> None:
    """Read from text, taken as it is, shown as text."""
    section = Section.model_validate({"window": "rolling 36h"})

    assert section == Section(window=Window(rolling_us=36 * HOUR_US))
    assert section.model_dump(mode="json") == {"window": "rolling 36h"}
    with pytest.raises(ValueError, match="must be hour"):
        Section.model_validate({"window": 24})


@pytest.mark.parametrize(
    ("unit", "start", "end"),
    [
        ("hour", "2026-11-24T14:00+01:00", "2026-11-24T15:00+01:00"),
        ("day", "2026-11-24T00:00+01:00", "2026-11-25T00:00+01:00"),
        ("week", "2026-11-23T00:00+01:00", "2026-11-30T00:00+01:00"),
        ("month", "2026-11-01T00:00+01:00", "2026-12-01T00:00+01:00"),
        ("quarter", "2026-10-01T00:00+02:00", "2027-01-01T00:00+01:00"),
        ("year", "2026-01-01T00:00+01:00", "2027-01-01T00:00+01:00"),
    ],
)
def test_a_calendars_window_is_the_zones(unit: str, start: str, end: str) -> None:
    """The 24th of November 2026 was a Tuesday; Berlin's clocks were changed on the 25th of October."""
    found = span(Window(unit=unit), us("2026-11-24T14:30+01:00") + 123_456, ZoneInfo("Europe/Berlin"))

    assert found == (us(start), us(end))


@pytest.mark.parametrize(
    ("zone", "at", "length"),
    [
        ("Europe/Berlin", "2026-03-29T12:00+02:00", 23),
        ("Europe/Berlin", "2026-10-25T12:00+01:00", 25),
        ("America/New_York", "2026-03-08T12:00-04:00", 23),
        ("America/New_York", "2026-11-01T12:00-05:00", 25),
        ("Australia/Lord_Howe", "2026-10-04T12:00+11:00", 23.5),
        ("Australia/Lord_Howe", "2026-04-05T12:00+10:30", 24.5),
        ("Asia/Kolkata", "2026-03-29T12:00+05:30", 24),
    ],
)
def test_a_day_is_as_long_as_the_clocks_make_it(zone: str, at: str, length: float) -> None:
    """From midnight to midnight."""
    assert hours("day", at, zone) == length


@pytest.mark.parametrize(
    ("zone", "day", "start"),
    [
        ("America/Santiago", date(2026, 9, 6), "2026-09-06T01:00-03:00"),
        ("America/Havana", date(2026, 3, 8), "2026-03-08T01:00-04:00"),
        ("Africa/Cairo", date(2026, 4, 24), "2026-04-24T01:00+03:00"),
        ("Atlantic/Azores", date(2026, 3, 29), "2026-03-29T00:00-01:00"),
    ],
)
def test_where_midnight_does_not_exist_a_day_begins_at_the_change(zone: str, day: date, start: str) -> None:
    """Clocks go from 23:59:59 to 01:00."""
    assert day_start(day, ZoneInfo(zone)) == us(start)


def test_where_midnight_comes_twice_a_day_begins_at_the_first() -> None:
    """Havana's clocks go back from 01:00 to 00:00: the day has 25 hours, both midnights in it."""
    zone = ZoneInfo("America/Havana")

    assert day_start(date(2026, 11, 1), zone) == us("2026-11-01T00:00-04:00")
    assert hours("day", "2026-11-01T00:30-04:00", "America/Havana") == 25
    assert hours("day", "2026-11-01T00:30-05:00", "America/Havana") == 25


def test_where_clocks_go_back_over_midnight_the_former_day_goes_on() -> None:
    """Santiago's clocks go back from 24:00 to 23:00: the hour that comes twice is of the old day."""
    zone = ZoneInfo("America/Santiago")
    again = us("2026-04-04T23:30-04:00")

    assert span(Window(unit="day"), again, zone) == (
        us("2026-04-04T00:00-03:00"), us("2026-04-05T00:00-04:00"),
    )  # fmt: skip


def test_a_day_that_began_stays_begun_when_clocks_show_the_former_one_again() -> None:
    """St. John's clocks once went back at 00:01, to 23:01 of the day before."""
    zone = ZoneInfo("America/St_Johns")
    window = Window(unit="day")
    began, again = us("2009-11-01T00:00-02:30"), us("2009-10-31T23:30-03:30")

    assert span(window, began, zone) == span(window, again, zone)
    assert span(window, again, zone) == (began, us("2009-11-02T00:00-03:30"))
    assert span(window, began - 1, zone).end_us == began


def test_a_day_that_a_zone_left_out_has_no_length() -> None:
    """Samoa went over the date line at the end of 29 December 2011: there was no 30th."""
    zone = ZoneInfo("Pacific/Apia")
    midnight = us("2011-12-31T00:00+14:00")

    assert day_start(date(2011, 12, 30), zone) == day_start(date(2011, 12, 31), zone) == midnight
    assert span(Window(unit="day"), midnight - 1, zone).end_us == midnight
    assert span(Window(unit="day"), midnight, zone) == (midnight, us("2012-01-01T00:00+14:00"))


def test_a_leap_day_is_in_its_month_quarter_and_year() -> None:
    """29 February 2028."""
    at = "2028-02-29T12:00+00:00"

    assert hours("month", at, "UTC") == 29 * 24
    assert hours("quarter", at, "UTC") == 91 * 24
    assert hours("year", at, "UTC") == 366 * 24


@pytest.mark.parametrize(
    ("at", "start", "end"),
    [
        ("2026-10-04T01:45+10:30", "2026-10-04T01:00+10:30", "2026-10-04T02:30+11:00"),
        ("2026-10-04T02:45+11:00", "2026-10-04T02:30+11:00", "2026-10-04T03:00+11:00"),
        ("2026-04-05T01:45+11:00", "2026-04-05T01:00+11:00", "2026-04-05T02:00+11:00"),
        ("2026-04-05T01:45+10:30", "2026-04-05T01:30+10:30", "2026-04-05T02:00+10:30"),
    ],
)
def test_an_hour_is_cut_where_clocks_change_within_it(at: str, start: str, end: str) -> None:
    """At Lord Howe they change by half an hour: at 02:00 to 02:30, and back to 01:30."""
    assert span(Window(unit="hour"), us(at), ZoneInfo("Australia/Lord_Howe")) == (us(start), us(end))


def test_an_hour_ends_early_where_clocks_change_before_its_end() -> None:
    """Pyongyang's clocks went from 23:30 to midnight on 4 May 2018."""
    zone = ZoneInfo("Asia/Pyongyang")
    change = us("2018-05-04T23:30+08:30")

    assert span(Window(unit="hour"), change - MINUTE_US, zone) == (change - HOUR_US // 2, change)
    assert span(Window(unit="hour"), change, zone) == (change, change + HOUR_US)


def test_hours_come_one_by_one_where_the_clocks_show_one_twice() -> None:
    """02:00 to 03:00 comes twice in Berlin: each is a window."""
    zone = ZoneInfo("Europe/Berlin")
    first, second = us("2026-10-25T02:30+02:00"), us("2026-10-25T02:30+01:00")

    assert span(Window(unit="hour"), first, zone).end_us == span(Window(unit="hour"), second, zone).start_us


def test_a_rolling_window_has_whole_minutes_and_is_never_shorter_than_its_length() -> None:
    """Seen from 14:30:17 the last hour began at 13:30, and goes on to the minute's end."""
    at = us("2026-11-24T14:30:17+00:00")

    assert span(parse("rolling 1h"), at, ZoneInfo("UTC")) == (
        us("2026-11-24T13:30+00:00"), us("2026-11-24T14:31+00:00"),
    )  # fmt: skip


@settings(max_examples=600)
@given(st.sampled_from(CALENDAR), MOMENTS, st.sampled_from(ZONES))
@example("day", 1_325_239_200_000_000, "Pacific/Apia")
@example("day", 745_900_000_000_000, "Pacific/Kwajalein")
@example("day", 1_257_042_660_000_000, "America/St_Johns")
def test_windows_follow_each_other_without_gap_or_overlap(unit: str, at_us: int, zone: str) -> None:
    """A moment lies in its window; the last moment before it and the first after it lie in the neighbours."""
    window, where = Window(unit=unit), ZoneInfo(zone)
    start, end = here = span(window, at_us, where)

    assert start <= at_us < end
    assert span(window, start, where) == span(window, end - 1, where) == here
    assert span(window, start - 1, where).end_us == start
    assert span(window, end, where).start_us == end


@settings(max_examples=300)
@given(st.sampled_from(ZONES), st.integers(1975, 2037), st.integers(1, 365))
def test_around_every_day_of_every_zone_windows_are_contiguous(zone: str, year: int, number: int) -> None:
    """At all hours of days around, where clocks are most likely to change."""
    where = ZoneInfo(zone)
    first = int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000 + number * 24 * HOUR_US
    for unit in ("hour", "day"):
        window, at_us = Window(unit=unit), first
        while at_us < first + 30 * HOUR_US:
            here = span(window, at_us, where)
            assert span(window, here.end_us, where).start_us == here.end_us
            at_us = here.end_us
