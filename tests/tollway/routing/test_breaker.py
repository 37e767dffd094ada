"""A target that keeps failing is left alone, then tried by one call alone."""

from hypothesis import given
from hypothesis import strategies as st

from tollway.routing.breaker import Breaker, Tripping

TRIPPING = Tripping(failures=3, rest_us=100)


def failed(times: int, now_us: int = 1_000) -> Breaker:
    """After so many failures at one moment."""
    breaker = Breaker()
    for _ in range(times):
        breaker = breaker.failed(TRIPPING, now_us)
    return breaker


@given(st.integers(0, 10))
def test_it_opens_after_as_many_failures_as_are_said(times: int) -> None:
    assert failed(times).is_open(1_000) is (times >= 3)
    assert failed(times).is_open(1_099) is (times >= 3)
    assert not failed(times).is_open(1_100)


def test_after_its_rest_one_call_alone_tries_it() -> None:
    asked = failed(3).asked(TRIPPING, 1_100)

    assert asked.is_open(1_101)
    assert not asked.is_open(1_200)  # if that never ended, another may
    assert asked.failed(TRIPPING, 1_150).is_open(1_249)


def test_one_that_has_not_failed_so_often_is_asked_by_all() -> None:
    assert not failed(2).asked(TRIPPING, 1_000).is_open(1_000)


def test_a_target_that_says_when_to_come_back_is_left_alone_as_long() -> None:
    told = Breaker().failed(TRIPPING, 1_000, 5_000)

    assert told.is_open(5_999)
    assert not told.is_open(6_000)
