"""Hours that are alike: of a working day, or of a weekend, at nearly the same time of the day."""

from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

HOUR_US = 3_600_000_000
DAYS = 28
"""How far back hours are compared."""
AROUND = 1
"""So many hours before and after count, too."""
SATURDAY = 5
_SECOND_US = 1_000_000


class Span(NamedTuple):
    """Moments in [since, until), in microseconds."""

    since_us: int
    until_us: int


def hour_of(us: int) -> int:
    """Where the hour of a moment begins; hours are those of UTC."""
    return us - us % HOUR_US


def alike(hour_us: int, zone: ZoneInfo) -> tuple[Span, ...]:
    """The hours around this one's time of the day, on earlier days of its kind, the latest day first.

    A span for each day; times of the day, and which days are a weekend's, are the zone's.
    """
    local = datetime.fromtimestamp(hour_us // _SECOND_US, zone)
    spans = []
    for back in range(1, DAYS + 1):
        day = local.date() - timedelta(days=back)
        if (day.weekday() >= SATURDAY) is not (local.weekday() >= SATURDAY):
            continue
        then = datetime.combine(day, local.time(), zone)
        start_us = hour_of(int(then.timestamp()) * _SECOND_US)
        spans.append(Span(max(start_us - AROUND * HOUR_US, 0), max(start_us + (AROUND + 1) * HOUR_US, 0)))
    return tuple(spans)
