"""Rows of a journal that ended, or were amended since, and are not in the fleet's log yet.

They are noted by triggers, in the transaction that changes the row: whatever ends a call, and however the
process ends.
"""

import sqlite3

from tollway.ledger.row import COLUMNS, call_of
from tollway.model import CallRecord

_MAKE = (
    "CREATE TABLE IF NOT EXISTS outbox (n INTEGER PRIMARY KEY AUTOINCREMENT, call TEXT NOT NULL)",
    """CREATE TRIGGER IF NOT EXISTS outbox_inserted AFTER INSERT ON calls WHEN new.state <> 'open'
    BEGIN INSERT INTO outbox (call) VALUES (new.id); END""",
    """CREATE TRIGGER IF NOT EXISTS outbox_updated AFTER UPDATE ON calls WHEN new.state <> 'open'
    BEGIN INSERT INTO outbox (call) VALUES (new.id); END""",
)
_WAITING = f"""SELECT n, {", ".join(f"calls.{name}" for name in COLUMNS)}
    FROM outbox JOIN calls ON calls.id = outbox.call ORDER BY n LIMIT ?"""
_AGAIN = """INSERT INTO outbox (call) SELECT id FROM calls
    WHERE state <> 'open' AND (started_us >= :since OR ended_us >= :since) ORDER BY rowid"""
_SENT = "DELETE FROM outbox WHERE n <= ?"


def make(db: sqlite3.Connection) -> None:
    """Have rows noted from now on."""
    for statement in _MAKE:
        db.execute(statement)


def waiting(db: sqlite3.Connection, most: int) -> tuple[int, list[CallRecord]]:
    """The first of them, as they are now, and up to which note they are."""
    rows = db.execute(_WAITING, (most,)).fetchall()
    return (rows[-1][0] if rows else 0), [call_of(row) for _, *row in rows]


def sent(db: sqlite3.Connection, upto: int) -> None:
    """The log has them up to this note."""
    db.execute(_SENT, (upto,))


def again(db: sqlite3.Connection, since_us: int) -> None:
    """Have what ended since then noted once more: the log may have lost it."""
    db.execute(_AGAIN, {"since": since_us})
