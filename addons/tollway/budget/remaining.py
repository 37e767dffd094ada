"""What a call is told of the tightest of its limits: `x-tollway-remaining` (DESIGN section 5)."""

from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec.structs import replace

from tollway.budget.amounts import Unit
from tollway.budget.bucket import Balance, Enforce
from tollway.money import usd


def tightest(balances: Sequence[Balance]) -> Balance | None:
    """The one that has the smallest part of its amount left; shadow limits are none."""
    real = [balance for balance in balances if balance.enforce is not Enforce.SHADOW]
    return min(real, key=lambda one: one.left / one.amount if one.amount else 0.0, default=None)


def remaining(balances: Sequence[Balance], holds: Sequence[int]) -> str | None:
    """`team-month; left=12.34 USD; reset=2026-12-01T00:00:00Z`; without reset for a rolling window.

    `holds`: what the call itself holds in each, which is not spent yet, and is not counted.
    """
    others = [
        replace(balance, held=balance.held - hold) for balance, hold in zip(balances, holds, strict=True)
    ]
    balance = tightest(others)
    if balance is None:
        return None
    said = f"{balance.bucket.limit}; left={quantity(max(balance.left, 0), balance.bucket.unit)}"
    return said if balance.bucket.end_us is None else f"{said}; reset={iso(balance.bucket.end_us)}"


def quantity(amount: int, unit: Unit) -> str:
    """An amount with its unit, as people write it: `12.34 USD`, `1200 input tokens`."""
    return f"{usd(amount)} USD" if unit is Unit.USD else f"{amount} {unit.value.replace('_', ' ')}"


def iso(us: int) -> str:
    """A moment in UTC, to the second."""
    return f"{datetime.fromtimestamp(us // 1_000_000, UTC):%Y-%m-%dT%H:%M:%SZ}"
