"""What the file of texts can't do, in words for the person who can mend it."""

import sqlite3
from pathlib import Path

from tollway.errors import TollwayError
from tollway.ledger.fault import said


class TextsError(TollwayError):
    """It can't be opened, read or written."""


def explain(error: Exception, path: Path) -> TextsError:
    """An exception of SQLite, or of a system call, as one for the user."""
    if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_NOTADB:
        return TextsError(f"texts {path}: its file is no SQLite database: move it away")
    return TextsError(f"texts {path}: {said(error, path)}")
