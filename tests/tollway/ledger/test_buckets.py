"""Buckets of a ledger, and which of them a process remembers."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.tollway.ledger.limits import Limit, opened
from tests.tollway.ledger.samples import NOON_US
from tollway.budget.bucket import Bucket, Enforce
from tollway.ledger import buckets as module
from tollway.ledger.buckets import Buckets, Move
from tollway.ledger.connect import connect

(DAY,) = Limit().buckets(opened(), NOON_US)
(ROLLING,) = Limit("rolling", per=("team",), rolling=True).buckets(opened(), NOON_US)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A ledger without buckets."""
    with closing(connect(tmp_path / "ledger.db", "process")) as db:
        yield db


def make(db: sqlite3.Connection, buckets: Buckets, bucket: Bucket) -> int:
    """Make a bucket with an amount of 10."""
    return buckets.open(db, bucket, 10, Enforce.HARD, NOON_US, NOON_US)


def test_a_bucket_is_found_by_what_it_is(db: sqlite3.Connection) -> None:
    """By another process, too; and comes back as it was made."""
    id = make(db, Buckets(), ROLLING)
    other = Buckets()

    assert other.find(db, [DAY, ROLLING]) == [None, id]
    assert Buckets().bucket(db, [id, 99]) == {id: ROLLING}


def test_a_bucket_of_a_transaction_that_was_undone_is_not_there(db: sqlite3.Connection) -> None:
    """Nor is it remembered."""
    buckets = Buckets()
    db.execute("BEGIN")
    make(db, buckets, DAY)
    db.execute("ROLLBACK")
    buckets.ended(committed=False)

    assert buckets.find(db, [DAY]) == [None]
    id = make(db, buckets, DAY)
    buckets.ended(committed=True)
    assert buckets.find(db, [DAY]) == [id]


def test_memory_is_bounded(db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bucket that was forgotten is looked up again."""
    monkeypatch.setattr(module, "MOST_KNOWN", 1)
    buckets = Buckets()
    ids = [make(db, buckets, each) for each in (DAY, ROLLING)]
    buckets.ended(committed=True)

    assert buckets._ids == {}
    assert buckets.find(db, [DAY, ROLLING]) == ids


def test_an_id_is_never_used_twice(db: sqlite3.Connection) -> None:
    """Another process may remember it."""
    first = make(db, Buckets(), DAY)
    db.execute("DELETE FROM buckets")

    assert make(db, Buckets(), DAY) > first


def test_a_bucket_that_was_pruned_is_passed_over(db: sqlite3.Connection) -> None:
    """A late settlement of a call that counted in it goes on without."""
    buckets = Buckets()
    id = make(db, buckets, DAY)
    moves = [Move(id, 0, 0, 0, 7, 0), Move(99, 0, 0, 0, 7, 0)]

    assert [each.settled for each in buckets.move(db, moves)] == [7]
    db.execute("DELETE FROM buckets")
    assert buckets.move(db, moves) == ()
    assert buckets.balances(db, [id]) == ()
    assert buckets.move(db, []) == ()


def test_a_rolling_window_keeps_its_minutes(db: sqlite3.Connection) -> None:
    """Also those that are not in it: they move nothing."""
    buckets = Buckets()
    id = make(db, buckets, ROLLING)
    now = NOON_US // 60_000_000
    old = now - 24 * 60 - 1
    buckets.move(db, [Move(id, 0, 0, 0, 5, old)])
    buckets.move(db, [Move(id, 0, 0, 0, 3, now)])
    (balance,) = buckets.move(db, [Move(id, 0, 5, old, 6, now)])

    assert balance.settled == 9
    assert db.execute("SELECT minute, settled FROM minutes").fetchall() == [(old, 0), (now, 9)]
