"""What the ledger can't do, in words for the person who can mend it."""

import sqlite3
from pathlib import Path

from tollway.errors import TollwayError


class LedgerError(TollwayError):
    """The ledger can't be opened, read or written."""


FAULTS = (sqlite3.Error, ValueError)
"""What reading a file raises: SQLite's errors, and what comes of bytes that we have not written: in its
schema (UnicodeDecodeError), or in a row."""

_SAID = {
    sqlite3.SQLITE_BUSY: "another program holds its lock: close what is writing to it (a database browser?)",
    sqlite3.SQLITE_LOCKED: "another connection holds its lock: try again",
    sqlite3.SQLITE_FULL: "the disk is full: free some space",
    sqlite3.SQLITE_IOERR: "its file can't be read or written: is the disk full, or are file sizes limited?",
    sqlite3.SQLITE_READONLY: "its file, or its folder, can't be written to: make both writable",
    sqlite3.SQLITE_PERM: "its file, or its folder, can't be written to: make both writable",
    sqlite3.SQLITE_CANTOPEN: "its file can't be opened: make it, and its folder, readable and writable",
    sqlite3.SQLITE_NOTADB: "its file is no SQLite database: name another file with --ledger",
    sqlite3.SQLITE_CORRUPT: "its file is damaged: move it away and restore a backup, or rescue it with "
    "`sqlite3 FILE .recover`",
}
"""SQLite's primary result code -> what it means here, and what to do."""


def explain(error: Exception, path: Path) -> LedgerError:
    """An exception of SQLite, or of a system call, as one for the user."""
    return LedgerError(f"ledger {path}: {said(error, path)}")


def unread(error: Exception, path: Path) -> LedgerError:
    """One of FAULTS, as one for the user."""
    if isinstance(error, ValueError):
        return LedgerError(f"ledger {path}: {_SAID[sqlite3.SQLITE_CORRUPT]}")
    return explain(error, path)


def said(error: Exception, path: Path) -> str:
    """What went wrong with a file, and what to do."""
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(error, OSError):
        return f"{error.strerror} ({error.filename or path})"
    if code is not None and code & 0xFF in _SAID:
        return _SAID[code & 0xFF]
    return f"{type(error).__name__}: {error}"


def is_of_the_file(error: Exception) -> bool:
    """Whether it has to do with the file, and not with what was to be written to it."""
    return isinstance(error, OSError) or getattr(error, "sqlite_errorcode", 0) & 0xFF in _SAID
