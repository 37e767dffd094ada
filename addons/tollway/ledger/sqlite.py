"""The ledger in an SQLite file, which processes of one machine share."""

import asyncio
import logging
import sqlite3
import sys
from contextlib import ExitStack, closing
from pathlib import Path

from tollway.ledger.connect import Durability, connect
from tollway.ledger.fault import explain
from tollway.ledger.presence import Presence, mark_lost
from tollway.ledger.writer import Writer
from tollway.model import CallRecord

logger = logging.getLogger(__name__)


SWITCH_SECONDS = 0.00005
"""How soon a thread that waits for the GIL asks for it (CPython's default: 5 ms).

A busy event loop lets go of it at each system call, for a microsecond: too short for the writer to wake up
in, and each time its 5 ms begin anew. Measured on two cores under such a loop: a record took 200 ms once in a
hundred times, and 4 s at worst; with this setting, 6 ms and 16 ms.
"""


class SqliteLedger:
    """Writes to an SQLite file: see `connect` for what its rows outlive."""

    def __init__(self, path: Path, durability: Durability = "process") -> None:
        """Raises LedgerError."""
        with ExitStack() as undo:
            db = undo.enter_context(closing(connect(path, durability)))
            self._presence = Presence(path)
            undo.callback(self._presence.end)
            try:
                lost = mark_lost(db, path)
            except sqlite3.Error as error:
                raise explain(error, path) from None
            undo.pop_all()
        if lost:
            logger.warning("%d calls ended with their process; they are charged at their estimate", lost)
        self._writer = Writer(db, path, self._presence.process)
        sys.setswitchinterval(min(sys.getswitchinterval(), SWITCH_SECONDS))

    def record(self, call: CallRecord, soon: bool = False) -> "asyncio.Future[None]":
        """As `Ledger.record`."""
        return self._writer.put(call, soon)

    def close(self) -> None:
        """As `Ledger.close`."""
        self._writer.close()
        self._presence.end()
