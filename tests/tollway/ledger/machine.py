"""Calls and processes as the test of invariants knows them, and what limits say, once more: by hand."""

import json
import os
from dataclasses import dataclass
from typing import Any

from tests.tollway.ledger.limits import HOUR_US, MINUTE_US, Limit
from tollway.budget.amounts import Unit
from tollway.budget.bucket import Bucket, Enforce, Want
from tollway.ledger.sqlite import SqliteLedger
from tollway.model import CallRecord

ALL = (
    Limit("all-day", 1_000),
    Limit("team-hour", 300, per=("team",), window_us=HOUR_US),
    Limit("group-tokens", 2_000, Unit.TOKENS, per=("group",)),
    Limit("soft-hour", 200, enforce=Enforce.SOFT, window_us=HOUR_US),
    Limit("requests", 4, Unit.REQUESTS, window_us=90 * MINUTE_US, rolling=True),
    Limit("rolling", 500, per=("team", "model"), window_us=90 * MINUTE_US, rolling=True),
    Limit("shadow", 1, Unit.OUTPUT, Enforce.SHADOW, team="b"),
)
"""The limits that edits choose from, and change the amounts of."""


@dataclass
class Known:
    """What the test did with a call."""

    row: CallRecord
    """As it was written last."""
    process: int
    hard: bool = False
    lease_us: int | None = None
    released: bool = False


@dataclass
class Process:
    """A process that keeps limits: alive as long as it is in `Machine.processes`."""

    ledger: SqliteLedger
    number: int


def die(ledger: SqliteLedger) -> None:
    """As `kill -9` does: nothing more is written, and the lock is free."""
    ledger._writer.close()
    assert ledger._presence._file is not None
    os.close(ledger._presence._file)
    ledger._presence._file = None


def bucket_of(row: list[Any]) -> Bucket:
    """A bucket as its row has it."""
    limit, key, per, unit, start_us, end_us, rolling_us = row
    return Bucket(
        limit=limit,
        key=key,
        values=json.loads(per),
        unit=Unit(unit),
        start_us=start_us,
        end_us=end_us,
        rolling_us=rolling_us,
    )


def is_at_level(balance: Any, want: Want, held_by_it: int = 0) -> bool:
    """Whether a call should have been sent back."""
    return want.below is not None and balance.settled + balance.held - held_by_it >= want.below


def has_room(balance: Any, hold: int) -> bool:
    """What the limit says, once more: by hand."""
    left = balance.amount - balance.settled - balance.held
    return bool(hold <= left) if balance.enforce is Enforce.HARD else left > 0
