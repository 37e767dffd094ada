"""Months as they are named."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from tollway.reporting.periods import moment
from tollway.statement.month import Month, last, parse

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> int:
    return moment(datetime.fromisoformat(text))


def test_a_month_is_named_and_titled() -> None:
    month = parse(" 2026-11 ")

    assert month == Month(date(2026, 11, 1))
    assert (str(month), month.title) == ("2026-11", "November 2026")
    assert month.start_us(BERLIN) == at("2026-10-31T23:00+00:00")


@pytest.mark.parametrize("text", ["2026", "2026-13", "2026-1", "26-11", "2026-11-01", "last", "", "9999-01"])
def test_what_is_no_month_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="is no month: write it as 2026-11"):
        parse(text)


def test_its_days_are_those_that_began() -> None:
    """All of them once it is over; the day that is running too."""
    november = parse("2026-11")

    assert len(november.days(at("2026-12-01T00:00+01:00"), BERLIN)) == 30
    assert november.days(at("2026-11-02T00:00+01:00"), BERLIN) == ["2026-11-01"]
    assert november.days(at("2026-11-02T00:01+01:00"), BERLIN) == ["2026-11-01", "2026-11-02"]
    assert len(parse("2024-02").days(at("2026-01-01T00:00+01:00"), BERLIN)) == 29


def test_the_last_month_that_is_over_is_the_zones() -> None:
    now_us = at("2026-11-30T23:30+00:00")

    assert str(last(now_us, BERLIN)) == "2026-11"
    assert str(last(now_us, ZoneInfo("UTC"))) == "2026-10"
