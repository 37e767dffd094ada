"""What the file of answers can't do, in words for the person who can mend it."""

import sqlite3
from pathlib import Path

from tollway.errors import TollwayError
from tollway.sidecar.fault import NothingYet, said

_DAMAGED = "its file is damaged: delete it, nothing but answers is in it"


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
    kind = Empty if isinstance(error, NothingYet) else CacheError
    return kind(f"cache {path}: {_DAMAGED if _is_damage(error) else said(error, path)}")


def _is_damage(error: Exception) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return isinstance(error, Damaged) or code == sqlite3.SQLITE_CORRUPT
