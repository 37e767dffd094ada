"""One thread writes: what has queued up meanwhile goes into one transaction.

What it is given is a call's record, or a step: a function of the connection, for whose result its caller
waits.
"""

import asyncio
import logging
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from errno import ENOENT
from itertools import groupby
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, NamedTuple, cast

from tollway.ledger.fault import LedgerError, explain, is_of_the_file
from tollway.ledger.lag import Lag
from tollway.ledger.row import UPSERT, Row, row_of, storable
from tollway.model import CallRecord
from tollway.which_file import which_file

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 512
"""Rows in a transaction: enough that its fixed cost vanishes, few enough that it takes milliseconds."""

SOON_SECONDS = 0.02
"""How long a row that nobody waits for may wait: killed in between, its call stays at its estimate."""

GONE = "it was moved, removed or replaced while in use: put it back, or start Tollway anew"
"""What is written to such a file, no other process sees: limits would hold for this one alone."""

IDLE_SECONDS = 0.5
"""With nothing to write for that long, the log is written through."""


Fit = Callable[[Row], Row]
"""Makes a row as the table takes it."""

Step = Callable[[sqlite3.Connection, Fit], Any]
"""Runs within a transaction, and again, from the start, where that was undone."""


class Order:
    """Work of another kind, which a kind of writer of its own knows how to do."""


class Item(NamedTuple):
    """A call to write or a step to take, and who waits for it."""

    work: CallRecord | Step | Order
    written: "asyncio.Future[Any]"
    unheard: Callable[[Any], None] | None = None
    """Told the outcome, on the event loop, where nobody waits for it any more."""


def as_it_is(row: Row) -> Row:
    """The row of a call whose claims are within bounds, as nearly all are."""
    return row


