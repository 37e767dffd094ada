import pytest

from tollway.alerts.rounded import about, cents
from tollway.budget.amounts import Unit


@pytest.mark.parametrize(
    ("amount", "unit", "rounded"),
    [
        (1_239_999_999, Unit.USD, 1_230_000_000),
        (1_239_999_999, Unit.TOKENS, 1_239_999_999),
        (9_999_999, Unit.USD, 0),
    ],
)
def test_money_is_told_in_whole_cents(amount: int, unit: Unit, rounded: int) -> None:
    assert about(amount, unit) == rounded


def test_money_for_people() -> None:
    assert cents(42_509_999_999) == "42.5 USD"
