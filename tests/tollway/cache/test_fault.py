"""What the file of answers can't do, in words for the person who can mend it."""

import sqlite3
from pathlib import Path

import pytest

from tollway.cache.fault import CacheError, Damaged, explain
from tollway.errors import TollwayError


def of_sqlite(code: int) -> sqlite3.Error:
    error = sqlite3.DatabaseError("x")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (of_sqlite(sqlite3.SQLITE_NOTADB), "cache c.db: its file is no SQLite database: move it away"),
        (
            of_sqlite(sqlite3.SQLITE_CORRUPT | 1 << 8),
            "cache c.db: its file is damaged: delete it, nothing but answers is in it",
        ),
        (Damaged(), "cache c.db: its file is damaged: delete it, nothing but answers is in it"),
        (of_sqlite(sqlite3.SQLITE_FULL), "cache c.db: the disk is full: free some space"),
        (PermissionError(13, "Permission denied", "/x"), "cache c.db: Permission denied (/x)"),
        (TollwayError("the folder /x can't be made"), "the folder /x can't be made"),
    ],
)
def test_it_is_told(error: Exception, said: str) -> None:
    assert str(explain(error, Path("c.db"))) == said
    assert isinstance(explain(error, Path("c.db")), CacheError)
