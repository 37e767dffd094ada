from hypothesis import given
from hypothesis import strategies as st

from tollway.prices.split import apportion

weights = st.lists(st.integers(0, 10**18), min_size=1, max_size=6).filter(any)


def test_the_largest_remainder_gets_what_is_left() -> None:
    """10 over 1:1:1 is 3 each and 1 left, which goes to the first of equals."""
    assert apportion(10, [1, 1, 1]) == [4, 3, 3]
    assert apportion(7, [2, 3, 2]) == [2, 3, 2]
    assert apportion(1, [1, 5, 2]) == [0, 1, 0]
    assert apportion(0, [1, 2]) == [0, 0]


@given(st.integers(0, 5 * 10**18), weights)
def test_shares_sum_to_the_total_and_are_within_one_of_their_quota(total: int, weights: list[int]) -> None:
    shares = apportion(total, weights)

    assert sum(shares) == total
    for share, weight in zip(shares, weights, strict=True):
        quota = total * weight
        assert (share - 1) * sum(weights) < quota < (share + 1) * sum(weights)


@given(st.integers(0, 10**12), weights)
def test_nothing_goes_to_a_weight_of_zero(total: int, weights: list[int]) -> None:
    shares = apportion(total, [*weights, 0])

    assert shares[-1] == 0
