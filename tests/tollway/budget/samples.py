"""Buckets and balances for tests."""

from typing import Any

from tollway.budget.amounts import Unit
from tollway.budget.bucket import Balance, Bucket, Enforce


def bucket(limit: str = "month", unit: Unit = Unit.USD, **more: Any) -> Bucket:
    """A bucket of a limit."""
    return Bucket(limit=limit, key=f"{limit} 1", unit=unit, start_us=0, **more)


def balance(
    amount: int,
    settled: int = 0,
    held: int = 0,
    *,
    unit: Unit = Unit.USD,
    enforce: Enforce = Enforce.HARD,
    **more: Any,
) -> Balance:
    """A bucket's state."""
    return Balance(
        bucket=bucket(unit=unit, **more), amount=amount, enforce=enforce, settled=settled, held=held
    )
