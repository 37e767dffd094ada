"""What share of its limits is left for a call."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.budget.samples import balance, bucket
from tollway.budget.bucket import Balance, Enforce
from tollway.budget.left import ALL, Left, left_in


def of(limit: str, amount: int, settled: int, held: int = 0, enforce: Enforce = Enforce.HARD) -> Balance:
    return Balance(bucket=bucket(limit), amount=amount, enforce=enforce, settled=settled, held=held)


def test_the_tightest_limit_is_the_one_with_the_smallest_share() -> None:
    """Not with the smallest sum: 5 of 50, and 10 of 1,000."""
    left = left_in([of("small", 50, 45), of("large", 1_000, 900, 90), of("wide", 10, 1)])

    assert left.of(None) == Fraction(1, 100)
    assert left.of("small") == Fraction(1, 10)


def test_of_several_buckets_of_a_limit_the_tightest_counts() -> None:
    assert left_in([of("a", 100, 20), of("a", 100, 70), of("a", 100, 50)]).of("a") == Fraction(3, 10)


def test_a_shadow_limit_counts_only_by_its_name() -> None:
    left = left_in([of("shadow", 100, 90, enforce=Enforce.SHADOW), of("a", 100, 50)])

    assert (left.of(None), left.of("shadow")) == (Fraction(1, 2), Fraction(1, 10))


def test_what_a_call_does_not_meet_leaves_it_all() -> None:
    assert (left_in([]).of(None), Left().of("a")) == (ALL, ALL)


def test_of_nothing_and_of_what_is_overspent_nothing_is_left() -> None:
    assert left_in([balance(0)]).tightest == 0
    assert left_in([balance(100, settled=130, enforce=Enforce.SOFT)]).tightest == 0


@given(st.integers(0, 10**18), st.integers(0, 10**18), st.integers(0, 10**18))
def test_a_share_is_between_nothing_and_all(amount: int, settled: int, held: int) -> None:
    assert 0 <= left_in([balance(amount, settled=settled, held=held)]).tightest <= 1


def test_a_rate_leaves_it_all() -> None:
    """What it counts is gone in a while: it is no budget to go by."""
    full = Balance(bucket=bucket("rate", slot_us=0), amount=8, enforce=Enforce.HARD, settled=0, held=8)

    assert (left_in([full]).of(None), left_in([full]).of("rate")) == (ALL, ALL)
