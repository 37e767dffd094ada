"""What is held for calls in flight: lowered as more is known, settled at the end; then others may come."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from tollway.budget.amounts import Amounts
from tollway.budget.bucket import Balance
from tollway.ledger.store import Budgets
from tollway.model import CallRecord
from tollway.waiting import Line

Watch = Callable[[CallRecord, Sequence[Balance]], None]
"""Sees a call's end, with what it left in each of its buckets."""


class Holds:
    """Writes the ends of calls."""

    def __init__(self, ledger: Budgets, line: Line, watch: Watch = lambda record, balances: None) -> None:
        self._ledger = ledger
        self._line = line
        self._watch = watch

    def end(self, record: CallRecord) -> "asyncio.Future[Any]":
        """Write a call's end; what it held is settled in the same step.

        The future raises LedgerError if the row could not be written: the call stays at what it holds.
        """
        if not record.limits:
            return self._ledger.record(record, soon=True)
        settled = self._ledger.settle(record, soon=True)
        settled.add_done_callback(lambda done: self._freed(done, record))
        return settled

    def lower(self, call_id: str, bound: Amounts) -> None:
        """Hold no more than this for a call in flight."""
        self._ledger.lower(call_id, bound).add_done_callback(self._freed)

    def _freed(self, done: "asyncio.Future[tuple[Balance, ...]]", record: CallRecord | None = None) -> None:
        if done.cancelled() or done.exception() is not None:
            return
        balances = done.result()
        self._line.freed([balance.bucket.id for balance in balances])
        if record is not None:
            self._watch(record, balances)
