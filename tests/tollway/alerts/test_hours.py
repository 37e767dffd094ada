"""Hours that are alike."""

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.alerts.hours import HOUR_US, alike, hour_of

BERLIN = ZoneInfo("Europe/Berlin")


def us(text: str) -> int:
    """A moment."""
    return int(datetime.fromisoformat(text).timestamp()) * 1_000_000


def starts(hour: str, zone: ZoneInfo = BERLIN) -> list[str]:
    """Where spans begin, in UTC."""
    return [
        datetime.fromtimestamp(span.since_us // 1_000_000, UTC).isoformat() for span in alike(us(hour), zone)
    ]


def test_a_working_days_hour_is_like_those_of_working_days() -> None:
    """Tuesday at 14:00 in Berlin, an hour more or less; summer time ended before the last four weeks."""
    found = starts("2026-11-24T13:00:00+00:00")

    assert found[:3] == [
        "2026-11-23T12:00:00+00:00", "2026-11-20T12:00:00+00:00", "2026-11-19T12:00:00+00:00",
    ]  # fmt: skip
    assert len(found) == 20


def test_a_weekends_hour_is_like_those_of_weekends() -> None:
    found = starts("2026-11-28T13:00:00+00:00")

    assert found[:2] == ["2026-11-22T12:00:00+00:00", "2026-11-21T12:00:00+00:00"]
    assert len(found) == 8


def test_the_time_of_the_day_is_the_zones_where_clocks_were_set() -> None:
    """14:00 in Berlin was 12:00 UTC before the 25th of October."""
    found = starts("2026-10-27T13:00:00+00:00")

    assert found[0] == "2026-10-26T12:00:00+00:00"
    assert found[1] == "2026-10-23T11:00:00+00:00"


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Australia/Lord_Howe"])
def test_hours_are_whole_ones_wherever_clocks_are_half_an_hour_off(zone: str) -> None:
    assert all(
        span.since_us % HOUR_US == 0 for span in alike(us("2026-11-24T13:00:00+00:00"), ZoneInfo(zone))
    )


@given(st.integers(0, 4 * 10**15), st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kolkata"]))
def test_spans_lie_before_the_hour_and_apart_from_each_other(at_us: int, zone: str) -> None:
    hour_us = hour_of(at_us)
    spans = alike(hour_us, ZoneInfo(zone))

    assert hour_us <= at_us < hour_us + HOUR_US
    ordered = [span for span in reversed(spans) if span.until_us]
    assert all(one.until_us <= other.since_us for one, other in pairwise(ordered))
    assert all(span.until_us <= hour_us for span in spans)
