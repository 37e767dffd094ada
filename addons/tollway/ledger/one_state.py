"""Reading a ledger as one moment had it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tollway.ledger.fault import FAULTS, unread


@contextmanager
def one_state(db: sqlite3.Connection, path: Path) -> Iterator[None]:
    """All that is read within is of one moment. Raises LedgerError for what SQLite raises there."""
    try:
        db.execute("BEGIN")
        try:
            yield
        finally:
            db.execute("COMMIT")
    except FAULTS as error:
        raise unread(error, path) from None
