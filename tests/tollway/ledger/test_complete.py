"""Which limits lack rows, and up to where others have them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.tollway.ledger.limits import HOUR_US, opened
from tests.tollway.ledger.samples import NOON_US
from tollway.ledger.complete import completed, incomplete
from tollway.ledger.connect import connect
from tollway.ledger.row import UPSERT, row_of

SINCE_US = {"a": NOON_US, "b": NOON_US + HOUR_US}


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A ledger that knows two sets of limits: 1 is of a alone, 2 of both."""
    with closing(connect(tmp_path / "ledger.db", "process")) as db:
        db.executemany("INSERT INTO policies (id, keys) VALUES (?, ?)", [(1, '["a"]'), (2, '["a", "b"]')])
        yield db


def write(db: sqlite3.Connection, id: str, policy: int | None, hours: int, state: str = "done") -> None:
    """A row that process p wrote under a set of limits, of a call that started so many hours after noon."""
    call = opened(id, at_us=NOON_US + hours * HOUR_US, state=state)
    db.execute(UPSERT, row_of(call, "p"))
    db.execute("UPDATE calls SET policy = ? WHERE id = ?", (policy, id))


def test_an_empty_ledger_lacks_nothing(db: sqlite3.Connection) -> None:
    assert incomplete(db, SINCE_US) == frozenset()


def test_rows_that_were_written_without_a_limit_are_missing_from_it(db: sqlite3.Connection) -> None:
    write(db, "x", 2, hours=2)
    assert incomplete(db, SINCE_US) == frozenset()
    write(db, "y", 1, hours=2)
    assert incomplete(db, SINCE_US) == frozenset("b")
    write(db, "z", None, hours=0)
    assert incomplete(db, SINCE_US) == frozenset("ab")


def test_rows_of_a_past_window_are_not(db: sqlite3.Connection) -> None:
    write(db, "x", None, hours=0)

    assert incomplete(db, SINCE_US) == frozenset("a")


@pytest.mark.parametrize("policy", [None, 1])
def test_a_rolling_window_lacks_what_began_long_before_it(db: sqlite3.Connection, policy: int | None) -> None:
    """If it is still in flight, or took days and ended in it."""
    write(db, "x", policy, hours=-72, state="open")
    assert incomplete(db, SINCE_US, "b") == frozenset("b")
    end = "UPDATE calls SET state = 'done', ended_us = ?"
    db.execute(end, (SINCE_US["b"],))
    assert incomplete(db, SINCE_US, "b") == frozenset("b")
    assert incomplete(db, SINCE_US) == frozenset()
    db.execute(end, (SINCE_US["b"] - 1,))

    assert incomplete(db, SINCE_US, "b") == frozenset()


def test_a_rolling_window_that_had_a_long_call_lacks_nothing(db: sqlite3.Connection) -> None:
    """It was kept as the call began, or was rebuilt since."""
    write(db, "x", 2, hours=-72, state="open")
    assert incomplete(db, SINCE_US, "b") == frozenset()
    write(db, "y", 1, hours=-72, state="open")
    completed(db, "p", ["b"])

    assert incomplete(db, SINCE_US, "b") == frozenset()


def test_what_was_rebuilt_is_not_rebuilt_for_the_same_rows_again(db: sqlite3.Connection) -> None:
    write(db, "x", None, hours=2)
    completed(db, "p", ["a", "b"])
    write(db, "x", None, hours=2)  # as it ended
    assert incomplete(db, SINCE_US) == frozenset()
    write(db, "y", 1, hours=3)
    assert incomplete(db, SINCE_US) == frozenset("b")
    completed(db, "p", ["a", "b"])

    assert incomplete(db, SINCE_US) == frozenset()


@pytest.mark.parametrize(("process", "lacking"), [("p", ""), ("another", "b")])
def test_a_limit_is_not_complete_while_another_process_has_calls_in_flight_without_it(
    db: sqlite3.Connection, process: str, lacking: str
) -> None:
    """It will not count them as they end; this process will."""
    write(db, "x", 1, hours=2, state="open")
    completed(db, process, ["a", "b"])

    assert incomplete(db, SINCE_US) == frozenset(lacking)
