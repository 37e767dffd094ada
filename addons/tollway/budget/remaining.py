"""What a call is told of the tightest of its limits: `x-tollway-remaining` (DESIGN section 5)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache

from tollway.budget.amounts import Unit
from tollway.budget.bucket import Balance, Enforce
from tollway.money import usd


def tightest(balances: Sequence[Balance], holds: Sequence[int]) -> tuple[Balance, int] | None:
    """The one that has the smallest part of its amount left, and what that is; no shadow limit, and no
    rate."""
    tight, least = None, 0.0
    for balance, hold in zip(balances, holds, strict=True):
        if balance.enforce is Enforce.SHADOW or balance.bucket.is_rate:
            continue
        left = balance.amount - balance.settled - balance.held + hold
        part = left / balance.amount if balance.amount else 0.0
        if tight is None or part < least:
            tight, least = (balance, left), part
    return tight


def remaining(balances: Sequence[Balance], holds: Sequence[int]) -> str | None:
    """`team-month; left=12.34 USD; reset=2026-12-01T00:00:00Z`; without reset for a rolling window.

    `holds`: what the call itself holds in each, which is not spent yet, and is not counted.
    """
    found = tightest(balances, holds)
    if found is None:
        return None
    balance, left = found
    said = f"{balance.bucket.limit}; left={quantity(max(left, 0), balance.bucket.unit)}"
    return said if balance.bucket.end_us is None else f"{said}; reset={iso(balance.bucket.end_us)}"


def quantity(amount: int, unit: Unit) -> str:
    """An amount with its unit, as people write it: `12.34 USD`, `1200 input tokens`."""
    return f"{usd(amount)} USD" if unit is Unit.USD else f"{amount} {unit.value.replace('_', ' ')}"


@lru_cache(256)
def iso(us: int) -> str:
    """A moment in UTC, to the second."""
    return f"{datetime.fromtimestamp(us // 1_000_000, UTC):%Y-%m-%dT%H:%M:%SZ}"
