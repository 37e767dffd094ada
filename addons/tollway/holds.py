"""What is held for calls in flight: lowered as more is known, settled at the end; then others may come."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any

from tollway.budget.amounts import Amounts
from tollway.budget.bucket import Balance
from tollway.ledger.store import Store
from tollway.model import CallRecord
from tollway.waiting import Line

logger = logging.getLogger(__name__)

Watch = Callable[[CallRecord, Sequence[Balance]], None]
"""Sees a call's end, with what it left in each of its buckets."""

AGAIN_SECONDS = 5.0
"""How soon an end is written again that the ledger did not take."""
MOST = 100_000
"""Such ends that are remembered; of more, the calls stay at what they hold."""


class Holds:
    """Writes the ends of calls: at once, and again as long as the ledger does not take them (a full disk)."""

    def __init__(
        self,
        ledger: Store,
        line: Line,
        watch: Watch = lambda record, balances: None,
        again_seconds: float = AGAIN_SECONDS,
    ) -> None:
        self._ledger = ledger
        self._line = line
        self._watch = watch
        self._again = again_seconds
        self._newest: dict[str, CallRecord] = {}
        """What is being written, by the call's id."""
        self._unwritten: dict[str, CallRecord] = {}

    def end(self, record: CallRecord) -> "asyncio.Future[Any]":
        """Write a call's end; what it held is settled in the same step.

        The future raises LedgerError if it was not written: until it is, the call stays at what it holds.
        """
        self._unwritten.pop(record.id, None)
        self._newest[record.id] = record
        if record.limits:
            written: asyncio.Future[Any] = self._ledger.settle(record, soon=True)
        else:
            written = self._ledger.record(record, soon=True)
        written.add_done_callback(lambda done: self._ended(done, record))
        return written

    def wait_for(self, record: CallRecord, name: str, until_us: int) -> "asyncio.Future[Any]":
        """Have a call's end waited for, as of `Awaiting.wait_for`. The future raises LedgerError: the call
        then stays at what it holds, until its process ends."""
        waiting = self._ledger.wait_for(record, name, until_us)
        waiting.add_done_callback(self._freed)
        return waiting

    def lower(self, call_id: str, bound: Amounts | None, closed: bool = False) -> None:
        """Hold no more than this for a call in flight; as of `Budgets.lower`."""
        self._ledger.lower(call_id, bound, closed).add_done_callback(self._freed)

    def unwritten(self) -> int:
        """Ends that are not in the ledger yet: on their way, or to be tried again."""
        return len(self._newest) + len(self._unwritten)

    def oldest_us(self) -> int | None:
        """When the first of these calls ended; None: there are none."""
        firsts = [next(iter(calls.values()), None) for calls in (self._newest, self._unwritten)]
        return min((first.ended_us for first in firsts if first is not None and first.ended_us), default=None)

    def write_again(self) -> None:
        """Write now what the ledger did not take."""
        waiting, self._unwritten = self._unwritten, {}
        for record in waiting.values():
            self.end(record)

    def _ended(self, done: "asyncio.Future[Any]", record: CallRecord) -> None:
        is_newest = self._newest.get(record.id) is record
        if is_newest:
            del self._newest[record.id]
        if done.cancelled():
            return
        if done.exception() is not None:
            if is_newest:
                self._keep(record)
        elif record.limits:
            self._freed(done)
            self._watch(record, done.result())

    def _keep(self, record: CallRecord) -> None:
        if not self._unwritten:
            logger.error("a call's end could not be written; it is tried again until it is")
            asyncio.get_running_loop().call_later(self._again, self.write_again)
        if len(self._unwritten) < MOST:
            self._unwritten[record.id] = record

    def _freed(self, done: "asyncio.Future[tuple[Balance, ...]]") -> None:
        if not done.cancelled() and done.exception() is None and not self._line.is_empty:
            self._line.freed([balance.bucket.id for balance in done.result()])
