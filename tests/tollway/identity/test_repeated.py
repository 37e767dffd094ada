"""A complaint is told once in a while, however often it comes, and however many there are."""

from hypothesis import given
from hypothesis import strategies as st

from tollway.identity.repeated import SECONDS, Repeated


def test_it_is_told_at_once_and_then_with_how_often_it_came_meanwhile() -> None:
    repeated = Repeated()

    assert [repeated.tell("a", float(now)) for now in range(5)] == [0, None, None, None, None]
    assert repeated.tell("b", 5.0) == 0
    assert repeated.tell("a", SECONDS) == 4
    assert repeated.tell("a", SECONDS + 1) is None
    assert repeated.tell("a", 3 * SECONDS) == 1
    assert repeated.tell("a", 5 * SECONDS) == 0


def test_a_clock_that_was_set_back_silences_nobody() -> None:
    repeated = Repeated()
    repeated.tell("a", 1e9)

    assert repeated.tell("a", 10.0) == 0


def test_those_beyond_the_bound_are_one() -> None:
    """Who comes under many names is told of once; those that were told before are known by theirs."""
    repeated = Repeated(most=2)

    assert [repeated.tell(number, 1.0) for number in range(6)] == [0, 0, 0, None, None, None]
    assert [repeated.tell(number, 2.0) for number in range(2)] == [None, None]
    assert repeated.tell(7, 1.0 + SECONDS) == 0  # those of the minute before are forgotten


@given(st.lists(st.tuples(st.integers(0, 20), st.floats(0, 50)), max_size=200))
def test_no_minute_has_more_lines_than_the_bound_and_one(came: list[tuple[int, float]]) -> None:
    repeated = Repeated(most=5)

    told = [repeated.tell(what, now) for what, now in sorted(came, key=lambda each: each[1])]

    assert sum(count is not None for count in told) <= 5 + 1
