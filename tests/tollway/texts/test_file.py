"""The file of texts: made for its owner alone, known as ours, never another program's."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from tollway.texts.fault import TextsError
from tollway.texts.file import FILE, beside, connect, connect_to_read


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the texts of a ledger go."""
    return beside(tmp_path / "ledger.db")


def test_it_lies_beside_the_ledger() -> None:
    assert beside(Path("/a/ledger.db")) == Path("/a/ledger.db.texts.db")


def test_it_is_its_owners_alone_with_all_that_lies_beside_it(path: Path) -> None:
    with closing(connect(path)) as db:
        db.execute("INSERT INTO texts VALUES (1, 'c', 'request', 'r', 0, 0, '', '', 0, 1, NULL, NULL, x'00')")
        files = list(path.parent.glob(f"{path.name}*"))

        assert len(files) == 3
        assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600] * 3


def test_what_is_deleted_is_overwritten_and_its_room_is_given_back(path: Path) -> None:
    with closing(connect(path)) as db:
        assert db.execute("PRAGMA secure_delete").fetchone() == (1,)
        assert db.execute("PRAGMA auto_vacuum").fetchone() == (2,)
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_again_it_is_opened_as_it_is(path: Path) -> None:
    for _ in range(2):
        connect(path).close()

    with closing(connect_to_read(path)) as db:
        assert db.execute("SELECT count(*) FROM texts").fetchone() == (0,)


def test_who_reads_changes_nothing(path: Path) -> None:
    connect(path).close()

    with closing(connect_to_read(path)) as db, pytest.raises(sqlite3.OperationalError, match="readonly"):
        db.execute("DELETE FROM texts")


@pytest.mark.parametrize("opened", [connect, connect_to_read])
def test_another_programs_file_is_left_alone(path: Path, opened: object) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE cookies (name TEXT)")

    with pytest.raises(TextsError, match="another program's database: move it away"):
        opened(path)  # type: ignore[operator]


@pytest.mark.parametrize("opened", [connect, connect_to_read])
def test_a_newer_releases_file_is_left_alone(path: Path, opened: object) -> None:
    with closing(connect(path)) as db:
        db.execute(f"PRAGMA user_version = {FILE.version + 1}")

    with pytest.raises(TextsError, match="a newer Tollway wrote it: update this one"):
        opened(path)  # type: ignore[operator]


@pytest.mark.parametrize("opened", [connect, connect_to_read])
def test_a_file_that_is_no_database_is_told(path: Path, opened: object) -> None:
    path.write_text("no database, but text of some length, so that nobody takes it for an empty one" * 20)

    with pytest.raises(TextsError, match="no SQLite database: move it away"):
        opened(path)  # type: ignore[operator]


def test_a_folder_in_its_place_is_told(path: Path) -> None:
    path.mkdir()

    for opened in (connect, connect_to_read):
        with pytest.raises(TextsError, match="its file can't be"):
            opened(path)


def test_a_file_that_nothing_was_written_to_yet_is_told_from_one_without_texts(path: Path) -> None:
    path.touch()

    with pytest.raises(TextsError, match="nothing was written to it yet"):
        connect_to_read(path)
