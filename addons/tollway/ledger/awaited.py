"""What is remembered across calls and processes: whose ends are waited for, and what is known of files."""

import sqlite3

from tollway.ledger.row import COLUMNS, call_of
from tollway.model import CallRecord

UNSETTLED = "unsettled"
"""Flag of a cost: its end did not pass in the time that there was for it."""
KEPT_US = 62 * 86_400_000_000
"""How long it is remembered: providers keep results for a month."""

_AWAIT = "UPDATE calls SET awaited_us = ? WHERE id = ?"
_NAME = """INSERT INTO awaited (name, call, at_us) VALUES (?, ?, ?)
    ON CONFLICT (name) DO UPDATE SET call = excluded.call, at_us = excluded.at_us"""
_FIND = f"""SELECT {", ".join(COLUMNS)} FROM calls WHERE id = (SELECT call FROM awaited WHERE name = ?)"""
_NOTE = """INSERT INTO notes (name, note, at_us) VALUES (?, ?, ?)
    ON CONFLICT (name) DO UPDATE SET note = excluded.note, at_us = excluded.at_us"""
_NOTED = "SELECT note FROM notes WHERE name = ?"
_OVER = "DELETE FROM {} WHERE at_us < ?"


def wait_for(db: sqlite3.Connection, call: CallRecord, name: str, until_us: int) -> None:
    """Keep an open call from being taken for a dead process's until then, and know it by that name."""
    db.execute(_AWAIT, (until_us, call.id))
    db.execute(_NAME, (name, call.id, call.started_us))


def find(db: sqlite3.Connection, name: str) -> CallRecord | None:
    """As `Awaiting.awaited`."""
    row = db.execute(_FIND, (name,)).fetchone()
    return None if row is None else call_of(row)


def note(db: sqlite3.Connection, name: str, text: str, at_us: int) -> None:
    """As `Awaiting.note`."""
    db.execute(_NOTE, (name, text, at_us))


def noted(db: sqlite3.Connection, name: str) -> str | None:
    """As `Awaiting.noted`."""
    row = db.execute(_NOTED, (name,)).fetchone()
    return None if row is None else row[0]


def forget(db: sqlite3.Connection, now_us: int) -> None:
    """What is older than anybody asks for."""
    for table in ("awaited", "notes"):
        db.execute(_OVER.format(table), (now_us - KEPT_US,))
