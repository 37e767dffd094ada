"""The shell's one clock. The core never reads it: time is passed in."""

import time
from datetime import UTC, datetime


def now() -> float:
    """Seconds since the epoch, UTC."""
    return time.time()  # noqa: TID251  (the one place)


def now_us() -> int:
    """Microseconds since the epoch, UTC."""
    return int(now() * 1_000_000)


def utc(seconds: float) -> datetime:
    """A moment of `now` as an aware datetime in UTC."""
    return datetime.fromtimestamp(seconds, UTC)
