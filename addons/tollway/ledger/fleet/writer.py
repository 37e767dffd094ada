"""The writer of a fleet's process: what ended is written to the journal, then Redis is asked once about all
that asks, then what was admitted is written.

All in one thread: what it tells Redis is what the journal says.
"""

import logging
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any

from tollway.budget.bucket import Balance, Bucket
from tollway.ledger.fault import LedgerError, explain
from tollway.ledger.fleet import later, outbox, tunnels
from tollway.ledger.fleet.asking import Ask, admitted
from tollway.ledger.fleet.describing import AFTER_US
from tollway.ledger.fleet.desk import Desk
from tollway.ledger.fleet.journal import remember
from tollway.ledger.fleet.moves import Moves
from tollway.ledger.holding import Holding
from tollway.ledger.store import Outdated, Reached, Reserved
from tollway.ledger.writer import Fit, Item, Order, Step, Writer, as_it_is
from tollway.model import CallRecord

logger = logging.getLogger(__name__)

BEAT_SECONDS = 1.0
"""How often a process is heard of that has nothing to say, and its rows are logged if it is never idle."""
IDLE_SECONDS = 0.02
"""With nothing to do for that long, its rows are logged: no call waits for it then."""
LOG_AGAIN_US = 3_600_000_000
"""What ended so long ago is logged again where the log may have been lost."""
MOST_LOGGED = 200
"""Rows that are logged in one go: calls wait for it."""
LOG_SECONDS = 0.05
"""For how long rows are logged while calls wait."""
ROLL_SECONDS = 60.0
"""How often it is looked what has left the windows that roll."""

NOBODY: Any = None
"""Waits for what the writer does of itself."""


class Errand(Order):
    """Something to be asked of Redis, in the writer's thread; or else of the journal, where Redis is away."""

    def __init__(
        self, run: Callable[[Desk], Any], otherwise: Callable[[sqlite3.Connection], Any] | None = None
    ) -> None:
        self.run = run
        self.otherwise = otherwise


class Telling:
    """A step of the journal whose outcome is balances: those of the fleet are told in their place."""

    def __init__(self, step: Callable[[sqlite3.Connection, Fit], tuple[Balance, ...]]) -> None:
        self._step = step

    def __call__(self, db: sqlite3.Connection, fit: Fit) -> tuple[Balance, ...]:
        return self._step(db, fit)


