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
from tollway.ledger.holding import Holding
from tollway.ledger.members import Kept
from tollway.ledger.settling import Before, before, settle
from tollway.ledger.writer import as_it_is
from tollway.model import CallRecord


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A ledger in which call a holds 100."""
    with closing(connect(tmp_path / "ledger.db", "process")) as db:
        Holding(Path(), "p").reserve(db, as_it_is, opened(), Limits(Limit()).wants(opened()), NOON_US)
        yield db


def write(db: sqlite3.Connection, call: CallRecord) -> tuple[int, int]:
    """Settle it; what its bucket has then."""
    (balance,) = settle(db, Buckets(), Kept(), "p", as_it_is, call)
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


def test_a_call_started_when_it_was_first_recorded(db: sqlite3.Connection) -> None:
    """A later word on that changes nothing."""
    write(db, ended(opened(at_us=NOON_US + 5), 30))

    was = before(db, "a")
    assert was is not None
    assert was.started_us == NOON_US
