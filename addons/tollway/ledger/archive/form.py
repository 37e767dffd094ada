"""What the first line of an export says: which tables it is of, its columns, and how many lines follow."""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from tollway.ledger.fault import LedgerError
from tollway.ledger.migrate import MIGRATIONS

TIED = ("policy", "holds", "lease_us")
"""Columns that are left out: they name what only the ledger has that they are in, limits and buckets."""
INTO = "merged_into"
"""Of a line that has no row but the id of a call: the id of the merged row that stands for it."""

_COLUMNS = """SELECT name, type = 'INTEGER', "notnull" FROM pragma_table_info('calls') ORDER BY cid"""


class Column(NamedTuple):
    """A column of `calls`."""

    name: str
    counts: bool
    """It has integers; else texts."""
    needed: bool
    """It is never absent."""


class Form(NamedTuple):
    """What the first line says."""

    schema: str
    """The newest migration of the ledger that it is of."""
    columns: tuple[str, ...]
    lines: int
    """That follow."""


def columns(db: sqlite3.Connection) -> tuple[Column, ...]:
    """Those that are exported, in the table's order."""
    found = [Column(name, bool(counts), bool(needed)) for name, counts, needed in db.execute(_COLUMNS)]
    return tuple([each for each in found if each.name not in TIED])


def form_of(db: sqlite3.Connection, lines: int) -> Form:
    """That of an export of this ledger."""
    return Form(MIGRATIONS[-1], tuple([each.name for each in columns(db)]), lines)


def check(form: Form, known: Sequence[Column], file: str) -> None:
    """Raises LedgerError unless this release can read it."""
    if form.schema not in MIGRATIONS:
        raise LedgerError(f"{file}:1: a newer Tollway wrote it ({form.schema}): update this one")
    names = [each.name for each in known]
    if strange := [name for name in form.columns if name not in names]:
        raise LedgerError(
            f"{file}:1: columns: {strange[0][:40]!r} is none of a ledger's: is the file an export?"
        )
    if missing := [name for name in ("id", "started_us", "state") if name not in form.columns]:
        raise LedgerError(f"{file}:1: columns: {missing[0]!r} is missing: is the file an export?")
    if twice := [name for name in form.columns if form.columns.count(name) > 1]:
        raise LedgerError(f"{file}:1: columns: {twice[0]!r} is there twice: is the file an export?")
