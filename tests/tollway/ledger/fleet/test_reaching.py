"""Connecting takes as long as it takes, and nobody waits for it longer than they can."""

from threading import Event

import pytest

from tollway.ledger.fleet.reaching import Reaching

LONG = 60.0


def test_who_connects_in_time_is_connected() -> None:
    done = list[int]()
    reaching = Reaching(lambda: done.append(1), LONG)
    reaching.reach()
    reaching.reach()

    assert done == [1, 1]
    assert not reaching.is_trying


def test_what_goes_wrong_is_raised_and_tried_again() -> None:
    faults = [OSError("no such host")]

    def connect() -> None:
        if faults:
            raise faults.pop()

    reaching = Reaching(connect, LONG)
    with pytest.raises(OSError, match="no such host"):
        reaching.reach()
    reaching.reach()


def test_an_attempt_that_takes_long_goes_on_and_is_the_only_one() -> None:
    goes_on, attempts = Event(), list[int]()

    def connect() -> None:
        attempts.append(1)
        goes_on.wait()

    reaching = Reaching(connect, 0.001)
    for _ in range(3):
        with pytest.raises(TimeoutError, match="still connecting"):
            reaching.reach()
    assert reaching.is_trying
    goes_on.set()
    assert reaching._trying is not None
    reaching._trying.join()
    reaching.reach()

    assert attempts == [1]
