"""What a file beside the ledger can't do, in words."""

import sqlite3
from pathlib import Path

import pytest

from tollway.sidecar.fault import NothingYet, Unusable, said


def failed(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("x")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Unusable("move it away"), "move it away"),
        (NothingYet("try again"), "try again"),
        (failed(sqlite3.SQLITE_NOTADB), "its file is no SQLite database: move it away"),
        (failed(sqlite3.SQLITE_FULL), "the disk is full: free some space"),
        (PermissionError(13, "Permission denied"), "Permission denied (n.db)"),
        (RuntimeError("odd"), "RuntimeError: odd"),
    ],
)
def test_it_says_what_to_do(error: Exception, words: str) -> None:
    assert said(error, Path("n.db")) == words
