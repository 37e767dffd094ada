"""Reading a ledger as one moment had it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.tollway.ledger.samples import call
from tollway.ledger.connect import connect, connect_to_read
from tollway.ledger.fault import LedgerError
from tollway.ledger.one_state import one_state
from tollway.ledger.row import COLUMNS, UPSERT, call_of, row_of

COUNT = "SELECT count(*) FROM calls"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def written(path: Path) -> Iterator[sqlite3.Connection]:
    """A ledger that somebody writes."""
    with closing(connect(path, "process")) as db:
        yield db


def test_what_is_written_meanwhile_is_not_seen(path: Path, written: sqlite3.Connection) -> None:
    with closing(connect_to_read(path)) as db:
        with one_state(db, path):
            before = db.execute(COUNT).fetchone()
            written.execute(UPSERT, row_of(call("a"), "p"))
            assert db.execute(COUNT).fetchone() == before == (0,)
        with one_state(db, path):
            assert db.execute(COUNT).fetchone() == (1,)


def test_what_goes_wrong_names_the_ledger(path: Path, written: sqlite3.Connection) -> None:
    """The moment is over then."""
    with closing(connect_to_read(path)) as db:
        with pytest.raises(LedgerError, match=r"ledger\.db"), one_state(db, path):
            db.execute("SELECT nothing FROM nowhere")
        assert not db.in_transaction


def test_a_row_that_nobody_has_written_so_is_damage(path: Path, written: sqlite3.Connection) -> None:
    written.execute(UPSERT, row_of(call("a"), "p"))
    written.execute("PRAGMA ignore_check_constraints = 1")
    written.execute("UPDATE calls SET billing = 'metere'")

    with closing(connect_to_read(path)) as db:
        with pytest.raises(LedgerError, match=r"ledger\.db: its file is damaged"), one_state(db, path):
            call_of(db.execute(f"SELECT {', '.join(COLUMNS)} FROM calls").fetchone())
        assert not db.in_transaction
