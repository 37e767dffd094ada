"""How far back the view looks."""

from zoneinfo import ZoneInfo

import pytest

from tests.tollway.ledger.samples import NOON_US
from tollway.live.span import DAY_US, HOUR_US, MINUTE_US, Span

BERLIN = ZoneInfo("Europe/Berlin")


def test_today_begins_at_midnight_of_the_zone() -> None:
    assert Span.TODAY.since_us(NOON_US, BERLIN) == NOON_US - 13 * HOUR_US


def test_a_day_of_25_hours_begins_at_its_midnight() -> None:
    """2026-10-25 23:30 in Berlin, whose clocks went back that night."""
    late_us = NOON_US - 31 * DAY_US + 10 * HOUR_US + 30 * MINUTE_US

    assert late_us - Span.TODAY.since_us(late_us, BERLIN) == 24 * HOUR_US + 30 * MINUTE_US


@pytest.mark.parametrize(
    ("span", "count"), [(Span.HOUR, 60), (Span.TODAY, 27), (Span.WEEK, 42), (Span.MONTH, 60)]
)
def test_a_span_is_cut_into_slots_the_last_of_which_is_not_over(span: Span, count: int) -> None:
    slots = span.slots(NOON_US + 1, BERLIN)

    assert len(slots) == count
    assert slots[-1] == NOON_US
    assert all(start % span.slot_us == 0 for start in slots)


def test_slots_are_few_at_any_minute() -> None:
    for span in (Span.HOUR, Span.WEEK, Span.MONTH):
        assert {len(span.slots(NOON_US + minute * MINUTE_US, BERLIN)) for minute in range(0, 1440, 7)} <= {
            len(span.slots(NOON_US, BERLIN)),
            len(span.slots(NOON_US, BERLIN)) - 1,
        }


def test_after_the_longest_comes_the_shortest() -> None:
    assert [span.next for span in Span] == [Span.TODAY, Span.WEEK, Span.MONTH, Span.HOUR]
