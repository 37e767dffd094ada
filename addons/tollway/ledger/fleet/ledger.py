"""The ledger of a fleet, as a process writes it."""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing, suppress
from typing import Any

from tollway import clock
from tollway.budget.amounts import Amounts
from tollway.budget.bucket import Away, Balance, Bucket, Want
from tollway.ledger import awaited, incidents, told
from tollway.ledger.connect import Durability, connect
from tollway.ledger.fault import LedgerError, explain
from tollway.ledger.fleet import dead, later, outbox, saying_once, tunnels
from tollway.ledger.fleet.asking import MOST, Ask
from tollway.ledger.fleet.condition import condition
from tollway.ledger.fleet.describing import AFTER_US
from tollway.ledger.fleet.desk import Desk
from tollway.ledger.fleet.journal import Journal, acquaintance, folder_of, remember
from tollway.ledger.fleet.left import tell_left
from tollway.ledger.fleet.moves import Moves
from tollway.ledger.fleet.names import Names
from tollway.ledger.fleet.server import Server, where
from tollway.ledger.fleet.writer import Errand, FleetWriter, Telling
from tollway.ledger.holding import Holding
from tollway.ledger.presence import Presence
from tollway.ledger.sqlite import SqliteLedger, begin
from tollway.ledger.standing import standing
from tollway.ledger.store import BucketRow, Outdated, Quarantined, Reached, Refused, Reserved, Rules
from tollway.ledger.writer import Fit
from tollway.model import CallRecord
from tollway.readiness.condition import Condition

logger = logging.getLogger(__name__)

MOST_OTHERS = 10_000
"""Calls of other nodes that are remembered."""


