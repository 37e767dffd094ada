"""Writing to a ledger what it has already: a page of the file, and nothing that anybody reads otherwise."""

import sqlite3

from tollway.readiness.condition import Condition


def touched(db: sqlite3.Connection) -> Condition:
    """Within a transaction. Raises sqlite3.Error where it can't be written: a full disk says so to nothing
    less."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    db.execute(f"PRAGMA user_version = {int(version)}")
    return Condition()
