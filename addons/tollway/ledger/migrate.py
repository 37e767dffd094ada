"""The steps from an empty file, or from an older release's, to the tables that this release uses."""

import sqlite3
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

from tollway.ledger.fault import LedgerError

MIGRATIONS = (
    "001_calls",
    "002_bill",
    "003_budgets",
    "004_balances",
    "005_identity",
    "006_virtual_keys",
    "007_bill_of_callers",
    "008_owners",
    "009_findings",
    "010_rates",
    "011_cache",
    "012_awaited",
    "013_plans",
    "014_long",
    "015_tunnels",
    "016_told",
    "017_merged",
)
"""In the order they are applied; each is a file of `migrations/`. A released one is never changed."""

APPLICATION_ID = 0x746F6C6C
"""Marks the file as a ledger of Tollway's ("toll"), in its header."""


def missing(db: sqlite3.Connection, path: Path) -> tuple[str, ...]:
    """The migrations that a database lacks. Raises LedgerError if it is not, or not yet, ours to read."""
    # One statement, one state: another process may be making the tables right now.
    state = "SELECT (SELECT application_id FROM pragma_application_id), count(*) FROM sqlite_schema"
    mark, tables = db.execute(state).fetchone()
    if mark != APPLICATION_ID:
        if tables:
            raise LedgerError(f"ledger {path}: it is another program's database: name another file")
        return MIGRATIONS
    applied = [name for (name,) in db.execute("SELECT name FROM migrations ORDER BY name")]
    if unknown := [name for name in applied if name not in MIGRATIONS]:
        raise LedgerError(f"ledger {path}: a newer Tollway wrote it ({unknown[-1]}): update this one")
    return tuple(name for name in MIGRATIONS if name not in applied)


def migrate(db: sqlite3.Connection, path: Path) -> None:
    """Apply what is missing, all or nothing. Another process may try the same at the same time."""
    if not missing(db, path):
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        for name in missing(db, path):
            for statement in _statements(name):
                db.execute(statement)
            db.execute("INSERT INTO migrations (name) VALUES (?)", (name,))
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise


@cache
def _statements(name: str) -> tuple[str, ...]:
    """The statements of a migration; the first brings the table of migrations itself."""
    return tuple(_split(name))


def _split(name: str) -> Iterator[str]:
    if name == MIGRATIONS[0]:
        yield f"PRAGMA application_id = {APPLICATION_ID}"
        yield """CREATE TABLE migrations (
            name     TEXT PRIMARY KEY NOT NULL,
            applied  TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
        ) STRICT"""
    text = (files("tollway.ledger") / "migrations" / f"{name}.sql").read_text("utf-8")
    statement = ""
    for line in text.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
