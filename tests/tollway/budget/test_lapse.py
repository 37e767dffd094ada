"""Lengths of time as people write them."""

import pytest

from tollway.budget.lapse import lapse


@pytest.mark.parametrize(
    ("us", "said"),
    [
        (1_000_000, "second"),
        (60_000_000, "minute"),
        (3_600_000_000, "hour"),
        (86_400_000_000, "day"),
        (10_000_000, "10s"),
        (500_000, "500ms"),
        (90_000_000, "90s"),
        (300_000_000, "5m"),
        (7_200_000_000, "2h"),
        (16_667, "16667us"),
    ],
)
def test_a_length_is_said_in_the_largest_unit_that_it_is_whole_in(us: int, said: str) -> None:
    assert lapse(us) == said
