"""The file of answers: made for its owner alone, known as ours, never another program's."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from tollway.cache.fault import CacheError
from tollway.cache.file import FILE, beside, connect, connect_to_read


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the answers of a ledger go."""
    return beside(tmp_path / "ledger.db")


def test_it_lies_beside_the_ledger() -> None:
    assert beside(Path("/a/ledger.db")) == Path("/a/ledger.db.cache.db")


def test_it_is_its_owners_alone_with_all_that_lies_beside_it(path: Path) -> None:
    with closing(connect(path)) as db:
        db.execute("INSERT INTO bodies VALUES (1, x'00')")
        files = list(path.parent.glob(f"{path.name}*"))

        assert len(files) == 3
        assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600] * 3


def test_what_is_deleted_is_overwritten_and_its_room_can_be_given_back(path: Path) -> None:
    with closing(connect(path)) as db:
        assert db.execute("PRAGMA secure_delete").fetchone() == (1,)
        assert db.execute("PRAGMA auto_vacuum").fetchone() == (2,)
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_again_it_is_opened_as_it_is_and_who_reads_changes_nothing(path: Path) -> None:
    for _ in range(2):
        connect(path).close()

    with closing(connect_to_read(path)) as db:
        assert db.execute("SELECT count(*) FROM answers").fetchone() == (0,)
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            db.execute("DELETE FROM answers")


@pytest.mark.parametrize("opened", [connect, connect_to_read])
def test_another_programs_file_is_left_alone(path: Path, opened: type) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE cookies (name TEXT)")

    with pytest.raises(CacheError, match="another program's database: move it away"):
        opened(path)


@pytest.mark.parametrize("opened", [connect, connect_to_read])
def test_a_file_of_a_newer_version_is_left_alone(path: Path, opened: type) -> None:
    with closing(connect(path)) as db:
        db.execute(f"PRAGMA user_version = {FILE.version + 1}")

    with pytest.raises(CacheError, match="a newer Tollway wrote it"):
        opened(path)


@pytest.mark.parametrize("opened", [connect, connect_to_read])
def test_what_is_no_database_is_told(path: Path, opened: type) -> None:
    path.write_bytes(b"x" * 5000)

    with pytest.raises(CacheError, match="its file is no SQLite database: move it away"):
        opened(path)


def test_who_reads_makes_no_file_and_takes_an_empty_one_for_none(path: Path) -> None:
    with pytest.raises(CacheError, match="can't be opened"):
        connect_to_read(path)
    assert not path.exists()
    path.touch()
    with pytest.raises(CacheError, match="nothing was written to it yet"):
        connect_to_read(path)


def test_a_file_that_can_not_be_made_is_told(tmp_path: Path) -> None:
    path = tmp_path / "is a folder"
    path.mkdir()

    with pytest.raises(CacheError, match="can't be opened"):
        connect(path)
