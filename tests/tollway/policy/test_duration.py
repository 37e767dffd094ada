"""Lengths of time as a policy says them."""

import pytest

from tollway.policy.duration import written


@pytest.mark.parametrize(
    ("us", "text"),
    [(1_000, "1ms"), (1_500_000, "1500ms"), (20_000_000, "20s"), (90_000_000, "90s"), (120_000_000, "2m")],
)
def test_a_length_is_in_the_largest_unit_that_it_is_whole_in(us: int, text: str) -> None:
    assert written(us) == text
