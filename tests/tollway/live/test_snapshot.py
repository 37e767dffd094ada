"""What a snapshot tells."""

from tests.tollway.live.samples import snapshot
from tollway.live.snapshot import Minute


def test_calls_in_flight_are_counted_and_the_minute_that_is_over_is_the_last_but_one() -> None:
    """Not one whose process died."""
    assert snapshot().flying == 1
    assert snapshot(orphaned=frozenset({"c5", "c3"})).flying == 0
    assert snapshot().last_minute == Minute(4, 500_000_000)
    assert snapshot(minutes=()).last_minute == Minute(0, 0)
