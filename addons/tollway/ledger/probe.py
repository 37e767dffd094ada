"""Whether a ledger can be written to, found out without writing."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tollway.ledger.fault import FAULTS, unread
from tollway.ledger.migrate import missing


def behind(path: Path, seconds: float) -> bool:
    """Whether an older release wrote this ledger, which is there. `seconds`: what another's lock gets to go.

    Raises LedgerError where it can't be written to, or is none.
    """
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", timeout=seconds, uri=True)) as db:
            db.isolation_level = None
            lacks = missing(db, path)
            db.execute("BEGIN IMMEDIATE")
            # SQLite opens a file for reading where it may not write, and says so at the first page it writes.
            db.execute("PRAGMA user_version = 0")
            db.execute("ROLLBACK")
            return bool(lacks)
    except FAULTS as error:
        raise unread(error, path) from None
