"""What goes wrong, in words for the person who can mend it."""

import sqlite3
from pathlib import Path

import pytest

from tollway.ledger.fault import explain


def fault(code: int) -> sqlite3.Error:
    """An error of SQLite's with a result code."""
    error = sqlite3.OperationalError("x")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (fault(sqlite3.SQLITE_FULL), "the disk is full: free some space"),
        (fault(sqlite3.SQLITE_BUSY_SNAPSHOT), "another program holds its lock: close what is writing to it"),
        (fault(sqlite3.SQLITE_READONLY_DBMOVED), "can't be written to: make both writable"),
        (OSError(13, "Permission denied", "/x"), "Permission denied (/x)"),
        (OSError(13, "Permission denied"), "Permission denied (/l.db)"),
        (fault(sqlite3.SQLITE_MISUSE), "OperationalError: x"),
        (TypeError("y"), "TypeError: y"),
    ],
    ids=str,
)
def test_errors_say_what_to_do(error: Exception, said: str) -> None:
    """Extended result codes as their primary one; what is unknown as it is."""
    explained = str(explain(error, Path("/l.db")))

    assert explained.startswith("ledger /l.db: ")
    assert said in explained
