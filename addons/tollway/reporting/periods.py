"""Hours, days, weeks and months of a time zone, through its clock changes. Moments are microseconds, UTC."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from tollway.ledger.attributes import PERIODS

SECOND = 1_000_000
UTC_ZONE = ZoneInfo("UTC")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def local(us: int, zone: ZoneInfo) -> datetime:
    """A moment as the zone's clocks show it."""
    return datetime.fromtimestamp(us // SECOND, UTC).astimezone(zone)


def moment(time: datetime) -> int:
    """An aware time as a moment. One that clocks skip is taken as they would have gone on."""
    return (time - _EPOCH) // timedelta(microseconds=1)


def label(unit: str, us: int, zone: ZoneInfo) -> str:
    """The period that a moment lies in: 2026-11-23T15:00+01:00, 2026-11-23, its Monday, or 2026-11."""
    time = local(us, zone)
    if unit == "hour":
        return time.replace(minute=0, second=0).isoformat(timespec="minutes")
    if unit == "day":
        return time.date().isoformat()
    if unit == "week":
        return _monday(time.date()).isoformat()
    return f"{time:%Y-%m}"


def end(unit: str, us: int, zone: ZoneInfo) -> int:
    """When the period that a moment lies in is over.

    A day lasts from midnight to midnight: 23 or 25 hours when clocks change.
    """
    time = local(us, zone)
    if unit == "hour":
        return us - us % SECOND + (3600 - time.minute * 60 - time.second) * SECOND
    return moment(datetime.combine(_next(unit, time.date()), datetime.min.time(), zone))


def beginning(unit: str, us: int, zone: ZoneInfo) -> int:
    """When the period that a moment lies in began."""
    time = local(us, zone)
    if unit == "hour":
        return us - us % SECOND - (time.minute * 60 + time.second) * SECOND
    day = time.date()
    first = _monday(day) if unit == "week" else day.replace(day=1) if unit == "month" else day
    return moment(datetime.combine(first, datetime.min.time(), zone))


def finest(units: tuple[str, ...]) -> str | None:
    """The longest period such that none of the units begins within it; None if there are no units."""
    if {"week", "month"} <= set(units):
        units = (*units, "day")  # a month begins in the middle of a week
    return min(units, key=PERIODS.index, default=None)


def _next(unit: str, day: date) -> date:
    """The first day after the period of a day."""
    if unit == "day":
        return day + timedelta(days=1)
    if unit == "week":
        return _monday(day) + timedelta(days=7)
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
