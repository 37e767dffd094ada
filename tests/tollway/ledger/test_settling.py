"""What a record does to buckets, whatever the row said before."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.tollway.ledger.limits import Limit, Limits, ended, opened
from tests.tollway.ledger.samples import NOON_US
from tollway.ledger.buckets import Buckets
from tollway.ledger.connect import connect
from tollway.ledger.flying import Flying, Opened
from tollway.ledger.holding import Holding
from tollway.ledger.members import Kept
from tollway.ledger.row import written_holds
from tollway.ledger.settling import Before, before, settle
from tollway.ledger.writer import as_it_is
from tollway.model import CallRecord


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A ledger in which call a holds 100."""
    with closing(connect(tmp_path / "ledger.db", "process")) as db:
        holding = Holding(Path(), "p")
        holding.reserve(db, as_it_is, opened(), Limits(Limit()).wants(opened()), NOON_US)
        holding.ending(db)
        yield db


def write(db: sqlite3.Connection, call: CallRecord) -> tuple[int, int]:
    """Settle it; what its bucket has then."""
    buckets = Buckets()
    (balance,) = settle(db, buckets, Kept(), "p", as_it_is, call)
    buckets.flush(db)
    return balance.settled, balance.held


def test_a_row_says_what_it_is_charged_and_holds(db: sqlite3.Connection) -> None:
    """Of a call that is not there, nothing is said."""
    assert before(db, "b") is None
    was = before(db, "a")
    assert was is not None
    assert (was.started_us, was.ended_us, was.is_open, list(was.holds.values())) == (
        NOON_US,
        None,
        True,
        [100],
    )
    assert isinstance(was, Before)


def test_each_row_takes_the_place_of_the_one_before(db: sqlite3.Connection) -> None:
    """Open, done, dearer, free, lost, and even open again."""
    done = ended(opened(), 30)
    steps = [
        (opened(), (0, 100)),
        (done, (30, 0)),
        (ended(opened(), 170), (170, 0)),
        (ended(opened(), 0), (0, 0)),
        (replace(done, state="lost"), (30, 0)),
        (opened(), (0, 100)),
        (done, (30, 0)),
    ]

    assert [write(db, call) for call, _ in steps] == [expected for _, expected in steps]


def end(db: sqlite3.Connection, known: Flying, call: CallRecord) -> tuple[int, int]:
    """Settle it as a process does that knows so much; what its bucket's row says then."""
    buckets = Buckets()
    settle(db, buckets, Kept(), "p", as_it_is, call, known)
    buckets.flush(db)
    settled, held = db.execute("SELECT settled, held FROM balances").fetchone()
    return settled, held


def flying(db: sqlite3.Connection) -> Flying:
    """What the process knows of call a, as its row is now."""
    known, was = Flying(), before(db, "a")
    assert was is not None
    known.note("a", Opened(was.started_us, was.policy, was.holds, written_holds(was.holds)))
    return known


def test_a_row_that_is_as_it_was_left_ends_without_being_read(db: sqlite3.Connection) -> None:
    """One statement, and all is as if it had been; the second time it is read."""
    asked: list[str] = []
    known = flying(db)
    db.set_trace_callback(asked.append)

    assert end(db, known, ended(opened(), 30)) == (30, 0)
    assert not [each for each in asked if each.startswith("SELECT") and "FROM calls" in each]
    assert end(db, known, ended(opened(), 45)) == (45, 0)
    assert [each for each in asked if each.startswith("SELECT") and "FROM calls" in each]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE calls SET state = 'lost', cost_nano = 100",
        "UPDATE calls SET holds = json_set(holds, '$.1', 60)",
        "DELETE FROM calls",
    ],
)
def test_a_row_that_others_changed_is_read(db: sqlite3.Connection, change: str) -> None:
    """What came of it is the same as for a process that knows nothing."""
    known = flying(db)
    db.execute(change)
    done = ended(opened(), 30)
    db.execute("SAVEPOINT before")
    unknowing = end(db, Flying(), done)
    rows = db.execute("SELECT * FROM calls").fetchall()
    db.execute("ROLLBACK TO before")

    assert end(db, known, done) == unknowing
    assert db.execute("SELECT * FROM calls").fetchall() == rows


def test_a_bound_that_was_lowered_stays(db: sqlite3.Connection) -> None:
    """Whether the row is read or not: the record was made before."""
    db.execute("UPDATE calls SET bound_nano = 60")
    end(db, flying(db), ended(opened(), 30))

    assert db.execute("SELECT bound_nano, cost_nano FROM calls").fetchone() == (60, 30)


def test_a_row_that_stays_open_is_not_ended(db: sqlite3.Connection) -> None:
    """What is known of it stays known."""
    known = flying(db)

    assert end(db, known, opened(status=200)) == (0, 100)
    assert known.take("a") is not None


def test_a_call_started_when_it_was_first_recorded(db: sqlite3.Connection) -> None:
    """A later word on that changes nothing."""
    write(db, ended(opened(at_us=NOON_US + 5), 30))

    was = before(db, "a")
    assert was is not None
    assert was.started_us == NOON_US
