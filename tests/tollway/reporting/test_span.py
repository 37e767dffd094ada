"""What --since and --until mean."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tollway.reporting.periods import local, moment
from tollway.reporting.span import ahead, parse

BERLIN = ZoneInfo("Europe/Berlin")
NOW = moment(datetime(2026, 10, 26, 15, 30, 45, 678_901, BERLIN))
"""The day after clocks went back."""


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-10-01", "2026-10-01T00:00:00+02:00"),
        ("2026-11", "2026-11-01T00:00:00+01:00"),
        ("2026-10-01 14:30", "2026-10-01T14:30:00+02:00"),
        ("2026-10-01T14:30:05", "2026-10-01T14:30:05+02:00"),
        ("2026-10-01T14:30Z", "2026-10-01T16:30:00+02:00"),
        ("2026-10-01T14:30:00-05:00", "2026-10-01T21:30:00+02:00"),
        (" 9:05 ", "2026-10-26T09:05:00+01:00"),
        ("today", "2026-10-26T00:00:00+01:00"),
        ("yesterday", "2026-10-25T00:00:00+02:00"),
        ("2d", "2026-10-24T15:30:45+02:00"),
        ("2w", "2026-10-12T15:30:45+02:00"),
        ("48h", "2026-10-24T16:30:45+02:00"),
        ("90m", "2026-10-26T14:00:45+01:00"),
        ("0d", "2026-10-26T15:30:45+01:00"),
    ],
)
def test_moments(text: str, meant: str) -> None:
    """A date means its beginning; days go back by the calendar, hours by the clock."""
    assert local(parse(text, NOW, BERLIN), BERLIN).isoformat() == meant


@pytest.mark.parametrize(
    "text", ["", "7", "d", "7y", "2026", "2026-13", "2026-02-30", "25:00", "x", "999999d"]
)
def test_what_is_no_moment_says_what_would_be(text: str) -> None:
    """With all the forms."""
    with pytest.raises(ValueError, match="is no date, time or span: write 2026-11-23"):
        parse(text, NOW, BERLIN)


def test_hours_do_not_reach_before_the_epoch() -> None:
    """Nothing was recorded there."""
    assert parse("999999h", 10**6, BERLIN) == 0


@pytest.mark.parametrize(("text", "days"), [("30d", 30), ("12h", 0.5), ("2w", 14)])
def test_what_is_to_come_is_as_far_ahead_as_it_says(text: str, days: float) -> None:
    now_us = 1_795_521_600_700_000

    assert ahead(text, now_us, ZoneInfo("UTC")) == now_us - 700_000 + int(days * 86_400) * 1_000_000


def test_a_date_to_come_is_itself() -> None:
    assert ahead("2027-01-01", 1, ZoneInfo("UTC")) == parse("2027-01-01", 1, ZoneInfo("UTC"))
