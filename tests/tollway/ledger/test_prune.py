"""What is forgotten, and when."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.tollway.ledger.limits import DAY_US, Limit, opened
from tests.tollway.ledger.samples import NOON_US, call
from tollway.budget.amounts import Amounts
from tollway.budget.bucket import Enforce
from tollway.ledger.buckets import Buckets, Charge
from tollway.ledger.connect import connect
from tollway.ledger.prune import prune
from tollway.ledger.row import UPSERT, row_of

LATER_US = NOON_US + 64 * DAY_US


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A ledger with a call at noon, in a bucket of that day and in a rolling one, and an alert of each."""
    with closing(connect(tmp_path / "ledger.db", "process")) as db:
        db.execute(UPSERT, row_of(call("a"), "p"))
        buckets = Buckets()
        for limit in (Limit(), Limit("rolling", rolling=True)):
            (bucket,) = limit.buckets(opened(), NOON_US)
            id = buckets.open(db, bucket, 10, Enforce.HARD, NOON_US, NOON_US).id
            buckets.move(db, {id: 0}, plus=Charge(Amounts(nano=5), NOON_US // 60_000_000))
            db.execute("INSERT INTO alerts VALUES (?, 80, 0)", (id,))
        buckets.flush(db)
        yield db


def left(db: sqlite3.Connection) -> list[str]:
    """The limits that have a bucket."""
    return [name for (name,) in db.execute("SELECT limit_name FROM buckets ORDER BY id")]


def roll(db: sqlite3.Connection, now_us: int) -> None:
    """Have the rolling window be as of then."""
    buckets = Buckets()
    buckets.look(db, [*buckets.bucket(db, [2]).values()], now_us)
    buckets.flush(db)


def test_what_was_over_long_ago_is_forgotten(db: sqlite3.Connection) -> None:
    """With its alerts, and its minutes; a rolling window once nothing is in it."""
    db.execute(UPSERT, row_of(call("b", started_us=LATER_US), "p"))
    prune(db, LATER_US)
    assert left(db) == ["rolling"]
    roll(db, LATER_US)
    prune(db, LATER_US)

    assert left(db) == []
    assert db.execute("SELECT count(*) FROM minutes").fetchone() == (0,)
    assert db.execute("SELECT count(*) FROM alerts").fetchone() == (0,)


def test_a_wrong_clock_alone_makes_nothing_forgotten(db: sqlite3.Connection) -> None:
    """No call came that late: it may be right again tomorrow, and the limits are to hold then."""
    prune(db, LATER_US)

    assert left(db) == ["month", "rolling"]


def test_what_is_held_is_never_forgotten(db: sqlite3.Connection) -> None:
    """However long ago."""
    db.execute(UPSERT, row_of(call("b", started_us=LATER_US), "p"))
    db.execute("UPDATE balances SET held = 1")
    roll(db, LATER_US)
    prune(db, LATER_US)

    assert left(db) == ["month", "rolling"]


def test_minutes_that_a_clock_may_bring_back_are_kept(db: sqlite3.Connection) -> None:
    """For a week after they left their window."""
    for days, count in ((8, 1), (9, 0)):
        roll(db, NOON_US + days * DAY_US)
        prune(db, NOON_US)
        expected = db.execute("SELECT count(*) FROM minutes WHERE minute < ?", (NOON_US // 60_000_000 + 1,))
        assert expected.fetchone() == (count,)


def test_an_empty_ledger_has_nothing_to_forget(tmp_path: Path) -> None:
    """Nor to go by."""
    with closing(connect(tmp_path / "empty.db", "process")) as db:
        prune(db, NOON_US)
