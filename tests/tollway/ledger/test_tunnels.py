"""What is kept of tunnels to AI services."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from tollway.discovery.sighting import Sighting, Who
from tollway.ledger.books import SqliteBooks
from tollway.ledger.connect import connect
from tollway.ledger.fault import LedgerError
from tollway.ledger.sqlite import SqliteLedger
from tollway.ledger.tunnels import FIRST_DAY, LAST_DAY, kept, note, put

ANN = Who("ann", "search", "curl", "10.0.0.1")
ONE = Sighting(
    day="2026-11-30", host="poe.com", who=ANN, connections=1, refused=2, sent_bytes=3, received_bytes=4,
    first_us=50, last_us=60,
)  # fmt: skip


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """An empty ledger."""
    with closing(connect(tmp_path / "ledger.db", "process")) as db:
        yield db


def test_it_is_read_as_it_was_noted_in_the_days_that_are_asked_for(db: sqlite3.Connection) -> None:
    later = replace(ONE, day="2026-12-01", who=Who())
    note(db, [later, ONE])

    assert kept(db) == [ONE, later]
    assert kept(db, "2026-12-01") == [later]
    assert kept(db, "2026-11-30", "2026-12-01") == [ONE]
    assert kept(db, "2026-12-02") == []


def test_what_is_noted_again_is_added_up_by_day_host_and_caller(db: sqlite3.Connection) -> None:
    note(db, [ONE, replace(ONE, first_us=40, last_us=55)])
    other = replace(ONE, who=ANN._replace(client="10.0.0.2"))
    note(db, [other])

    assert other in kept(db)
    assert kept(db)[0] == Sighting(
        day="2026-11-30", host="poe.com", who=ANN, connections=2, refused=4, sent_bytes=6, received_bytes=8,
        first_us=40, last_us=60,
    )  # fmt: skip


def test_what_nodes_tell_takes_the_place_of_what_they_told_and_never_counts_twice(
    db: sqlite3.Connection,
) -> None:
    """In whatever order it comes: counts only grow."""
    more = replace(ONE, connections=5, sent_bytes=30, last_us=99)
    put(db, [("a", ONE), ("a", more), ("b", ONE)])
    put(db, [("a", ONE), ("b", ONE)])

    assert kept(db) == [ONE, more]


async def test_a_ledger_keeps_it_for_those_who_read(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    ledger = SqliteLedger(path)
    await ledger.note_tunnels([ONE])
    await ledger.note_tunnels([ONE])
    ledger.close()

    with closing(SqliteBooks(path)) as books:
        assert [one.connections for one in books.tunnels(FIRST_DAY, LAST_DAY)] == [2]


def test_a_ledger_that_is_damaged_is_said(tmp_path: Path, db: sqlite3.Connection) -> None:
    with closing(SqliteBooks(tmp_path / "ledger.db")) as books:
        db.execute("ALTER TABLE tunnels RENAME COLUMN host TO hosts")
        with pytest.raises(LedgerError, match="no such column"):
            books.tunnels(FIRST_DAY, LAST_DAY)
