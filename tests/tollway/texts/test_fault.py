"""What the file of texts can't do, in words."""

import sqlite3
from pathlib import Path

import pytest

from tollway.texts.fault import explain


def failed(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("x")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (failed(sqlite3.SQLITE_FULL), "the disk is full: free some space"),
        (failed(sqlite3.SQLITE_NOTADB), "its file is no SQLite database: move it away"),
        (PermissionError(13, "Permission denied"), "Permission denied (t.db)"),
        (RuntimeError("odd"), "RuntimeError: odd"),
    ],
)
def test_it_names_the_file_and_what_to_do(error: Exception, said: str) -> None:
    assert str(explain(error, Path("t.db"))) == f"texts t.db: {said}"
