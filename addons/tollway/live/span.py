"""How far back the view looks, and into how many slots that is cut."""

from enum import Enum
from zoneinfo import ZoneInfo

from tollway.reporting import periods
from tollway.reporting.periods import SECOND

MINUTE_US = 60 * SECOND
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US


class Span(Enum):
    """What is summed up: the last hour, today, the last 7 days, or 30."""

    HOUR = "last hour"
    TODAY = "today"
    WEEK = "last 7 days"
    MONTH = "last 30 days"

    @property
    def slot_us(self) -> int:
        """The length of a slot: a sparkline has 24 to 60 of them."""
        return _SLOTS[self]

    def since_us(self, now_us: int, zone: ZoneInfo) -> int:
        """From when on calls count: the zone's midnight, or a slot's beginning."""
        if self is Span.TODAY:
            midnight = periods.local(now_us, zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
            return periods.moment(midnight)
        first = now_us - _LENGTHS[self]
        return first - first % self.slot_us + self.slot_us

    def slots(self, now_us: int, zone: ZoneInfo) -> range:
        """The beginnings of all slots up to now."""
        since_us = self.since_us(now_us, zone)
        return range(since_us - since_us % self.slot_us, now_us + 1, self.slot_us)

    @property
    def next(self) -> "Span":
        """The next longer one; after the longest the shortest."""
        every = list(Span)
        return every[(every.index(self) + 1) % len(every)]


SPANS = {"hour": Span.HOUR, "today": Span.TODAY, "7d": Span.WEEK, "30d": Span.MONTH}
"""By the names that people ask for them by."""
_SLOTS = {
    Span.HOUR: MINUTE_US,
    Span.TODAY: 30 * MINUTE_US,
    Span.WEEK: 4 * HOUR_US,
    Span.MONTH: 12 * HOUR_US,
}
_LENGTHS = {Span.HOUR: HOUR_US, Span.WEEK: 7 * DAY_US, Span.MONTH: 30 * DAY_US}
