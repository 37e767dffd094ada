"""What is compared with what."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tollway.reporting.periods import local, moment
from tollway.reporting.stretch import Stretch, pair, title

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> int:
    """A moment of Berlin's clocks."""
    return moment(datetime.fromisoformat(text).replace(tzinfo=BERLIN))


def said(stretch: Stretch) -> tuple[str, str]:
    """Its bounds, as Berlin's clocks show them."""
    since, until = (f"{local(us, BERLIN):%Y-%m-%d %H:%M}" for us in (stretch.since_us, stretch.until_us))
    return since, until


@pytest.mark.parametrize(
    ("unit", "since", "until", "now", "whole", "this", "before"),
    [
        # A month that runs: as many days of the one before, to the same time; clocks went back on 25 October.
        ("month", None, None, "2026-11-17 14:30", False, ("2026-11-01 00:00", "2026-11-17 14:30"),
         ("2026-10-01 00:00", "2026-10-17 14:30")),
        ("month", None, None, "2026-10-31 14:30", False, ("2026-10-01 00:00", "2026-10-31 14:30"),
         ("2026-09-01 00:00", "2026-10-01 00:00")),
        # A month that is over, named by its beginning, or by its end.
        ("month", "2026-11-01", None, "2026-12-05 10:00", True, ("2026-11-01 00:00", "2026-12-01 00:00"),
         ("2026-10-01 00:00", "2026-11-01 00:00")),
        ("month", None, "2026-12-01", "2027-02-05 10:00", True, ("2026-11-01 00:00", "2026-12-01 00:00"),
         ("2026-10-01 00:00", "2026-11-01 00:00")),
        ("month", "2026-01-01", None, "2026-12-05 10:00", True, ("2026-01-01 00:00", "2026-02-01 00:00"),
         ("2025-12-01 00:00", "2026-01-01 00:00")),
        # A part of a month, and of one that had fewer days.
        ("month", "2026-03-30", "2026-03-31", "2026-12-05 10:00", False,
         ("2026-03-30 00:00", "2026-03-31 00:00"),
         ("2026-03-01 00:00", "2026-03-01 00:00")),
        ("month", "2026-11-10", "2026-11-12", "2026-12-05 10:00", False,
         ("2026-11-10 00:00", "2026-11-12 00:00"),
         ("2026-10-10 00:00", "2026-10-12 00:00")),
        # What is to come is left out, though it was asked for.
        ("month", "2026-11-01", "2026-12-01", "2026-11-17 14:30", False,
         ("2026-11-01 00:00", "2026-11-17 14:30"),
         ("2026-10-01 00:00", "2026-10-17 14:30")),
        ("span", "2026-11-10", "2026-11-20", "2026-11-17 00:00", True,
         ("2026-11-10 00:00", "2026-11-17 00:00"),
         ("2026-11-03 00:00", "2026-11-10 00:00")),
        ("week", None, None, "2026-10-28 09:00", False, ("2026-10-26 00:00", "2026-10-28 09:00"),
         ("2026-10-19 00:00", "2026-10-21 09:00")),
        ("day", None, None, "2026-10-26 09:00", False, ("2026-10-26 00:00", "2026-10-26 09:00"),
         ("2026-10-25 00:00", "2026-10-25 09:00")),
        ("span", "2026-11-10", None, "2026-11-17 00:00", True, ("2026-11-10 00:00", "2026-11-17 00:00"),
         ("2026-11-03 00:00", "2026-11-10 00:00")),
        ("span", "2026-10-24", "2026-10-27", "2026-12-17 00:00", True,
         ("2026-10-24 00:00", "2026-10-27 00:00"),
         ("2026-10-21 00:00", "2026-10-24 00:00")),
    ],
)  # fmt: skip
def test_like_is_compared_with_like(
    unit: str,
    since: str | None,
    until: str | None,
    now: str,
    whole: bool,
    this: tuple[str, str],
    before: tuple[str, str],
) -> None:
    since_us, until_us = (None if each is None else at(each) for each in (since, until))

    found = pair(unit, since_us, until_us, at(now), BERLIN)

    assert (said(found.now), said(found.before)) == (this, before)
    assert (found.unit, found.whole) == (unit, whole)


@pytest.mark.parametrize(
    ("unit", "since", "until", "wrong"),
    [
        ("month", "2027-01-01", None, "this month has not begun yet"),
        ("month", "2026-10-01", "2026-11-10", "these bounds lie in several months: compare with span"),
        ("span", None, "2026-11-01", "say since when"),
        ("span", "2026-11-01", "2026-11-01", "nothing lies between"),
    ],
)
def test_what_can_not_be_compared_is_told(
    unit: str, since: str | None, until: str | None, wrong: str
) -> None:
    since_us, until_us = (None if each is None else at(each) for each in (since, until))

    with pytest.raises(ValueError, match=wrong):
        pair(unit, since_us, until_us, at("2026-11-17 14:30"), BERLIN)


def test_a_span_does_not_reach_back_before_all_time() -> None:
    assert pair("span", 5, 10**12, 10**12, ZoneInfo("UTC")).before == Stretch(0, 5)


def test_the_title_says_what_is_compared() -> None:
    """And that a part is compared with a part."""
    part = pair("month", None, None, at("2026-11-17 14:30"), BERLIN)
    whole = pair("month", at("2026-11-01"), None, at("2026-12-17 14:30"), BERLIN)

    assert title(part, BERLIN) == (
        "2026-11-01 00:00 to 2026-11-17 14:30, against 2026-10-01 00:00 to 2026-10-17 14:30 "
        "(as much of the month before)"
    )
    assert title(whole, BERLIN) == (
        "2026-11-01 00:00 to 2026-12-01 00:00, against 2026-10-01 00:00 to 2026-11-01 00:00"
    )
