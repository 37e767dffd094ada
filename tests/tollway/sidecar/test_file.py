"""A file beside the ledger: made for its owner alone, known as ours, never another program's."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from threading import Barrier, Thread

import pytest

from tests.tollway.sidecar.notes import NOTES, NotesError, notes, write
from tollway.sidecar import file
from tollway.sidecar.file import LOG_BYTES

CONNECTS = pytest.mark.parametrize("connect", [NOTES.connect, NOTES.connect_to_read])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the notes of a ledger go; its folder is not there yet."""
    return NOTES.beside(tmp_path / "new" / "ledger.db")


def test_it_lies_beside_the_ledger() -> None:
    assert NOTES.beside(Path("/a/ledger.db")) == Path("/a/ledger.db.notes.db")


def test_it_is_made_with_its_folder_for_its_owner_alone(path: Path) -> None:
    with closing(NOTES.connect(path)) as db:
        write(db, [("a", 0)])
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}

    assert modes == dict.fromkeys((path.name, f"{path.name}-shm", f"{path.name}-wal"), 0o600)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_what_is_deleted_is_overwritten_and_the_log_stays_short(path: Path) -> None:
    with closing(NOTES.connect(path)) as db:
        assert db.execute("PRAGMA secure_delete").fetchone() == (1,)
        assert db.execute("PRAGMA auto_vacuum").fetchone() == (2,)
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert db.execute("PRAGMA journal_size_limit").fetchone() == (LOG_BYTES,)


def test_it_bears_its_mark_its_version_and_its_tables(path: Path) -> None:
    with closing(NOTES.connect(path)) as db:
        assert db.execute("PRAGMA application_id").fetchone() == (NOTES.application_id,)
        assert db.execute("PRAGMA user_version").fetchone() == (NOTES.version,)
        names = {name for (name,) in db.execute("SELECT name FROM sqlite_schema")}

    assert names == {"notes", "notes_until"}
    assert len(NOTES.statements()) == 2


def test_opened_again_it_is_as_it_was(path: Path) -> None:
    with closing(NOTES.connect(path)) as db:
        write(db, [("a", 0)])
    NOTES.connect(path).close()

    assert notes(path) == ["a"]


def test_who_reads_changes_nothing(path: Path) -> None:
    NOTES.connect(path).close()

    with (
        closing(NOTES.connect_to_read(path)) as db,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        db.execute("DELETE FROM notes")


def test_opened_first_by_several_at_once_it_is_made_once(path: Path) -> None:
    together, opened = Barrier(4), []

    def open_it() -> None:
        together.wait()
        opened.append(NOTES.connect(path))

    threads = [Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for db in opened:
        db.close()

    assert len(opened) == 4
    assert notes(path) == []


@CONNECTS
def test_another_programs_file_is_left_alone(tmp_path: Path, connect: type) -> None:
    path = NOTES.beside(tmp_path / "ledger.db")
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE cookies (name TEXT)")

    with pytest.raises(NotesError, match="it is another program's database: move it away"):
        connect(path)

    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT name FROM sqlite_schema").fetchall() == [("cookies",)]


@CONNECTS
def test_a_newer_releases_file_is_left_alone(path: Path, connect: type) -> None:
    with closing(NOTES.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {NOTES.version + 1}")

    with pytest.raises(NotesError, match="a newer Tollway wrote it: update this one"):
        connect(path)


@CONNECTS
def test_what_is_no_database_is_told(tmp_path: Path, connect: type) -> None:
    path = NOTES.beside(tmp_path / "ledger.db")
    path.write_bytes(b"x" * 5000)

    with pytest.raises(NotesError, match="no SQLite database: move it away"):
        connect(path)


@CONNECTS
def test_a_folder_in_its_place_is_told(tmp_path: Path, connect: type) -> None:
    path = NOTES.beside(tmp_path / "ledger.db")
    path.mkdir()

    with pytest.raises(NotesError, match="its file can't be"):
        connect(path)


def test_who_reads_makes_no_file_and_takes_an_empty_one_for_none(tmp_path: Path) -> None:
    path = NOTES.beside(tmp_path / "ledger.db")
    with pytest.raises(NotesError, match="can't be opened") as raised:
        NOTES.connect_to_read(path)
    assert isinstance(raised.value.__cause__, sqlite3.OperationalError)
    assert not path.exists()
    path.touch()

    with pytest.raises(NotesError, match="nothing was written to it yet: try again"):
        NOTES.connect_to_read(path)


def test_a_lock_is_waited_for_and_then_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "LOCK_SECONDS", 0.01)
    NOTES.connect(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")

        with pytest.raises(NotesError, match="another program holds its lock"):
            NOTES.connect(path)
        with pytest.raises(NotesError, match="another program holds its lock"):
            NOTES.connect_to_read(path, wait_seconds=0)
