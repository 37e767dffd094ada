"""What is known of merges: which calls merged rows stand for, and whether there was another one."""

import json
import sqlite3
from collections.abc import Iterable

_NAME = "merged"
"""Of a note in the ledger."""
_ONE_MORE = """INSERT INTO notes (name, note, at_us) VALUES (?, '1', ?)
    ON CONFLICT (name) DO UPDATE SET note = CAST(note AS INTEGER) + 1, at_us = excluded.at_us"""
_GENERATION = "SELECT note FROM notes WHERE name = ?"
_KNOWN = "SELECT id FROM cut WHERE id IN (SELECT value FROM json_each(?))"


def merged_ones(db: sqlite3.Connection, ids: Iterable[str]) -> frozenset[str]:
    """Those of these ids: brought once more, as a fleet's log may, they would count twice."""
    return frozenset(id for (id,) in db.execute(_KNOWN, (json.dumps(list(ids)),)))


def begin_another(db: sqlite3.Connection, now_us: int) -> None:
    """Note that rows are merged, within the transaction that does."""
    db.execute(_ONE_MORE, (_NAME, now_us))


def generation(db: sqlite3.Connection) -> str | None:
    """Another text after each merge; None: there was none of late."""
    row = db.execute(_GENERATION, (_NAME,)).fetchone()
    return None if row is None else str(row[0])
