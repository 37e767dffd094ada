"""The ledger in an SQLite file, which processes of one machine share."""

import asyncio
import logging
import sqlite3
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from tollway import clock
from tollway.budget.amounts import Amounts
from tollway.budget.bucket import Balance, Bucket, Want
from tollway.discovery.sighting import Sighting
from tollway.ledger import awaited, incidents, plans, told, touch, tunnels
from tollway.ledger.connect import Durability, connect
from tollway.ledger.fault import explain
from tollway.ledger.holding import Holding
from tollway.ledger.presence import Presence
from tollway.ledger.prune import prune
from tollway.ledger.store import Outdated, Quarantined, Reached, Refused, Reserved, Rules
from tollway.ledger.writer import Fit, Writer
from tollway.model import CallRecord, Cost, Usage
from tollway.plans.seen import Seen
from tollway.readiness.condition import Condition

logger = logging.getLogger(__name__)


SWITCH_SECONDS = 0.00005
"""How soon a thread that waits for the GIL asks for it (CPython's default: 5 ms).

A busy event loop lets go of it at each system call, for a microsecond: too short for the writer to wake up
in, and each time its 5 ms begin anew. Measured on two cores under such a loop: a record took 200 ms once in a
hundred times, and 4 s at worst; with this setting, 6 ms and 16 ms.
"""


