"""`--since` and `--until`: a date, a time, or how long ago."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tollway.reporting.periods import SECOND, local, moment

FORMS = "2026-11-23, 2026-11, '2026-11-23 14:30', 14:30, today, yesterday, 7d or 24h (also m, w)"
_AGO = re.compile(r"(\d{1,6})([mhdw])")
_MONTH = re.compile(r"\d{4}-\d{2}")
_CLOCK = re.compile(r"\d{1,2}:\d{2}")


def parse(text: str, now_us: int, zone: ZoneInfo) -> int:
    """The moment that a text means, in microseconds, UTC; a date or a month means its beginning.

    `7d` and `2w` go back by the calendar, at the same time of day; `24h` and `90m` by the clock. Without an
    offset times are the zone's. Raises ValueError.
    """
    text = text.strip()
    try:
        if ago := _AGO.fullmatch(text):
            return _ago(int(ago[1]), ago[2], now_us, zone)
        return moment(_time(text, local(now_us, zone)))
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is no date, time or span: write {FORMS}") from None


def ahead(text: str, now_us: int, zone: ZoneInfo) -> int:
    """As `parse`, for what is to come: `30d` and `12h` go forward. Raises ValueError."""
    now_us -= now_us % SECOND
    found = parse(text, now_us, zone)
    return 2 * now_us - found if _AGO.fullmatch(text.strip()) else found


def _ago(count: int, unit: str, now_us: int, zone: ZoneInfo) -> int:
    if unit in "mh":
        return max(now_us - count * SECOND * (60 if unit == "m" else 3600), 0)
    return moment(local(now_us, zone) - timedelta(**{"d": {"days": count}, "w": {"weeks": count}}[unit]))


def _time(text: str, now: datetime) -> datetime:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if text in ("today", "yesterday"):
        return midnight - timedelta(days=text == "yesterday")
    if _MONTH.fullmatch(text):
        text += "-01"
    elif _CLOCK.fullmatch(text):
        text = f"{midnight:%Y-%m-%d} {text:0>5}"
    time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=now.tzinfo)
