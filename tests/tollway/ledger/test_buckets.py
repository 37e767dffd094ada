"""Buckets of a ledger, and which of them a process remembers."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.tollway.ledger.limits import Limit, opened
from tests.tollway.ledger.samples import NOON_US
from tollway.budget.amounts import Amounts, Unit
from tollway.budget.bucket import Bucket, Enforce, Want
from tollway.ledger import buckets as module
from tollway.ledger.buckets import Buckets, Charge
from tollway.ledger.connect import connect

(DAY,) = Limit().buckets(opened(), NOON_US)
(ROLLING,) = Limit("rolling", per=("team",), rolling=True).buckets(opened(), NOON_US)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A ledger without buckets."""
    with closing(connect(tmp_path / "ledger.db", "process")) as db:
        yield db


def make(db: sqlite3.Connection, buckets: Buckets, bucket: Bucket) -> int:
    """Make a bucket with an amount of 10. Its id."""
    return buckets.open(db, bucket, 10, Enforce.HARD, NOON_US, NOON_US).id


def found(db: sqlite3.Connection, buckets: Buckets, *wanted: Bucket) -> list[int | None]:
    """The ids of buckets; None: there is none."""
    return [None if state is None else state.id for state in buckets.find(db, wanted)]


def test_a_bucket_is_found_by_what_it_is(db: sqlite3.Connection) -> None:
    """By another process, too; and comes back as it was made."""
    id = make(db, Buckets(), ROLLING)
    other = Buckets()

    assert found(db, other, DAY, ROLLING) == [None, id]
    assert Buckets().bucket(db, [id, 99]) == {id: ROLLING}


def test_a_bucket_of_a_transaction_that_was_undone_is_not_there(db: sqlite3.Connection) -> None:
    """Nor is it remembered."""
    buckets = Buckets()
    db.execute("BEGIN")
    make(db, buckets, DAY)
    db.execute("ROLLBACK")
    buckets.ended(committed=False)

    assert found(db, buckets, DAY) == [None]
    id = make(db, buckets, DAY)
    buckets.ended(committed=True)
    assert found(db, buckets, DAY) == [id]


def test_memory_is_bounded(db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bucket that was forgotten is looked up again."""
    monkeypatch.setattr(module, "MOST_KNOWN", 1)
    buckets = Buckets()
    ids = [make(db, buckets, each) for each in (DAY, ROLLING)]
    buckets.ended(committed=True)

    assert buckets._ids == {}
    assert found(db, buckets, DAY, ROLLING) == ids


def test_an_id_is_never_used_twice(db: sqlite3.Connection) -> None:
    """Another process may remember it."""
    first = make(db, Buckets(), DAY)
    db.execute("DELETE FROM buckets")

    assert make(db, Buckets(), DAY) > first


def test_a_bucket_that_was_pruned_is_passed_over(db: sqlite3.Connection) -> None:
    """A late settlement of a call that counted in it goes on without."""
    buckets = Buckets()
    id = make(db, buckets, DAY)
    held, charge = {id: 3, 99: 3}, Charge(Amounts(nano=7), 0)

    assert [(each.settled, each.held) for each in buckets.move(db, held, plus=charge)] == [(7, 3)]
    buckets.hand_over(db)
    db.execute("DELETE FROM buckets")
    assert buckets.move(db, held, plus=charge) == ()
    assert buckets.balances(db, [id]) == ()


def test_a_bucket_that_another_process_pruned_is_made_anew(db: sqlite3.Connection, tmp_path: Path) -> None:
    """What is held in it next is not lost; buckets that are there are found as before."""
    buckets = Buckets()
    day, rolling = (make(db, buckets, each) for each in (DAY, ROLLING))
    buckets.ended(committed=True)
    with closing(connect(tmp_path / "ledger.db", "process")) as other:
        other.execute("DELETE FROM buckets WHERE id = ?", (rolling,))

    assert found(db, buckets, DAY, ROLLING) == [day, None]
    again = make(db, buckets, ROLLING)
    (state,) = buckets.find(db, [ROLLING])
    assert state is not None
    buckets.hold(state, Want(bucket=ROLLING, amount=10, enforce=Enforce.HARD, hold=4), 0)
    buckets.flush(db)
    assert db.execute("SELECT bucket, held FROM balances").fetchall() == [(day, 0), (again, 4)]


def test_a_pruned_bucket_whose_making_is_undone_is_not_there(db: sqlite3.Connection) -> None:
    buckets = Buckets()
    db.execute("BEGIN")
    id = make(db, buckets, DAY)
    buckets.hand_over(db)
    db.execute("DELETE FROM buckets WHERE id = ?", (id,))
    assert found(db, buckets, DAY) == [None]
    db.execute("ROLLBACK")
    buckets.ended(committed=False)

    assert found(db, buckets, DAY) == [None]


def test_one_charge_takes_the_place_of_another(db: sqlite3.Connection) -> None:
    """In each bucket in its unit, and what is held goes."""
    buckets = Buckets()
    day = make(db, buckets, DAY)
    (tokens,) = Limit("tokens", unit=Unit.TOKENS).buckets(opened(), NOON_US)
    others = make(db, buckets, tokens)
    buckets.move(db, {day: 9, others: 8})
    first, second = Amounts(nano=5, input_tokens=3), Amounts(nano=6, input_tokens=1, output_tokens=1)
    buckets.move(db, {day: -9, others: -8}, plus=Charge(first, 0))

    told = buckets.move(db, {others: 0, day: 0}, Charge(first, 0), Charge(second, 0))
    assert [(each.bucket, each.settled, each.held) for each in told] == [(tokens, 2, 0), (DAY, 6, 0)]


def test_a_rolling_window_keeps_its_minutes(db: sqlite3.Connection) -> None:
    """Also those that are not in it: they move nothing."""
    buckets = Buckets()
    id = make(db, buckets, ROLLING)
    now = NOON_US // 60_000_000
    old = now - 24 * 60 - 1
    buckets.move(db, {id: 0}, plus=Charge(Amounts(nano=5), old))
    buckets.move(db, {id: 0}, plus=Charge(Amounts(nano=3), now))
    buckets.flush(db)
    (balance,) = buckets.move(db, {id: 0}, Charge(Amounts(nano=5), old), Charge(Amounts(nano=6), now))
    buckets.flush(db)

    assert balance.settled == 9
    assert db.execute("SELECT minute, settled FROM minutes").fetchall() == [(old, 0), (now, 9)]