class SqliteLedger:
    """Writes to an SQLite file: see `connect` for what its rows outlive. `Store`."""

    def __init__(
        self, path: Path, durability: Durability = "process", now: Callable[[], float] = clock.now
    ) -> None:
        """Raises LedgerError. `now`: seconds since the epoch; asked once, for leases that ran out by then."""
        with ExitStack() as undo:
            db = undo.enter_context(closing(connect(path, durability)))
            self._presence = Presence(path)
            undo.callback(self._presence.end)
            self._holding = Holding(path, self._presence.process)
            try:
                begin(db, self._holding, int(now() * 1_000_000))
            except (OSError, sqlite3.Error) as error:
                raise explain(error, path) from None
            undo.pop_all()
        self._writer: Writer = Writer(
            db, path, self._presence.process, self._holding.ended, self._holding.ending
        )
        self._keeps = False
        sys.setswitchinterval(min(sys.getswitchinterval(), SWITCH_SECONDS))

    def record(self, call: CallRecord, soon: bool = False) -> "asyncio.Future[None]":
        """As `Ledger.record`. Once limits are kept, the call counts in its buckets, reserved or not."""
        if not self._keeps:
            return self._writer.put(call, soon)

        def settle(db: sqlite3.Connection, fit: Fit) -> None:
            self._holding.settle(db, fit, call)

        return self._writer.put(settle, soon)

    def adopt(self, rules: Rules, now_us: int) -> "asyncio.Future[None]":
        """As `Budgets.adopt`."""
        self._keeps = True
        return self._do(self._holding.adopt, rules, now_us)

    def reserve(
        self, call: CallRecord, wants: Sequence[Want], now_us: int, under: Rules | None = None
    ) -> "asyncio.Future[Reserved | Reached | Refused | Outdated]":
        """As `Budgets.reserve`. Who gives up waiting for it holds nothing."""

        def reserve(db: sqlite3.Connection, fit: Fit) -> Reserved | Reached | Refused | Outdated:
            return self._holding.reserve(db, fit, call, wants, now_us, under)

        return self._writer.put(reserve, unheard=self._giving_back(call, now_us))

    def look(self, wants: Sequence[Want], now_us: int) -> "asyncio.Future[tuple[Balance, ...]]":
        """As `Budgets.look`."""
        return self._do(self._holding.look, wants, now_us)

    def lower(
        self, call_id: str, bound: Amounts | None, closed: bool = False
    ) -> "asyncio.Future[tuple[Balance, ...]]":
        """As `Budgets.lower`."""
        return self._do(self._holding.lower, call_id, bound, closed)

    def settle(self, call: CallRecord, soon: bool = False) -> "asyncio.Future[tuple[Balance, ...]]":
        """As `Budgets.settle`."""
        return self._writer.put(lambda db, fit: self._holding.settle(db, fit, call), soon)

    def wait_for(self, call: CallRecord, name: str, until_us: int) -> "asyncio.Future[tuple[Balance, ...]]":
        """As `Awaiting.wait_for`."""
        return self._writer.put(lambda db, fit: self._holding.wait_for(db, fit, call, name, until_us))

    def awaited(self, name: str) -> "asyncio.Future[CallRecord | None]":
        """As `Awaiting.awaited`."""
        return self._do(awaited.find, name)

    def note(self, name: str, text: str, at_us: int) -> "asyncio.Future[None]":
        """As `Awaiting.note`."""
        return self._do(awaited.note, name, text, at_us)

    def noted(self, name: str) -> "asyncio.Future[str | None]":
        """As `Awaiting.noted`."""
        return self._do(awaited.noted, name)

    def extend(self, call_ids: Sequence[str], until_us: int) -> "asyncio.Future[None]":
        """As `Budgets.extend`."""
        return self._do(self._holding.extend, call_ids, until_us)

    def reap(self, now_us: int) -> "asyncio.Future[int]":
        """As `Budgets.reap`. How many there were."""
        return self._writer.put(lambda db, fit: self._holding.reap(db, now_us).calls)

    def quarantine(self, found: Quarantined, at_us: int) -> "asyncio.Future[bool]":
        """As `Incidents.quarantine`."""
        return self._do(incidents.quarantine, found, at_us)

    def quarantined(self) -> "asyncio.Future[tuple[Quarantined, ...]]":
        """As `Incidents.quarantined`."""
        return self._do(incidents.quarantined)

    def first_alert(self, bucket: Bucket, level: int, at_us: int) -> "asyncio.Future[bool]":
        """As `Incidents.first_alert`."""
        return self._do(self._holding.first_alert, bucket, level, at_us)

    def first_told(
        self, name: str, at_us: int, again_after_us: int | None = None, text: str = ""
    ) -> "asyncio.Future[bool]":
        """As `Incidents.first_told`."""
        return self._do(told.first_told, name, at_us, again_after_us, text)

    def note_plan(self, seen: Seen) -> "asyncio.Future[None]":
        """As `Ledger.note_plan`."""
        return self._writer.put(lambda db, fit: plans.note(db, seen), soon=True)

    def note_tunnels(self, sightings: Sequence[Sighting]) -> "asyncio.Future[None]":
        """As `Ledger.note_tunnels`."""
        return self._do(tunnels.note, sightings)

    def condition(self) -> "asyncio.Future[Condition]":
        """As `Ledger.condition`."""
        return self._writer.put(lambda db, fit: touch.touched(db))

    def lag_seconds(self) -> float:
        """As `Ledger.lag_seconds`."""
        return self._writer.lag_seconds()

    def close(self) -> None:
        """As `Ledger.close`."""
        self._writer.close()
        self._presence.end()

    def _giving_back(self, call: CallRecord, now_us: int) -> Callable[[Any], None]:
        """Hears what came of a `reserve` that nobody waits for any more."""

        def give_back(outcome: Any) -> None:
            if isinstance(outcome, Reserved):
                never_left = replace(call, state="done", usage=Usage(), cost=Cost(), error="abandoned")
                self.settle(replace(never_left, ended_us=now_us), soon=True)

        return give_back

    def _do(self, step: Callable[..., Any], *values: Any) -> "asyncio.Future[Any]":
        """Have the writer take a step that writes no row."""
        return self._writer.put(lambda db, fit: step(db, *values))


def begin(db: sqlite3.Connection, holding: Holding, now_us: int) -> None:
    """Find what the dead left behind, and forget what is long over."""
    db.execute("BEGIN IMMEDIATE")
    try:
        lost = holding.reap(db, now_us)
        holding.buckets.hand_over(db)
        prune(db, now_us)
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        holding.ended(committed=False)
        raise
    holding.ended(committed=True)
    if lost.unsettled:
        logger.warning(
            "%d batches or answers ended unseen; they are charged as they were held", lost.unsettled
        )
    if lost.at_bound:
        logger.warning("%d calls ended with their process; they are charged at their bound", lost.at_bound)
    if at_estimate := lost.calls - lost.at_bound:
        logger.warning("%d calls ended with their process; they are charged at their estimate", at_estimate)
