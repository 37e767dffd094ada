"""From any release's tables to this one's."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.tollway.ledger.samples import FULL
from tollway.ledger import migrate as module
from tollway.ledger.books import SqliteBooks
from tollway.ledger.fault import LedgerError
from tollway.ledger.migrate import MIGRATIONS, migrate, missing
from tollway.ledger.row import COLUMNS, call_of, row_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the ledger is to be."""
    return tmp_path / "ledger.db"


@pytest.fixture
def db(path: Path) -> Iterator[sqlite3.Connection]:
    """An empty database."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        yield db


def tables(db: sqlite3.Connection) -> list[tuple[str, str]]:
    """All that the schema has."""
    return db.execute("SELECT name, sql FROM sqlite_schema ORDER BY name").fetchall()


def migrate_to(db: sqlite3.Connection, path: Path, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a release did that had the first `count` migrations."""
    with monkeypatch.context() as then:
        then.setattr(module, "MIGRATIONS", MIGRATIONS[:count])
        migrate(db, path)


def test_from_blank(db: sqlite3.Connection, path: Path) -> None:
    """All migrations are applied, once."""
    migrate(db, path)
    migrate(db, path)

    assert db.execute("SELECT name FROM migrations ORDER BY applied, name").fetchall() == [
        (name,) for name in MIGRATIONS
    ]
    assert missing(db, path) == ()


@pytest.mark.parametrize("count", range(1, len(MIGRATIONS)))
def test_from_each_release(
    db: sqlite3.Connection, path: Path, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With rows in it: none is changed, and the tables are those that blank leads to."""
    migrate_to(db, path, count, monkeypatch)
    assert missing(db, path) == MIGRATIONS[count:]
    columns = {name for (name,) in db.execute("SELECT name FROM pragma_table_info('calls')")}
    named = {n: v for n, v in zip(COLUMNS, row_of(FULL, "p"), strict=True) if n in columns}
    db.execute(
        f"INSERT INTO calls ({', '.join(named)}) VALUES ({', '.join('?' * len(named))})", [*named.values()]
    )
    migrate(db, path)

    with closing(sqlite3.connect(":memory:", isolation_level=None)) as blank:
        migrate(blank, path)
        assert tables(db) == tables(blank)
    with closing(SqliteBooks(path)) as books:
        assert list(books.calls()) == [call_of([named.get(name) for name in COLUMNS])]


def test_buckets_keep_what_they_have(
    db: sqlite3.Connection, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the release that kept it in their own rows."""
    migrate_to(db, path, 3, monkeypatch)
    db.execute(
        """INSERT INTO buckets (name, limit_name, limit_key, per, unit, start_us, rolling_us, amount, enforce,
            since_us, horizon, settled, held)
        VALUES ('b', 'day', 'k', '{"user": "ann"}', 'USD', 0, 60000000, 100, 'soft', 3, 4, 70, 20)"""
    )
    migrate(db, path)

    assert db.execute("SELECT * FROM balances").fetchall() == [(1, 100, "soft", 4, 70, 20, None, None)]
    assert db.execute("SELECT id, limit_name, per, since_us FROM buckets").fetchall() == [
        (1, "day", '{"user": "ann"}', 3)
    ]
    db.execute("DELETE FROM buckets")
    assert db.execute("SELECT count(*) FROM balances").fetchone() == (0,)


def test_reading_migrates_too(db: sqlite3.Connection, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A report after an update finds the tables it knows."""
    migrate_to(db, path, 1, monkeypatch)
    SqliteBooks(path).close()

    assert missing(db, path) == ()


def test_a_migration_that_fails_leaves_nothing(
    db: sqlite3.Connection, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All or nothing."""
    monkeypatch.setattr(module, "MIGRATIONS", (*MIGRATIONS, "900_not_there"))
    with pytest.raises(FileNotFoundError):
        migrate(db, path)

    assert tables(db) == []
    assert not db.in_transaction


def test_a_newer_ledger_is_left_alone(db: sqlite3.Connection, path: Path) -> None:
    """Neither written nor read."""
    migrate(db, path)
    db.execute("INSERT INTO migrations (name) VALUES ('900_future')")

    with pytest.raises(LedgerError, match=r"a newer Tollway wrote it \(900_future\): update this one"):
        migrate(db, path)
    with pytest.raises(LedgerError, match="a newer Tollway wrote it"):
        SqliteBooks(path)


def test_another_programs_database_is_left_alone(db: sqlite3.Connection, path: Path) -> None:
    """Not a byte of it is changed."""
    db.execute("CREATE TABLE bookmarks (url)")
    before = path.read_bytes()

    with pytest.raises(LedgerError, match="it is another program's database: name another file"):
        migrate(db, path)
    assert path.read_bytes() == before


OPEN = """
import sys
from tollway.ledger.open import open_ledger
for n in range(20):
    open_ledger(f"sqlite:{sys.argv[1]}{n}").close()
"""


def test_several_processes_make_one_ledger(path: Path, run_from: Path) -> None:
    """At the same moment, again and again: each finds it whole."""
    command = [sys.executable, "-c", OPEN, str(path)]
    processes = [subprocess.Popen(command, cwd=run_from) for _ in range(3)]

    assert [process.wait() for process in processes] == [0, 0, 0]
