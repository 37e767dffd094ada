"""Amounts without the digits that nobody knows, or asks for."""

from tollway.budget.amounts import Unit
from tollway.money import NANO, usd

CENT = NANO // 100


def about(amount: int, unit: Unit) -> int:
    """An estimate in a limit's unit: money in whole cents."""
    return amount // CENT * CENT if unit is Unit.USD else amount


def cents(nano: int) -> str:
    """Nano-dollars for people: `12.34 USD`."""
    return f"{usd(about(nano, Unit.USD))} USD"