class FleetLedger(SqliteLedger):
    """Writes its calls to a journal of its own, and shares their buckets over Redis. `Store`."""

    def __init__(
        self,
        url: str,
        durability: Durability = "process",
        now: Callable[[], float] = clock.now,
        monotonic: Callable[[], float] = time.monotonic,
        left: Journal | None = None,
    ) -> None:
        """`url`: as of `server.where`. `now`: seconds since the epoch; `monotonic`: of a clock that only goes
        forward. `left`: a journal that nobody has, to be told. Raises LedgerError; Redis need not be there
        yet."""
        place = where(url)

        def tell(journal: Journal) -> str:
            ledger = FleetLedger(url, durability, now, monotonic, journal)
            ledger.close()
            return ledger._desk.known.server

        def tell_others(server: str, lost: bool) -> bool:
            return left is not None or tell_left(folder_of(place), server, tell, lost)

        with ExitStack() as undo:
            self._journal = left or Journal.take(folder_of(place))
            undo.callback(self._journal.let_go)
            path = self._journal.path
            db = undo.enter_context(closing(connect(path, durability)))
            self._presence = Presence(path)
            undo.callback(self._presence.end)
            self._names = Names(place.organisation)
            now_us = int(now() * 1_000_000)
            server = Server(place)
            undo.callback(server.close)
            try:
                outbox.make(db)
                tunnels.make(db)
                known = acquaintance(db)
                remember(db, known, now_us)
                desk = Desk(
                    server, self._names, known, self._presence.process, now, monotonic, place.grace_seconds,
                    tell_others,
                )  # fmt: skip
                self._moves = Moves(self._names, desk.mirror)
                self._holding = Holding(path, self._presence.process, self._moves.moved)
                begin(db, self._holding, now_us)
                self._moves.ended(committed=False)  # what stands is told below
                self._moves.stand(self._stand(db, now_us))
            except (OSError, sqlite3.Error) as error:
                raise explain(error, path) from None
            undo.pop_all()
        self._node = known.node
        self._was_known = bool(known.server)
        self._others: dict[str, tuple[str, str]] = {}
        """Calls of other nodes that were found by a name: whose each is, and the name."""
        self._now = now
        self._shown = place.shown
        self._desk = desk
        self._keeps = False
        self._writer: FleetWriter = FleetWriter(
            db, path, self._presence.process, self._holding, desk, self._moves, monotonic, self._now_us
        )

    def _now_us(self) -> int:
        return int(self._now() * 1_000_000)

    def adopt(self, rules: Rules, now_us: int) -> "asyncio.Future[None]":
        """As `Budgets.adopt`. Raises LedgerError for an amount that Redis can't count up to."""
        for key in rules.keys():
            if (amount := rules.terms(key, now_us).amount) > MOST:
                raise LedgerError(
                    f"ledger {self._shown}: limit {key.partition(' ')[0]}: {amount} is more than Redis "
                    f"counts exactly ({MOST}, in nano-dollars or tokens): make it smaller, or use `per`"
                )
        self._keeps = True

        def adopt(db: sqlite3.Connection, fit: Fit) -> None:
            self._holding.adopt(db, rules, now_us)
            self._moves.note(db, self._holding, self._stand(db, now_us))

        return asyncio.ensure_future(self._once_open(self._writer.put(adopt)))

    async def _once_open(self, adopted: "asyncio.Future[None]") -> None:
        """The first process of a fleet waits here: hard limits are closed as if there were others."""
        await adopted
        if self._was_known:
            return
        self._was_known = True
        with suppress(LedgerError):  # Redis is away: it has been said
            left_us = await self._writer.put(Errand(lambda desk: desk.closed_us()))
            await asyncio.sleep(left_us / 1_000_000)

    def reserve(
        self, call: CallRecord, wants: Sequence[Want], now_us: int, under: Rules | None = None
    ) -> "asyncio.Future[Reserved | Reached | Refused | Outdated]":
        """As `Budgets.reserve`. Who gives up waiting for it holds nothing."""
        return self._writer.put(Ask(call, wants, now_us, under), unheard=self._giving_back(call, now_us))

    def look(self, wants: Sequence[Want], now_us: int) -> "asyncio.Future[tuple[Balance, ...]]":
        """As `Budgets.look`; where Redis is away, by what this process knows, unless a limit is closed."""
        closed = any([want.away is Away.CLOSED for want in wants])

        def alone(db: sqlite3.Connection) -> tuple[Balance, ...]:
            own = self._holding.look(db, wants, now_us)
            return tuple([self._desk.of_fleet(each) for each in own])

        return self._writer.put(Errand(lambda desk: desk.look(wants, now_us), None if closed else alone))

    def lower(
        self, call_id: str, bound: Amounts | None, closed: bool = False
    ) -> "asyncio.Future[tuple[Balance, ...]]":
        """As `Budgets.lower`."""
        return self._writer.put(Telling(lambda db, fit: self._holding.lower(db, call_id, bound, closed)))

    def settle(self, call: CallRecord, soon: bool = False) -> "asyncio.Future[tuple[Balance, ...]]":
        """As `Budgets.settle`. Where Redis is away, it is told once it is back. The end of another
        node's call is left with that node."""
        if (other := self._others.get(call.id)) is not None:
            return asyncio.ensure_future(self._send(*other, call))
        return self._writer.put(Telling(lambda db, fit: self._holding.settle(db, fit, call)), soon)

    async def _send(self, node: str, name: str, call: CallRecord) -> tuple[Balance, ...]:
        def send(desk: Desk) -> None:
            later.send(desk, node, call)
            later.keep(desk, name, later.Named(node, call))

        await self._writer.put(Errand(send))
        return ()

    def wait_for(self, call: CallRecord, name: str, until_us: int) -> "asyncio.Future[tuple[Balance, ...]]":
        """As `Awaiting.wait_for`. Where Redis is away, other nodes won't know of it."""
        known = later.Named(self._node, call)
        self._put_errand(lambda desk: later.keep(desk, name, known), lambda db: None)
        return self._writer.put(
            Telling(lambda db, fit: self._holding.wait_for(db, fit, call, name, until_us))
        )

    def awaited(self, name: str) -> "asyncio.Future[CallRecord | None]":
        """As `Awaiting.awaited`; also of other nodes' calls, unless Redis is away."""
        return asyncio.ensure_future(self._awaited(name))

    async def _awaited(self, name: str) -> CallRecord | None:
        own = await super().awaited(name)
        if own is not None:
            return own
        found: later.Named | None = await self._put_errand(
            lambda desk: later.find(desk, name), lambda db: None
        )
        if found is None:
            return None
        if found.node != self._node:
            if len(self._others) >= MOST_OTHERS:
                self._others.clear()
            self._others[found.call.id] = found.node, name
        return found.call

    def note(self, name: str, text: str, at_us: int) -> "asyncio.Future[None]":
        """As `Awaiting.note`. Where Redis is away, other nodes won't know of it."""
        self._put_errand(lambda desk: later.note(desk, name, text), lambda db: None)
        return super().note(name, text, at_us)

    def noted(self, name: str) -> "asyncio.Future[str | None]":
        """As `Awaiting.noted`."""
        return self._put_errand(lambda desk: later.noted(desk, name), lambda db: awaited.noted(db, name))

    def quarantine(self, found: Quarantined, at_us: int) -> "asyncio.Future[bool]":
        """As `Incidents.quarantine`."""
        return asyncio.ensure_future(self._quarantine(found, at_us))

    async def _quarantine(self, found: Quarantined, at_us: int) -> bool:
        """In the journal as well: it is what there is where Redis is away."""
        here = await super().quarantine(found, at_us)
        return bool(
            await self._put_errand(lambda desk: saying_once.quarantine(desk, found, at_us), lambda db: here)
        )

    def quarantined(self) -> "asyncio.Future[tuple[Quarantined, ...]]":
        """As `Incidents.quarantined`. Where Redis is away, those that were found here."""
        return self._put_errand(saying_once.quarantined, incidents.quarantined)

    def first_alert(self, bucket: Bucket, level: int, at_us: int) -> "asyncio.Future[bool]":
        """As `Incidents.first_alert`. Where Redis is away, each node says it once."""
        rules = self._holding.rules

        def say(desk: Desk) -> bool:
            is_kept = rules is not None and bucket.key in rules.keys()
            return is_kept and saying_once.first_alert(desk, bucket, level, at_us)

        return self._put_errand(say, lambda db: self._holding.first_alert(db, bucket, level, at_us))

    def first_told(
        self, name: str, at_us: int, again_after_us: int | None = None, text: str = ""
    ) -> "asyncio.Future[bool]":
        """As `Incidents.first_told`. Where Redis is away, each node says it once."""
        return asyncio.ensure_future(self._first_told(name, at_us, again_after_us, text))

    async def _first_told(self, name: str, at_us: int, again_after_us: int | None, text: str) -> bool:
        """In the journal as well: what was told while Redis was away, or before it lost data, is known."""
        if await self._do(told.is_told, name, at_us):
            return False
        what = name, at_us, again_after_us, text
        first = bool(
            await self._put_errand(
                lambda desk: saying_once.first_told(desk, *what), lambda db: told.first_told(db, *what)
            )
        )
        if first:
            await super().first_told(*what)
        return first

    def reap(self, now_us: int) -> "asyncio.Future[int]":
        """As `Budgets.reap`: of the journal, and of nodes that were not heard of for a lease."""
        self._put_errand(lambda desk: dead.reap(desk, now_us), lambda db: 0)
        return super().reap(now_us)

    def condition(self) -> "asyncio.Future[Condition]":
        """As `Ledger.condition`: of the journal, and of Redis."""
        return asyncio.ensure_future(self._condition())

    async def _condition(self) -> Condition:
        await super().condition()
        try:
            found: Condition = await self._writer.put(Errand(lambda desk: condition(desk, self._now_us)))
        except LedgerError as error:
            return Condition(is_shared=True, away=str(error))
        return found

    def close(self) -> None:
        """As `Ledger.close`."""
        super().close()
        self._desk.close()
        self._journal.let_go()

    def _put_errand(
        self, run: Callable[[Desk], Any], otherwise: Callable[[sqlite3.Connection], Any]
    ) -> "asyncio.Future[Any]":
        """Ask Redis, or where it is away the journal."""
        return self._writer.put(Errand(run, otherwise))

    def _stand(self, db: sqlite3.Connection, now_us: int) -> list[BucketRow]:
        """What the journal has in all buckets: also of windows that are over, as long as Redis keeps them."""
        self._holding.buckets.hand_over(db)
        path = self._journal.path
        rolling = [row for row in standing(db, path, now_us) if row.bucket.end_us is None]
        ending = [row for row in standing(db, path, now_us - AFTER_US) if row.bucket.end_us is not None]
        return rolling + ending
