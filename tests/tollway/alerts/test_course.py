"""Samples of what a bucket has settled, and what they say of its parts."""

from hypothesis import given
from hypothesis import strategies as st

from tollway.alerts.course import APART, MOST, Samples, pieces, sampled

START = 10**15


def test_samples_of_a_clock_that_was_ahead_are_let_go_of() -> None:
    """Else none would be taken until it is as late as that."""
    samples = ((START + 10, 1), (START + 90_000, 4))

    assert sampled(samples, START, START + 60, 5) == ((START + 10, 1), (START + 60, 5))
    assert sampled(((START + 90_000, 4),), START, START + 60, 5) == ((START + 60, 5),)


def test_parts_add_up_to_what_was_settled() -> None:
    samples = ((START + 10, 1), (START + 50, 4), (START + 60, 9))

    assert pieces(samples, START, START + 120, 20, 4) == [1, 8, 0, 11]


def test_a_call_between_two_samples_is_never_spread() -> None:
    """It counts where it was seen first."""
    assert pieces(((START, 0), (START + 70, 5)), START, START + 120, 5, 4) == [0, 0, 5, 0]


def test_what_came_before_the_first_sample_is_in_one_part() -> None:
    assert pieces(((START + 90, 50),), START, START + 120, 50, 12) == [0] * 8 + [50] + [0] * 3
    assert pieces((), START, START + 120, 50, 3) == [0, 0, 50]


def test_what_a_late_settlement_takes_back_is_nothing_spent() -> None:
    """A charge at the bound may be replaced by less."""
    assert pieces(((START + 30, 50),), START, START + 120, 20, 2) == [50, 0]


@given(
    st.lists(st.tuples(st.integers(1, 10**6), st.integers(0, 10**9)), max_size=60),
    st.integers(0, 10**9),
    st.integers(1, 20),
)
def test_no_part_is_lost_where_the_sum_only_grows(
    steps: list[tuple[int, int]], last: int, number: int
) -> None:
    at, settled, samples = START, 0, []
    for later, more in steps:
        at, settled = at + later, settled + more
        samples.append((at, settled))

    found = pieces(samples, START, at + 1, settled + last, number)

    assert len(found) == number
    assert sum(found) == settled + last
    assert min(found) >= 0


@given(st.lists(st.integers(1, 10**7), min_size=1, max_size=400))
def test_samples_are_few_and_never_farther_apart_than_a_piece(steps: list[int]) -> None:
    """But for where nobody looked."""
    samples: Samples = ()
    at = START
    for step in steps:
        at += step
        samples = sampled(samples, START, at, at - START)

    assert 1 <= len(samples) <= MOST
    assert samples == tuple(sorted(samples))
    assert at - samples[-1][0] <= (at - START) // APART + max(steps)


def test_a_sample_that_is_near_the_last_is_left_out() -> None:
    one = ((START + 3_600, 5),)

    assert sampled(one, START, START + 3_610, 6) == one
    assert sampled(one, START, START + 3_800, 6) == (*one, (START + 3_800, 6))
