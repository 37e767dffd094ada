"""What was told, by names: each a step of the writer's, or a reader's look."""

import sqlite3

from tollway.ledger.store import EARLIEST_US, Told

LONGEST = 1_000
"""Characters of a text that are kept."""
KEPT_US = 31 * 86_400_000_000
"""How long it is remembered after it may be told again."""

_TELL = """INSERT INTO told (name, at_us, until_us, text) VALUES (?, ?, ?, ?)
    ON CONFLICT (name) DO UPDATE
    SET at_us = excluded.at_us, until_us = excluded.until_us, text = excluded.text
    WHERE told.until_us <= excluded.at_us"""
_KNOWN = "SELECT 1 FROM told WHERE name = ? AND (until_us IS NULL OR until_us > ?)"
_TOLD = "SELECT name, at_us, text FROM told WHERE at_us >= ? AND text <> '' ORDER BY at_us, name"
_OVER = "DELETE FROM told WHERE until_us < ?"


def first_told(
    db: sqlite3.Connection, name: str, at_us: int, again_after_us: int | None = None, text: str = ""
) -> bool:
    """As `Incidents.first_told`."""
    until_us = None if again_after_us is None else at_us + again_after_us
    return db.execute(_TELL, (name, at_us, until_us, kept(text))).rowcount == 1


def is_told(db: sqlite3.Connection, name: str, at_us: int) -> bool:
    """Whether it was told, and is not to be told again yet."""
    return db.execute(_KNOWN, (name, at_us)).fetchone() is not None


def told(db: sqlite3.Connection, since_us: int = EARLIEST_US) -> list[Told]:
    """As `Books.told`."""
    return [Told(name=name, at_us=at_us, text=text) for name, at_us, text in db.execute(_TOLD, (since_us,))]


def forget(db: sqlite3.Connection, now_us: int) -> None:
    """What may have been told again long ago. What is told once is remembered."""
    db.execute(_OVER, (now_us - KEPT_US,))


def kept(text: str) -> str:
    """A text as stores can keep it."""
    return text[:LONGEST].encode("utf-8", "replace").decode()
