"""Changes and shares in per cent, by hand."""

from decimal import Decimal

import pytest

from tollway.reporting.percent import percent, share


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (150, 100, "50.0"),
        (50, 100, "-50.0"),
        (100, 100, "0.0"),
        (0, 7, "-100.0"),
        (2, 3, "-33.3"),
        (10005, 10000, "0.1"),  # 0.05 is a half: away from zero
        (9995, 10000, "-0.1"),
        (10**18, 1, "99999999999999999900.0"),
    ],
)
def test_to_a_tenth_rounded_half_up(now: int, before: int, said: str) -> None:
    assert percent(now, before) == Decimal(said)


def test_of_nothing_there_is_no_share() -> None:
    assert percent(5, 0) is None
    assert share(5, 0) is None


def test_a_share_is_of_the_whole() -> None:
    assert (share(1, 3), share(3, 2), share(0, 9)) == (Decimal("33.3"), Decimal("150.0"), Decimal("0.0"))
