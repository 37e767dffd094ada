"""Whether a call is in flight, and how long it takes."""

from tests.tollway.ledger.samples import NOON_US, call
from tollway.live.flight import is_flying, took_us

OPEN = call("open", state="open", started_us=NOON_US - 3)
DONE = call("done", started_us=NOON_US - 9, ended_us=NOON_US - 4)


def test_an_open_call_is_in_flight_while_its_process_lives() -> None:
    assert [is_flying(OPEN, orphaned) for orphaned in ((), {"done"}, {"open"})] == [True, True, False]
    assert not is_flying(DONE, ())


def test_its_time_counts_up_as_long() -> None:
    """Of one that ended it is what it was, and of one whose process died nobody knows it."""
    assert [took_us(OPEN, NOON_US, orphaned) for orphaned in ((), {"open"})] == [3, None]
    assert [took_us(DONE, now_us, {"open"}) for now_us in (NOON_US, NOON_US + 9)] == [5, 5]
    assert took_us(call(), NOON_US, ()) == 0
