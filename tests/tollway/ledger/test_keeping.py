"""Which limits are in force; test_standing has what is shown of them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tollway.ledger.connect import connect
from tollway.ledger.keeping import in_force, keep


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A ledger with two sets of limits: a and b, b and c."""
    with closing(connect(tmp_path / "ledger.db", "process")) as db:
        db.executemany(
            "INSERT INTO policies (id, keys) VALUES (?, ?)", [(1, '["a", "b"]'), (2, '["b", "c"]')]
        )
        yield db


def test_where_nobody_kept_any_nothing_is_known(db: sqlite3.Connection) -> None:
    assert in_force(db, ()) is None


def test_what_the_living_keep_is_in_force(db: sqlite3.Connection) -> None:
    keep(db, "p", 1, {"p"})
    keep(db, "q", 2, {"p", "q"})

    assert in_force(db, {"p", "q", "other"}) == frozenset("abc")
    assert in_force(db, {"p"}) == frozenset("ab")


def test_where_none_lives_it_is_what_the_last_one_kept(db: sqlite3.Connection) -> None:
    keep(db, "q", 2, {"p", "q"})
    keep(db, "p", 1, {"p", "q"})
    keep(db, "q", 1, {"p", "q"})
    keep(db, "q", 2, {"p", "q"})

    assert in_force(db, ()) == frozenset("bc")


def test_of_the_dead_only_the_latest_is_remembered(db: sqlite3.Connection) -> None:
    for name in ("p", "q", "r"):
        keep(db, name, 1, {name})

    assert db.execute("SELECT process FROM keeping").fetchall() == [("r",)]