class Writer:
    """Takes calls from the event loop, without ever making it wait; writes them in a thread of its own."""

    def __init__(
        self,
        db: sqlite3.Connection,
        path: Path,
        process: str,
        ended: Callable[[bool], None] = lambda committed: None,
        ending: Callable[[sqlite3.Connection], None] = lambda db: None,
    ) -> None:
        """`db` is the thread's alone from here on; it closes it. In that thread, `ended` hears how each
        transaction with a step in it ended: committed, or undone; `ending` writes what its steps left to
        its end."""
        self._db = db
        self._ended = ended
        self._ending = ending
        self._path = path
        self._file = which_file(path)
        self._process = process
        self._queue: SimpleQueue[Sequence[Item] | None] = SimpleQueue()
        self._later: deque[Item] = deque()
        self._lag = Lag(time.monotonic)
        self._closed = False
        self._unsynced = False
        self._thread = Thread(target=self._run, name="tollway-ledger", daemon=True)
        self._thread.start()

    def put(
        self,
        work: CallRecord | Step | Order,
        soon: bool = False,
        unheard: Callable[[Any], None] | None = None,
    ) -> "asyncio.Future[Any]":
        """Queue a call, or a step. `soon`: it may wait SOON_SECONDS for one that can't, and share its
        transaction. `unheard` is told what came of it if the future was cancelled meanwhile."""
        loop = asyncio.get_running_loop()
        written = loop.create_future()
        self._lag.put()
        self._later.append(Item(work, written, unheard))
        if not soon:
            loop.call_soon(self._flush)  # with what else comes up in this turn of the loop
        elif len(self._later) == 1:
            loop.call_later(SOON_SECONDS, self._flush)
        # Checked only now: had it been closed in between, nobody would ever take the item.
        if self._closed:
            written.set_exception(LedgerError(f"ledger {self._path}: it is closed"))
        return written

    def _flush(self) -> None:
        """Hand over what waits, in its order, and at once: the thread would wake for each."""
        waiting: list[Item] = []
        with suppress(IndexError):  # on closing, two threads may do so: the other took the last
            while self._later:
                waiting.append(self._later.popleft())
        if waiting:
            self._queue.put(waiting)

    def lag_seconds(self) -> float:
        """How long the oldest that is not done yet has been waiting; from any thread."""
        return self._lag.seconds()

    def close(self) -> None:
        """Write all that is queued, end the thread, close the connection. Again does nothing."""
        if not self._closed:
            self._closed = True
            self._flush()
            self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while self._serve(self._take()):
            pass
        with suppress(sqlite3.Error):
            self._db.close()

    def _take(self) -> list[Sequence[Item] | None]:
        """All that is queued, or else what comes next. This is the queue's only consumer."""
        first = self._next()
        more = min(self._queue.qsize(), MOST_AT_ONCE - 1)
        return [first, *(self._queue.get() for _ in range(more))]

    def _next(self) -> Sequence[Item] | None:
        if self._unsynced:
            with suppress(Empty):
                return self._queue.get(timeout=IDLE_SECONDS)
            self._checkpoint()
        return self._queue.get()

    def _checkpoint(self) -> None:
        """Write the log through to the disk and into the file, while nobody waits.

        Otherwise the commit that makes it CHECKPOINT_PAGES long does, for as long as the disk takes.
        """
        self._unsynced = False
        with suppress(sqlite3.Error):  # it comes again
            self._db.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def _serve(self, taken: Sequence[Sequence[Item] | None]) -> bool:
        """False once there is nothing more to do."""
        items = [item for batch in taken if batch is not None for item in batch]
        for start in range(0, len(items), MOST_AT_ONCE):
            self._write(items[start : start + MOST_AT_ONCE])
        return None not in taken

    def _write(self, items: Sequence[Item]) -> None:
        self._resolve(items, self._outcomes(items))

    def _outcomes(self, items: Sequence[Item]) -> list[Any]:
        """What came of each: its result, or a LedgerError."""
        try:
            return self._commit(items, as_it_is)
        except Exception as error:
            if is_of_the_file(error):
                return [explain(error, self._path)] * len(items)  # no other would fare better
            return [self._alone(item) for item in items]  # of one of them: the others are not to suffer

    def _alone(self, item: Item) -> Any:
        """Do one whose row may not be as the table wants it; its outcome, or what went wrong again."""
        try:
            return self._commit([item], as_it_is)[0]
        except LedgerError as error:
            return error
        except Exception as first:
            return self._as_near_as_can_be(item, first)

    def _as_near_as_can_be(self, item: Item, first: Exception) -> Any:
        try:
            outcome = self._commit([item], storable)[0]
        except LedgerError as error:
            return error
        except Exception as error:
            return explain(error, self._path)
        name = f"call {item.work.id}" if isinstance(item.work, CallRecord) else "a call"
        logger.warning("%s is not as the ledger wants it (%s): flagged out_of_range", name, first)
        return outcome

    def _resolve(self, items: Sequence[Item], outcomes: Sequence[Any]) -> None:
        """Tell all who wait, with one wake-up of the event loop."""
        self._lag.done(len(items))
        with suppress(RuntimeError):  # the loop was closed: nobody waits any more
            items[0].written.get_loop().call_soon_threadsafe(_tell, items, outcomes)

    def _commit(self, items: Sequence[Item], fit: Fit) -> list[Any]:
        """Do all of it in one transaction; its outcomes."""
        self._unsynced = True
        if which_file(self._path) != self._file:
            raise FileNotFoundError(ENOENT, GONE, self._path.as_posix())
        if len(items) == 1 and isinstance(items[0].work, CallRecord):
            # One statement is a transaction of its own. sqlite3 lets go of the GIL, and has to get it back,
            # once a statement: from a busy event loop, that is what takes time.
            self._db.execute(UPSERT, fit(row_of(items[0].work, self._process)))
            return [None]
        committed = False
        try:
            self._db.execute("BEGIN IMMEDIATE")
            outcomes = list(self._do(items, fit))
            self._ending(self._db)
            self._db.execute("COMMIT")
            committed = True
        except BaseException:
            with suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
            raise
        finally:
            self._ended(committed)
        return outcomes

    def _do(self, items: Sequence[Item], fit: Fit) -> Iterator[Any]:
        for is_step, run in groupby([item.work for item in items], callable):
            if is_step:
                yield from (step(self._db, fit) for step in run if callable(step))
            else:
                rows = [fit(row_of(cast(CallRecord, call), self._process)) for call in run]
                self._db.executemany(UPSERT, rows)
                yield from [None] * len(rows)


def _tell(items: Sequence[Item], outcomes: Sequence[Any]) -> None:
    for item, outcome in zip(items, outcomes, strict=True):
        if item.written.done():  # cancelled
            if item.unheard is not None:
                item.unheard(outcome)
        elif isinstance(outcome, LedgerError):
            item.written.set_exception(outcome)
        else:
            item.written.set_result(outcome)
