"""What the file of answers can't do, in words for the person who can mend it."""

import sqlite3
from pathlib import Path

from tollway.errors import TollwayError
from tollway.ledger.fault import said

_SAID = {
    sqlite3.SQLITE_NOTADB: "its file is no SQLite database: move it away",
    sqlite3.SQLITE_CORRUPT: "its file is damaged: delete it, nothing but answers is in it",
}


class CacheError(TollwayError):
    """It can't be opened, read or written."""


class Empty(CacheError):
    """It is just being made."""


class Damaged(Exception):
    """What was read is not what was written."""


FAULTS = (sqlite3.Error, CacheError, Damaged, ValueError)
"""What reading raises: the last of them of bytes that are none of ours."""


def explain(error: Exception, path: Path) -> CacheError:
    """An exception of SQLite, of a system call, or of what was read, as one for the user."""
    if isinstance(error, TollwayError):
        return CacheError(str(error))
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if isinstance(error, Damaged):
        code = sqlite3.SQLITE_CORRUPT
    return CacheError(f"cache {path}: {_SAID.get(code) or said(error, path)}")
