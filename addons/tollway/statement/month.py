"""A month of the calendar, as it is named: 2026-11."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tollway.reporting.periods import local, moment

_NAMED = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True, slots=True)
class Month:
    """One month."""

    first: date
    """Its first day."""

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def title(self) -> str:
        """As people write it: November 2026."""
        return f"{_NAMES[self.first.month - 1]} {self.first.year}"

    def start_us(self, zone: ZoneInfo) -> int:
        """When it begins in a zone, in microseconds, UTC."""
        return moment(datetime.combine(self.first, datetime.min.time(), zone))

    def days(self, until_us: int, zone: ZoneInfo) -> list[str]:
        """Its days that began before a moment, as the bill names them."""
        after = (self.first + timedelta(days=32)).replace(day=1)
        last = min(after - timedelta(days=1), local(until_us - 1, zone).date())
        return [(self.first + timedelta(days=n)).isoformat() for n in range((last - self.first).days + 1)]


def parse(text: str) -> Month:
    """The month that a text names. Raises ValueError."""
    found = _NAMED.fullmatch(text.strip())
    try:
        if found is None or not 1970 <= int(found[1]) < 2200:
            raise ValueError
        return Month(date(int(found[1]), int(found[2]), 1))
    except ValueError:
        raise ValueError(f"{text!r} is no month: write it as 2026-11") from None


def last(now_us: int, zone: ZoneInfo) -> Month:
    """The last month that is over."""
    return Month((local(now_us, zone).date().replace(day=1) - timedelta(days=1)).replace(day=1))


_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
