"""Windows of a limit: hours, days, weeks (from Monday), months, quarters, years of a time zone; rolling ones.

A calendar's window runs from one boundary to the next. The boundary of a day is the first moment at which
the zone's clocks show that day, or a later one: where clocks skip midnight the day begins at the change,
where they show midnight twice it begins at the first, and a day that a zone left out has no length. So
windows follow each other without a gap and without an overlap, whatever the clocks do: a day has 23 or 25
hours where they change, at Lord Howe 23.5 or 24.5. An hour begins where clocks show minute 0, and at every
change of the clocks. Moments are microseconds since the epoch.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct
from pydantic import BeforeValidator, InstanceOf, PlainSerializer, WithJsonSchema

CALENDAR = ("hour", "day", "week", "month", "quarter", "year")
FORM = f"{', '.join(CALENDAR)}, or as rolling 24h"
MINUTE_US = 60_000_000
LONGEST_MINUTES = 400 * 24 * 60
PATTERN = rf"^({'|'.join(CALENDAR)}|rolling +[1-9][0-9]*[mhd])$"
_ROLLING = re.compile(r"rolling +([0-9]{1,9})([A-Za-z]+)")
_MINUTES = {"m": 1, "h": 60, "d": 24 * 60}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Window(Struct, frozen=True, kw_only=True):
    """Over which time an amount is counted: a calendar's unit, or a length."""

    unit: str | None = None
    """One of CALENDAR; None for a rolling window."""
    rolling_us: int | None = None
    """The length of a rolling window, of a limit in whole minutes; None for a calendar's. With neither, there
    is no window: a rate counts calls at once."""

    def __str__(self) -> str:
        if self.rolling_us is None:
            return str(self.unit)
        minutes = self.rolling_us // MINUTE_US
        name = max((name for name in _MINUTES if minutes % _MINUTES[name] == 0), key=_MINUTES.__getitem__)
        return f"rolling {minutes // _MINUTES[name]}{name}"


class Span(NamedTuple):
    """From one moment up to another, without it."""

    start_us: int
    end_us: int


def parse(text: str) -> Window:
    """The window that a text says. Raises ValueError."""
    text = text.strip()
    if text in CALENDAR:
        return Window(unit=text)
    found = _ROLLING.fullmatch(text)
    if found is None:
        raise ValueError(f"must be {FORM}, not {text[:40]!r}")
    count, unit = int(found[1]), found[2]
    if unit not in _MINUTES:
        raise ValueError(f"a rolling window is counted in m, h or d (minutes, hours, days), not in {unit!r}")
    if not 1 <= count * _MINUTES[unit] <= LONGEST_MINUTES:
        raise ValueError(f"a rolling window has 1m to 400d, not {count}{unit}")
    return Window(rolling_us=count * _MINUTES[unit] * MINUTE_US)


def _read(value: Any) -> Window:
    if isinstance(value, Window):
        return value
    if not isinstance(value, str):
        raise ValueError(f"must be {FORM}")
    return parse(value)


WindowText = Annotated[
    InstanceOf[Window],
    BeforeValidator(_read),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "pattern": PATTERN, "examples": ["day", "month", "rolling 24h"]}),
]
"""A field of a policy that holds a window."""


def span(window: Window, at_us: int, zone: ZoneInfo) -> Span:
    """The window that a moment lies in.

    A rolling one ends with the moment's minute, and has whole minutes: it is never shorter than its length,
    so that a hard limit stays hard.
    """
    if window.rolling_us is not None:
        minute = at_us - at_us % MINUTE_US
        return Span(minute - window.rolling_us, minute + MINUTE_US)
    if window.unit == "hour":
        return _hour(at_us, zone)
    first = _first(window.unit, _local(at_us, zone).date())
    here = Span(day_start(first, zone), day_start(_next(window.unit, first), zone))
    while here.end_us <= at_us:  # clocks went back over midnight, and show the former day again
        first = _next(window.unit, first)
        here = Span(here.end_us, day_start(_next(window.unit, first), zone))
    return here


def day_start(day: date, zone: ZoneInfo) -> int:
    """The first moment at which the zone's clocks show this day, or a later one."""
    midnight = datetime.combine(day, time.min, zone)
    start, other = _moment(midnight), _moment(midnight.replace(fold=1))
    return start if start <= other else _change(other, start, zone)


def _hour(at_us: int, zone: ZoneInfo) -> Span:
    local = _local(at_us, zone)
    past = (local.minute * 60 + local.second) * 1_000_000 + at_us % 1_000_000
    start = at_us - past
    end = start + 60 * MINUTE_US
    if _offset(start, zone) != _offset(at_us, zone):
        start = _change(start, at_us, zone)
    if _offset(end - 1, zone) != _offset(at_us, zone):
        end = _change(at_us, end - 1, zone)
    return Span(start, end)


def _change(before_us: int, after_us: int, zone: ZoneInfo) -> int:
    """When the clocks change between two moments: the first moment of the later one's offset."""
    low, high = before_us // 1_000_000, after_us // 1_000_000
    offset = _offset(before_us, zone)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(middle * 1_000_000, zone) == offset else (low, middle)
    return high * 1_000_000


def _first(unit: str | None, day: date) -> date:
    """The first day of the window that a day is in."""
    match unit:
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return day.replace(day=1, month=(day.month - 1) // 3 * 3 + 1)
        case "year":
            return day.replace(day=1, month=1)
    return day


def _next(unit: str | None, first: date) -> date:
    """The first day of the window after the one that begins with a day."""
    days = {"week": 7, "month": 31, "quarter": 92, "year": 366}.get(unit or "", 1)
    return _first(unit, first + timedelta(days=days))


def _local(us: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(us // 1_000_000, UTC).astimezone(zone)


def _offset(us: int, zone: ZoneInfo) -> timedelta | None:
    return _local(us, zone).utcoffset()


def _moment(local: datetime) -> int:
    return (local - _EPOCH) // timedelta(microseconds=1)
