from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.money import NANO, nano, usd


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "0"),
        (1, "0.000000001"),
        (12_300_000, "0.0123"),
        (NANO, "1"),
        (100 * NANO, "100"),
        (1_500_000_000, "1.5"),
        (-1, "-0.000000001"),
        (-2_500_000_000, "-2.5"),
        (10**18, "1000000000"),
    ],
)
def test_usd_is_exact_and_has_no_needless_zeros(amount: int, text: str) -> None:
    assert usd(amount) == text


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0", 0),
        ("1.5", 1_500_000_000),
        ("0.0000000005", 1),
        ("0.00000000049999", 0),
        ("0.0000000015", 2),
        ("-0.0000000005", -1),
        ("1E+2", 100 * NANO),
    ],
)
def test_nano_rounds_half_up(text: str, amount: int) -> None:
    assert nano(Decimal(text)) == amount


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_nano_refuses_what_is_no_amount(text: str) -> None:
    with pytest.raises(ValueError, match="is not an amount of money"):
        nano(Decimal(text))


@given(st.integers(-(10**27), 10**27))
def test_usd_and_nano_are_inverse(amount: int) -> None:
    text = usd(amount)

    assert nano(Decimal(text)) == amount
    assert "E" not in text
    assert not (("." in text) and text.endswith("0"))
