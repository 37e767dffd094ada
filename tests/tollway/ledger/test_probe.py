"""Whether a ledger can be written to, without writing."""

import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from tollway.ledger import migrate
from tollway.ledger.connect import connect
from tollway.ledger.fault import LedgerError
from tollway.ledger.probe import behind

SECONDS = 0.05


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A ledger's file."""
    connect(tmp_path / "ledger.db", "process").close()
    return tmp_path / "ledger.db"


def test_one_of_this_release_is_as_it_was(path: Path) -> None:
    before = path.read_bytes()

    assert behind(path, SECONDS) is False
    assert path.read_bytes() == before


def test_one_of_an_older_release_is_not_brought_up_to_date(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "MIGRATIONS", (*migrate.MIGRATIONS, "999_new"))

    assert behind(path, SECONDS) is True
    with closing(sqlite3.connect(path)) as db:
        assert ("999_new",) not in db.execute("SELECT name FROM migrations").fetchall()


def test_one_of_a_newer_release_is_told(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO migrations (name) VALUES ('999_new')")

    with pytest.raises(LedgerError, match=r"a newer Tollway wrote it \(999_new\): update this one"):
        behind(path, SECONDS)


def test_one_whose_schema_is_no_text_any_more_is_damaged(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"CREATE TABLE calls", b"CREATE \xff\xfe\xfdLE calls", 1))

    with pytest.raises(LedgerError, match="its file is damaged"):
        behind(path, SECONDS)


def test_what_another_holds_is_not_waited_for(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(LedgerError, match="another program holds its lock"):
            behind(path, SECONDS)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no database, and long enough to be seen as none" * 100, "no SQLite database"),
        (None, "its file can't be opened"),
    ],
    ids=["text", "none"],
)
def test_what_is_none_is_told(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "other.db"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(LedgerError, match=said):
        behind(path, SECONDS)
    assert path.exists() == (content is not None)


def test_another_programs_database_is_told(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as db, db:
        db.execute("CREATE TABLE t (x)")

    with pytest.raises(LedgerError, match="it is another program's database"):
        behind(tmp_path / "other.db", SECONDS)


READ_ONLY = """
import os, sys
from pathlib import Path
from tollway.ledger.fault import LedgerError
from tollway.ledger.probe import behind
if os.geteuid() == 0:
    os.setuid(65534)
try:
    behind(Path(sys.argv[1]), 0.05)
except LedgerError as error:
    print(error)
"""


def test_one_that_can_only_be_read_is_told() -> None:
    """By a user who is not root, whom nothing stops."""
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders are closed to others
        folder = Path(name)
        connect(folder / "ledger.db", "process").close()
        (folder / "ledger.db").chmod(0o444)
        folder.chmod(0o555)
        words = [sys.executable, "-c", READ_ONLY, str(folder / "ledger.db")]

        ran = subprocess.run(words, capture_output=True, text=True, timeout=60)

        folder.chmod(0o700)
    assert "its file, or its folder, can't be written to" in ran.stdout, ran.stderr