class FleetWriter(Writer):
    """`Writer`, which takes Ask and Errand as well."""

    def __init__(
        self, db: sqlite3.Connection, path: Path, process: str, holding: Holding, desk: Desk, moves: Moves,
        monotonic: Callable[[], float], now_us: Callable[[], int],
    ) -> None:  # fmt: skip
        self._holding = holding
        self._desk = desk
        self._moves = moves
        self._monotonic = monotonic
        self._now_us = now_us
        self._rolled = self._beaten = monotonic()
        self._tunnels_told: float | None = None
        """When that was last done; None: not yet."""
        self._has_rows = True
        """Whether rows may have been written that are not logged yet."""
        self._remembered = desk.known
        super().__init__(db, path, process, self._has_ended, lambda db: moves.ending(db, holding))

    def _has_ended(self, committed: bool) -> None:
        self._holding.ended(committed)
        self._moves.ended(committed)

    def _next(self) -> Sequence[Item] | None:
        if self._has_rows:
            with suppress(Empty):
                return self._queue.get(timeout=IDLE_SECONDS)
            self._beat()
        while True:
            with suppress(Empty):
                return self._queue.get(timeout=BEAT_SECONDS)
            self._beat()

    def _beat(self) -> None:
        """Be heard of; look what has left windows; write the log through. Never raises."""
        self._beaten, self._has_rows = self._monotonic(), False
        if self._unsynced and self._queue.empty():
            self._checkpoint()
        if self._monotonic() - self._rolled >= ROLL_SECONDS:
            self._rolled = self._monotonic()
            self._roll()
        self._desk.mirror.look(self._monotonic())
        try:
            self._desk.exchange((), self._moves.take_corrections())
            self._remember()
            self._log()
            self._tell_tunnels()
            self._take_ends()
        except Exception as error:  # it comes again
            self._fault(error)

    def _remember(self) -> None:
        """Note who was told all. Another server's log may lack what the former had. Raises LedgerError."""
        known, before = self._desk.known, self._remembered
        if known == before:
            return
        try:
            if before.server not in ("", known.server):
                outbox.again(self._db, self._now_us() - LOG_AGAIN_US)
                tunnels.again(self._db, self._now_us() - LOG_AGAIN_US)
            remember(self._db, known, self._now_us())
        except sqlite3.Error as error:
            raise explain(error, self._path) from None
        self._remembered = known

    def _serve(self, taken: Sequence[Sequence[Item] | None]) -> bool:
        goes_on = super()._serve(taken)
        if not goes_on:
            self._desk.mirror.give_back()
        if not goes_on or self._monotonic() - self._beaten >= BEAT_SECONDS:
            self._beat()
        return goes_on

    def _take_ends(self) -> None:
        """Settle calls of this journal whose ends other nodes saw. Raises LedgerError: they come again."""
        while calls := later.waiting(self._desk, self._desk.known.node):
            items = [Item(_settling(self._holding, call), NOBODY) for call in calls]
            for outcome in self._outcomes(items):
                if isinstance(outcome, LedgerError):
                    raise outcome  # they stay there, and settling again changes nothing
            later.taken(self._desk, self._desk.known.node, len(calls))
            self._has_rows = True

    def _log(self) -> None:
        """Bring to the fleet's log what is not there yet; if calls wait, some of it. Raises LedgerError."""
        until = self._monotonic() + LOG_SECONDS
        while self._queue.empty() or self._monotonic() < until:
            try:
                upto, calls = outbox.waiting(self._db, MOST_LOGGED)
                if not calls:
                    return
                self._desk.log(calls)
                outbox.sent(self._db, upto)
            except sqlite3.Error as error:
                raise explain(error, self._path) from None
        self._has_rows = True

    def _tell_tunnels(self) -> None:
        """Tell the fleet, once in a while, what passed to services that nobody reads. Raises LedgerError."""
        now, last = self._monotonic(), self._tunnels_told
        if last is not None and now - last < tunnels.TOLD_SECONDS and not self._closed:
            return
        try:
            while rows := tunnels.waiting(self._db):
                self._desk.tell_tunnels([seen for _, seen in rows])
                tunnels.told(self._db, [number for number, _ in rows])
                if not self._queue.empty():
                    return  # calls wait: the next time goes on
        except sqlite3.Error as error:
            raise explain(error, self._path) from None
        self._tunnels_told = now

    def _roll(self) -> None:
        """Have rolling windows, and the mirror, let go of what is over."""
        now_us = self._now_us()
        buckets = list(self._desk.mirror.rolling())
        for start in range(0, len(buckets), 500):
            these = buckets[start : start + 500]
            with suppress(Exception):  # it comes again
                self._commit([Item(_looking(self._holding, these, now_us), NOBODY)], as_it_is)
        with suppress(LedgerError):
            self._desk.over(self._desk.mirror.forget(now_us - AFTER_US))

    def _write(self, items: Sequence[Item]) -> None:
        try:
            outcomes = self._done(items)
        except Exception as error:  # of our own: nobody is to wait for ever
            logger.exception("the ledger of a fleet failed")
            failed = LedgerError(f"ledger {self._path}: {type(error).__name__}: {error}")
            outcomes = dict.fromkeys(map(id, items), failed)
        self._resolve(items, [outcomes[id(item)] for item in items])

    def _done(self, items: Sequence[Item]) -> dict[int, Any]:
        """What came of each, by the item's id."""
        outcomes: dict[int, Any] = {}
        written = [item for item in items if not isinstance(item.work, Order)]
        if written:
            self._has_rows = True
            outcomes.update(zip(map(id, written), self._outcomes(written), strict=True))
        self._admit([(item, item.work) for item in items if isinstance(item.work, Ask)], outcomes)
        for item in items:
            if isinstance(item.work, Errand):
                outcomes[id(item)] = self._run_errand(item, item.work)
            elif isinstance(item.work, Telling):
                outcomes[id(item)] = self._of_all(outcomes[id(item)])
        return outcomes

    def _admit(self, asking: Sequence[tuple[Item, Ask]], outcomes: dict[int, Any]) -> None:
        """Tell what there is to tell, ask for all, and write those that were admitted."""
        asks = []
        for item, ask in asking:
            if (wrong := self._is_wrong(ask)) is not None:
                outcomes[id(item)] = wrong
            else:
                asks.append((item, ask))
        corrections = self._moves.take_corrections()
        if not (asks or corrections or self._desk.mirror.has_news):
            return
        try:
            answers: Sequence[Any] = self._desk.exchange([ask for _, ask in asks], corrections)
        except Exception as error:
            self._admit_alone(asks, self._fault(error), outcomes)
            return
        entering = []
        for (item, ask), answer in zip(asks, answers, strict=True):
            outcomes[id(item)] = answer
            if isinstance(answer, Reserved):
                entering.append(item._replace(work=self._entering(ask)))
                outcomes[id(entering[-1])] = item
        if entering:
            self._enter(entering, outcomes)

    def _admit_alone(
        self, asks: Sequence[tuple[Item, Ask]], away: LedgerError, outcomes: dict[int, Any]
    ) -> None:
        """While Redis is away: as each limit says, by what the journal holds."""

        def alone(ask: Ask) -> Step:
            def step(db: sqlite3.Connection, fit: Fit) -> Reserved | Reached | LedgerError:
                own = self._holding.look(db, ask.wants, ask.now_us)
                found = self._desk.alone(ask.wants, own, away)
                if not isinstance(found, tuple):
                    return found
                self._holding.enter(db, fit, ask.call, ask.wants, ask.now_us)
                return Reserved(balances=admitted(ask.wants, [(each.settled, each.held) for each in found]))

            return step

        answers = self._outcomes([item._replace(work=alone(ask)) for item, ask in asks])
        outcomes.update(zip([id(item) for item, _ in asks], answers, strict=True))

    def _enter(self, entering: Sequence[Item], outcomes: dict[int, Any]) -> None:
        """Write those that were admitted; what can't be written is not."""
        for entered, written in zip(entering, self._outcomes(entering), strict=True):
            item = outcomes.pop(id(entered))
            if isinstance(written, LedgerError):
                outcomes[id(item)] = written

    def _is_wrong(self, ask: Ask) -> Outdated | LedgerError | None:
        if ask.under is not None and ask.under is not self._holding.rules:
            return Outdated()
        if min([want.hold for want in ask.wants], default=0) < 0:
            return LedgerError(f"call {ask.call.id}: a hold is below zero")
        return None

    def _entering(self, ask: Ask) -> Callable[[sqlite3.Connection, Fit], None]:
        return lambda db, fit: self._holding.enter(db, fit, ask.call, ask.wants, ask.now_us)

    def _run_errand(self, item: Item, errand: Errand) -> Any:
        try:
            return errand.run(self._desk)
        except Exception as error:
            fault, otherwise = self._fault(error), errand.otherwise
            if otherwise is None:
                return fault
            return self._outcomes([item._replace(work=lambda db, fit: otherwise(db))])[0]

    def _fault(self, error: Exception) -> LedgerError:
        """What went wrong; where Redis is away, that was said. Whatever it is, the thread goes on."""
        if isinstance(error, LedgerError):
            return error
        fault = explain(error, self._path)
        logger.error("%s", fault)
        return fault

    def _of_all(self, outcome: Any) -> Any:
        """The same balances over all nodes, as far as they are known."""
        if isinstance(outcome, LedgerError):
            return outcome
        return tuple([self._desk.of_fleet(each) for each in outcome])


def _looking(holding: Holding, buckets: Sequence[Bucket], now_us: int) -> Step:
    def look(db: sqlite3.Connection, fit: Fit) -> None:
        holding.buckets.look(db, buckets, now_us)

    return look


def _settling(holding: Holding, call: CallRecord) -> Step:
    return lambda db, fit: holding.settle(db, fit, call)
