"""The shell's clock is the machine's, in UTC."""

import time
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tollway.clock import now, utc


def test_now_is_the_machines_time() -> None:
    """In seconds since the epoch."""
    before = time.time()  # noqa: TID251
    read = now()

    assert before <= read <= time.time()  # noqa: TID251


def test_a_moment_is_aware_and_in_utc() -> None:
    """Whatever the machine's time zone. date -u -d @1795462800 says the same."""
    assert utc(0) == datetime(1970, 1, 1, tzinfo=UTC)
    assert utc(1_795_462_800.25) == datetime(2026, 11, 23, 19, 40, 0, 250_000, tzinfo=UTC)
    assert utc(now()).utcoffset() == timedelta(0)


@given(st.integers(0, 7_258_118_400))
def test_a_moment_gives_its_seconds_back(seconds: int) -> None:
    """Up to the year 2200."""
    assert utc(seconds).timestamp() == seconds
