"""What is now."""

import pytest

from tollway.budget.amounts import Amounts
from tollway.observe.flying import behind_us, held


def test_calls_in_flight_are_all_and_what_they_hold_is_of_those_that_hard_limits_hold() -> None:
    assert held([None, Amounts(nano=5), Amounts(nano=7), Amounts()]) == (4, 12)
    assert held([]) == (0, 0)


@pytest.mark.parametrize(
    ("lag", "oldest_us", "us"),
    [
        (0.0, None, 0),
        (1.5, None, 1_500_000),
        (0.1, 40_000_000, 60_000_000),
        (70.0, 40_000_000, 70_000_000),
        (0.0, 100_000_005, 0),
    ],
)
def test_the_ledger_is_behind_by_the_oldest_of_all_that_waits(
    lag: float, oldest_us: int | None, us: int
) -> None:
    """Also of what waits to be tried again, which the writer knows nothing of."""
    assert behind_us(lag, oldest_us, now_us=100_000_000) == us
