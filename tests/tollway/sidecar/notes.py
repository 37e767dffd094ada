"""A file of notes: the simplest that lies beside a ledger."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from tollway.errors import TollwayError
from tollway.sidecar.fault import said
from tollway.sidecar.file import SidecarFile


class NotesError(TollwayError):
    """It can't be opened, read or written."""


def explain(error: Exception, path: Path) -> NotesError:
    """As for a user."""
    return NotesError(f"notes {path.name}: {said(error, path)}")


NOTES = SidecarFile(
    suffix=".notes.db",
    application_id=0x6E6F7465,
    version=3,
    tables="CREATE TABLE notes (note TEXT NOT NULL, until_us INTEGER NOT NULL) STRICT;\n"
    "CREATE INDEX notes_until ON notes (until_us);\n",
    explain=explain,
)


def write(db: sqlite3.Connection, notes: Sequence[tuple[str, int]]) -> None:
    """Notes, and when they are over."""
    db.executemany("INSERT INTO notes VALUES (?, ?)", notes)


def prune(db: sqlite3.Connection, now_us: int) -> None:
    """What is over."""
    db.execute("DELETE FROM notes WHERE until_us <= ?", (now_us,))


def notes(path: Path) -> Sequence[str]:
    """All that are there, in order."""
    with closing(NOTES.connect_to_read(path)) as db:
        return [note for (note,) in db.execute("SELECT note FROM notes ORDER BY rowid")]
