"""Rates for the ledger's tests: what calls want of them, and how they fare."""

import asyncio
from collections.abc import Sequence

from tests.tollway.ledger.limits import opened
from tests.tollway.ledger.samples import NOON_US
from tollway.budget.amounts import Unit
from tollway.budget.bucket import Bucket, Enforce, Want
from tollway.budget.sliding import slot_of
from tollway.ledger.store import Budgets, Refused, Reserved

MINUTE_US = 60_000_000
SECOND_US = 1_000_000


def within(amount: int, hold: int = 1, window_us: int = MINUTE_US, unit: Unit = Unit.REQUESTS) -> Want:
    """So much in any window of this length."""
    bucket = Bucket(
        limit="often",
        key=f"often {unit} {window_us}",
        unit=unit,
        start_us=0,
        rolling_us=window_us,
        slot_us=slot_of(window_us),
    )
    return Want(bucket=bucket, amount=amount, enforce=Enforce.HARD, hold=hold)


def at_once(amount: int) -> Want:
    """So many calls at once."""
    bucket = Bucket(limit="wide", key="wide", unit=Unit.REQUESTS, start_us=0, slot_us=0)
    return Want(bucket=bucket, amount=amount, enforce=Enforce.HARD, hold=1)


async def reserved(
    ledger: Budgets, wants: Sequence[Want], id: str = "a", now_us: int = NOON_US
) -> Reserved | Refused:
    """How a call fares that comes now."""
    outcome = await ledger.reserve(opened(id, at_us=now_us, bound=None), wants, now_us)
    assert isinstance(outcome, Reserved | Refused)
    return outcome


async def admitted(
    ledger: Budgets, wants: Sequence[Want], count: int, now_us: int = NOON_US, name: str = ""
) -> int:
    """How many of so many that come at once are admitted."""
    calls = [reserved(ledger, wants, f"{name}{now_us}-{n}", now_us) for n in range(count)]
    return sum(isinstance(outcome, Reserved) for outcome in await asyncio.gather(*calls))


async def counted(ledger: Budgets, want: Want, now_us: int = NOON_US) -> int:
    """What a rate counts, or holds."""
    (balance,) = await ledger.look([want], now_us)
    return balance.settled + balance.held
