"""Titles, headings and notes."""

from zoneinfo import ZoneInfo

from tests.tollway.reporting.samples import EMPTY, bill
from tollway.reporting.columns import Column, Kind, columns
from tollway.reporting.headings import bounds, heading, notes, title


def test_a_title_says_what_and_since_when() -> None:
    assert title(bill()) == "AI calls, since 2026-11-22 00:00, Europe/Berlin"
    assert title(EMPTY) == "AI calls, UTC"
    assert bounds(None, 10**15, ZoneInfo("UTC")) == ["until 2001-09-09 01:46", "UTC"]


def test_a_heading_is_short_where_the_name_is_long() -> None:
    assert heading(Column("cost_usd", Kind.MONEY, ())) == "cost $"
    assert heading(Column("tag.x", Kind.TEXT, ())) == "tag.x"


def test_what_needs_a_word_has_one() -> None:
    """Of the columns that there are; then the rest."""
    assert notes(columns(bill()), ["more"]) == [
        "estimated: the part of the cost that rests on an estimate",
        "notional: what the calls under a flat plan would have cost; not in the cost",
        "more",
    ]
    assert notes([]) == []
