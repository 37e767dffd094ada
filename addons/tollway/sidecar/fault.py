"""What a file beside the ledger can't do, in words for the person who can mend it."""

import sqlite3
from pathlib import Path

from tollway.ledger import fault

_NOTADB = "its file is no SQLite database: move it away"


class Unusable(Exception):
    """It isn't what it should be; the text says what to do."""


class NothingYet(Unusable):
    """It is just being made."""


def said(error: Exception, path: Path) -> str:
    """What went wrong with it, and what to do."""
    if isinstance(error, Unusable):
        return str(error)
    if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_NOTADB:
        return _NOTADB
    return fault.said(error, path)
