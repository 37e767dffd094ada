"""The limits that a process keeps, and which calls came before them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.tollway.ledger.limits import DAY_US, HOUR_US, Limit, Limits, opened
from tests.tollway.ledger.samples import NOON_US
from tollway.ledger.connect import connect
from tollway.ledger.members import Kept

OLD, NEW, HOUR = Limit("old"), Limit("new"), Limit("hour", window_us=HOUR_US)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A ledger that knows the set of one limit as 7."""
    with closing(connect(tmp_path / "ledger.db", "process")) as db:
        db.execute("INSERT INTO policies (id, keys) VALUES (7, json_array(?))", (OLD.key,))
        yield db


def kept(*limits: Limit) -> Kept:
    """Limits that are kept as set 8."""
    kept = Kept()
    rules = Limits(*limits)
    kept.keep(8, rules, {key: rules.since_us(key, NOON_US) for key in rules.keys()})
    kept.ended(committed=True)
    return kept


def names(kept: Kept, db: sqlite3.Connection, policy: int | None, at_us: int = NOON_US) -> list[str]:
    """The limits whose buckets a call of such a row counts in beside those it names."""
    return [bucket.limit for bucket in kept.added(db, policy, opened(at_us=at_us))]


def test_a_call_counts_in_limits_that_came_after_it(db: sqlite3.Connection) -> None:
    """Not in those that its process kept: the row names them."""
    assert names(kept(OLD, NEW), db, 7) == ["new"]
    assert names(kept(OLD, NEW), db, 8) == []
    assert names(kept(OLD, NEW), db, None) == ["old", "new"]


def test_not_in_a_window_that_was_over_by_then(db: sqlite3.Connection) -> None:
    """It was not rebuilt. A rolling one was."""
    rolling = Limit("rolling", rolling=True)

    assert names(kept(NEW, HOUR, rolling), db, 7, NOON_US - HOUR_US) == ["new", "rolling"]
    assert names(kept(NEW, HOUR, rolling), db, 7, NOON_US - DAY_US) == ["rolling"]


def test_without_limits_there_is_nothing_to_count_in(db: sqlite3.Connection) -> None:
    """Nor to look up."""
    assert names(Kept(), db, 7) == []
    assert Kept().of_new(opened()) == ()


def test_limits_are_kept_only_if_their_transaction_was_committed(db: sqlite3.Connection) -> None:
    """Also after several in one: those from before it are back."""
    keeping = kept(OLD)
    for limit in (NEW, HOUR):
        keeping.keep(9, Limits(limit), {})
    keeping.ended(committed=False)

    assert keeping.policy == 8
    assert [bucket.limit for bucket in keeping.of_new(opened())] == ["old"]
    keeping.ended(committed=False)
    assert keeping.policy == 8
