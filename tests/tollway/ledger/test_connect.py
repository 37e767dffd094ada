"""Opening a file as a ledger: what may be wrong with it, and with where it is."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tollway.errors import TollwayError
from tollway.ledger.books import SqliteBooks
from tollway.ledger.connect import connect, connect_to_read
from tollway.ledger.fault import LedgerError

NOT_FOR_ROOT = pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")


@pytest.fixture
def sealed(tmp_path: Path) -> Iterator[Path]:
    """A folder that nobody may write to."""
    folder = tmp_path / "sealed"
    folder.mkdir(mode=0o500)
    yield folder
    folder.chmod(0o700)


def test_a_connection_is_as_promised(tmp_path: Path) -> None:
    """A log, and a commit that waits for the disk only where power is to be outlived."""
    for durability, synchronous in (("process", 1), ("power", 2)):
        with closing(connect(tmp_path / "ledger.db", durability)) as db:  # type: ignore[arg-type]
            assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
            assert db.execute("PRAGMA synchronous").fetchone() == (synchronous,)


@NOT_FOR_ROOT
def test_an_unwritable_folder_says_so(sealed: Path) -> None:
    """Before SQLite does, whose words help nobody."""
    with pytest.raises(TollwayError, match="can't be written to"):
        connect(sealed / "ledger.db", "process")


def test_a_folder_in_the_files_place_says_so(tmp_path: Path) -> None:
    """With its name."""
    with pytest.raises(LedgerError, match=r"ledger /.*: its file can't be opened"):
        connect(tmp_path, "process")


def test_a_file_in_the_folders_place_says_so(tmp_path: Path) -> None:
    """With its name."""
    (tmp_path / "x").write_text("")

    with pytest.raises(TollwayError, match="can't be made"):
        connect(tmp_path / "x" / "ledger.db", "process")


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    """To write and to read."""
    path = tmp_path / "notes.txt"
    text = "These are notes, and quite a few of them: longer than the header of a database.\n" * 10
    path.write_text(text)

    with pytest.raises(LedgerError, match="its file is no SQLite database: name another file with --ledger"):
        connect(path, "process")
    with pytest.raises(LedgerError, match="its file is no SQLite database"):
        SqliteBooks(path)
    assert path.read_text() == text


def test_another_that_makes_the_same_file_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite does not wait there by itself."""
    path = tmp_path / "ledger.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr("tollway.ledger.connect.time.sleep", lambda seconds: other.execute("ROLLBACK"))
        connect(path, "process").close()

        assert not other.in_transaction


def test_another_that_never_ends_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not longer than LOCK_SECONDS."""
    monkeypatch.setattr("tollway.ledger.connect.LOCK_SECONDS", 0.0)
    path = tmp_path / "ledger.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(LedgerError, match="another program holds its lock"):
            connect(path, "process")


def test_who_reads_can_not_write(tmp_path: Path) -> None:
    """Not even by mistake."""
    path = tmp_path / "a ledger?.db"
    connect(path, "process").close()

    with closing(connect_to_read(path)) as db, pytest.raises(sqlite3.OperationalError, match="readonly"):
        db.execute("DELETE FROM calls")


def test_a_schema_that_is_no_text_any_more_is_damage(tmp_path: Path) -> None:
    """Python can't even read what SQLite says of it."""
    path = tmp_path / "ledger.db"
    connect(path, "process").close()
    data = path.read_bytes()
    path.write_bytes(data.replace(b"CREATE TABLE calls", b"CREATE \xff\xfe\xfdLE calls", 1))

    with pytest.raises(LedgerError, match=r"ledger\.db: its file is damaged"):
        SqliteBooks(path)
    with pytest.raises(LedgerError, match=r"ledger\.db: its file is damaged"):
        connect(path, "process")
