"""What goes wrong, in words for the person who can mend it."""

import sqlite3
from pathlib import Path

import pytest

from tollway.ledger.fault import explain, is_of_the_file, unread


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


@pytest.mark.parametrize(
    ("error", "of_the_file"),
    [
        (fault(sqlite3.SQLITE_FULL), True),
        (fault(sqlite3.SQLITE_BUSY_SNAPSHOT), True),
        (OSError(28, "No space left on device"), True),
        (fault(sqlite3.SQLITE_CONSTRAINT_CHECK), False),
        (fault(sqlite3.SQLITE_ERROR), False),
        (sqlite3.ProgrammingError("no code"), False),
        (OverflowError("too large"), False),
    ],
    ids=repr,
)
def test_faults_of_the_file_are_told_from_those_of_a_row(error: Exception, of_the_file: bool) -> None:
    """The first would befall any other row as well."""
    assert is_of_the_file(error) is of_the_file


def test_what_can_not_be_read_as_we_have_written_it_is_damage() -> None:
    """What SQLite itself says is said."""
    assert "/l.db: its file is damaged: move it away" in str(unread(ValueError("no Billing"), Path("/l.db")))
    assert "/l.db: the disk is full" in str(unread(fault(sqlite3.SQLITE_FULL), Path("/l.db")))
