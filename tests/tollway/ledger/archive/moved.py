"""Ledgers as files, and back: for the tests of both."""

from contextlib import closing
from pathlib import Path
from typing import Any

from tollway.ledger.archive.export import Style, Written, export
from tollway.ledger.archive.file import to_read
from tollway.ledger.archive.form import columns
from tollway.ledger.archive.importing import Imported, bring
from tollway.ledger.archive.reading import read
from tollway.ledger.archive.staging import Staged, stage
from tollway.ledger.connect import connect
from tollway.ledger.store import EARLIEST_US, LATEST_US

ALL = (EARLIEST_US, LATEST_US)


def out(path: Path, to: Path, style: Style = "jsonl", span: tuple[int, int] = ALL) -> Written:
    """Export a ledger."""
    with closing(connect(path, "process")) as db:
        return export(db, path, str(to), style, span)


def into(path: Path, file: Path) -> tuple[Staged, Imported]:
    """Import a file into a ledger."""
    with closing(connect(path, "process")) as db:
        known = columns(db)
        with to_read(str(file)) as opened:
            form, lines = read(opened, str(file), known)
            staged = stage(db, str(file), form, known, lines)
        return staged, bring(db, form, lambda seconds: None)


def rows(path: Path) -> list[Any]:
    """All that a ledger has of calls that are not in flight, and of merged ones."""
    with closing(connect(path, "process")) as db:
        names = ", ".join(each.name for each in columns(db))
        calls = db.execute(f"SELECT {names} FROM calls WHERE state <> 'open' ORDER BY id").fetchall()
        ids = "SELECT cut.id, calls.id FROM cut JOIN calls ON calls.rowid = merged ORDER BY 1"
        return [calls, db.execute(ids).fetchall()]
