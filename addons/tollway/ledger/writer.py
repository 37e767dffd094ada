"""One thread writes: what has queued up meanwhile goes into one transaction."""

import asyncio
import logging
import sqlite3
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import NamedTuple

from tollway.ledger.fault import LedgerError, explain
from tollway.ledger.row import UPSERT, Row, row_of, storable
from tollway.model import CallRecord

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 512
"""Rows in a transaction: enough that its fixed cost vanishes, few enough that it takes milliseconds."""

SOON_SECONDS = 0.02
"""How long a row that nobody waits for may wait: killed in between, its call stays at its estimate."""

IDLE_SECONDS = 0.5
"""With nothing to write for that long, the log is written through."""


class Item(NamedTuple):
    """A call to write, and who waits for it."""

    call: CallRecord
    written: "asyncio.Future[None]"


class Writer:
    """Takes calls from the event loop, without ever making it wait; writes them in a thread of its own."""

    def __init__(self, db: sqlite3.Connection, path: Path, process: str) -> None:
        """`db` is the thread's alone from here on; it closes it."""
        self._db = db
        self._path = path
        self._process = process
        self._queue: SimpleQueue[Sequence[Item] | None] = SimpleQueue()
        self._later: deque[Item] = deque()
        self._closed = False
        self._unsynced = False
        self._thread = Thread(target=self._run, name="tollway-ledger", daemon=True)
        self._thread.start()

    def put(self, call: CallRecord, soon: bool = False) -> "asyncio.Future[None]":
        """Queue a call. `soon`: it may wait SOON_SECONDS for one that can't, and share its transaction."""
        loop = asyncio.get_running_loop()
        written = loop.create_future()
        self._later.append(Item(call, written))
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
        try:
            self._commit([row_of(item.call, self._process) for item in items])
        except sqlite3.OperationalError as error:
            _resolve(items, explain(error, self._path))  # of the file: no row would fare better
        except Exception:
            self._write_each(items)  # of a row: the others are not to suffer
        else:
            _resolve(items, None)

    def _write_each(self, items: Sequence[Item]) -> None:
        for item in items:
            error = self._error_of(item.call)
            _resolve([item], error)

    def _error_of(self, call: CallRecord) -> LedgerError | None:
        """Write a call whose row may not be as the table wants it; what went wrong, if that fails as well."""
        row: Row | None = None
        try:
            row = row_of(call, self._process)
            self._commit([row])
        except Exception as first:
            try:
                if row is None:
                    raise
                self._commit([storable(row)])
            except Exception as error:
                return explain(error, self._path)
            logger.warning("call %s is not as the ledger wants it (%s): flagged out_of_range", call.id, first)
        return None

    def _commit(self, rows: Sequence[Row]) -> None:
        self._unsynced = True
        if len(rows) == 1:
            # One statement is a transaction of its own. sqlite3 lets go of the GIL, and has to get it back,
            # once a statement: from a busy event loop, that is what takes time.
            self._db.execute(UPSERT, rows[0])
            return
        try:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany(UPSERT, rows)
            self._db.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
            raise


def _resolve(items: Sequence[Item], error: LedgerError | None) -> None:
    """Tell all who wait, with one wake-up of the event loop."""
    with suppress(RuntimeError):  # the loop was closed: nobody waits any more
        items[0].written.get_loop().call_soon_threadsafe(_tell, items, error)


def _tell(items: Sequence[Item], error: LedgerError | None) -> None:
    for item in items:
        if item.written.done():  # cancelled
            continue
        if error is None:
            item.written.set_result(None)
        else:
            item.written.set_exception(error)
