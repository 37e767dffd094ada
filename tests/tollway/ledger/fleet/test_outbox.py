"""Which rows of a journal are to go to the fleet's log."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.tollway.ledger.samples import call
from tollway.ledger.connect import connect
from tollway.ledger.fleet.outbox import make, sent, waiting
from tollway.ledger.row import UPSERT, row_of
from tollway.model import CallRecord


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A journal."""
    with closing(connect(tmp_path / "1.db", "process")) as db:
        make(db)
        yield db


def write(db: sqlite3.Connection, *calls: CallRecord) -> None:
    """Write rows."""
    db.executemany(UPSERT, [row_of(each, "p") for each in calls])


def test_rows_wait_once_they_have_ended_and_each_time_they_are_amended(db: sqlite3.Connection) -> None:
    """As they are by then."""
    write(db, call("a", state="open"))
    assert waiting(db, 9) == (0, [])
    write(db, call("a"), call("b"), call("a", error="x"))
    upto, calls = waiting(db, 9)

    assert [(each.id, each.error) for each in calls] == [("a", "x"), ("b", None), ("a", "x")]
    assert upto == 3


def test_what_was_sent_waits_no_more_and_what_came_meanwhile_does(db: sqlite3.Connection) -> None:
    write(db, call("a"), call("b"))
    upto, calls = waiting(db, 1)
    assert [each.id for each in calls] == ["a"]
    write(db, call("a", error="x"))
    sent(db, upto)

    assert [each.id for each in waiting(db, 9)[1]] == ["b", "a"]


def test_it_is_made_once(db: sqlite3.Connection) -> None:
    """By each process of a journal."""
    write(db, call("a"))
    make(db)

    assert len(waiting(db, 9)[1]) == 1
