"""How buckets stand within a transaction, and from one to the next."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.ledger.limits import Limit, opened
from tests.tollway.ledger.samples import NOON_US
from tollway.budget.bucket import Enforce
from tollway.ledger import states as module
from tollway.ledger.buckets import Buckets
from tollway.ledger.connect import connect
from tollway.ledger.states import State, States

MINUTE = NOON_US // 60_000_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A ledger with three buckets, the last of a rolling window of a day that begins with MINUTE."""
    path = tmp_path / "ledger.db"
    with closing(connect(path, "process")) as db:
        for limit in (Limit("a"), Limit("b"), Limit("c", rolling=True)):
            (bucket,) = limit.buckets(opened(), NOON_US)
            Buckets().open(db, bucket, 10, Enforce.HARD, NOON_US, NOON_US)
        db.execute("UPDATE balances SET horizon = ? WHERE bucket = 3", (MINUTE,))
    return path


@pytest.fixture
def db(path: Path) -> Iterator[sqlite3.Connection]:
    """A process's connection to it."""
    with closing(connect(path, "process")) as db:
        yield db


class Watched(sqlite3.Connection):
    """Remembers what it was asked."""

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.asked: list[str] = []
        self.set_trace_callback(self.asked.append)


def row(db: sqlite3.Connection, id: int) -> tuple[object, ...]:
    """What a bucket's row says."""
    sql = "SELECT amount, enforce, settled, held, horizon FROM balances WHERE bucket = ?"
    found: tuple[object, ...] = db.execute(sql, (id,)).fetchone()
    return found


def test_what_was_changed_is_in_the_rows_once_it_is_written(db: sqlite3.Connection) -> None:
    """Not before; sums, terms and horizons. A bucket that is not there is missing."""
    states = States()
    found = states.of(db, [1, 3, 99])
    assert found == {1: State(1, 10, "hard", 0, 0, 0, 0), 3: State(3, 10, "hard", 0, 0, MINUTE, MINUTE)}
    states.hold(found[1], 3)
    states.tell(found[1], 10, "hard")
    states.charge(found[1], 7, MINUTE, rolls=False)
    states.hold(found[3], 5)
    states.tell(found[3], 12, "soft")
    assert row(db, 1) == (10, "hard", 0, 0, 0)
    states.flush(db)

    assert [row(db, id) for id in (1, 2, 3)] == [
        (10, "hard", 7, 3, 0),
        (10, "hard", 0, 0, 0),
        (12, "soft", 0, 5, MINUTE),
    ]
    states.flush(db)
    assert row(db, 1) == (10, "hard", 7, 3, 0)


def test_a_charge_outside_of_the_window_is_none(db: sqlite3.Connection) -> None:
    """Neither what comes nor what goes."""
    states = States()
    state = states.of(db, [3])[3]
    settled = []
    for amount, minute in ((7, MINUTE), (6, MINUTE - 1), (-5, MINUTE - 1), (-7, MINUTE)):
        states.charge(state, amount, minute, rolls=True)
        settled.append(state.settled)
    states.flush(db)

    assert settled == [7, 7, 7, 0]
    kept = db.execute("SELECT minute, settled FROM minutes ORDER BY minute").fetchall()
    assert kept == [(MINUTE - 1, 1), (MINUTE, 0)]


def test_a_window_rolls_on_and_back(db: sqlite3.Connection) -> None:
    """What left it is in it again; what is still to be written is reckoned in."""
    states = States()
    state = states.of(db, [3])[3]
    for later, amount in enumerate((1, 10, 100)):
        states.charge(state, amount, MINUTE + later, rolls=True)
    settled = []
    for to in (MINUTE + 2, MINUTE + 2, MINUTE + 9, MINUTE + 1, MINUTE):
        states.roll(db, state, to)
        settled.append(state.settled)
    states.flush(db)

    assert settled == [100, 100, 0, 110, 111]
    assert row(db, 3) == (10, "hard", 111, 0, MINUTE)


def test_what_nobody_else_wrote_is_read_once(path: Path) -> None:
    """From one transaction to the next."""
    with closing(sqlite3.connect(path, isolation_level=None, factory=Watched)) as db:
        states = States()
        for _ in range(3):
            db.execute("BEGIN IMMEDIATE")
            states.hold(states.of(db, [1, 2])[1], 1)
            states.flush(db)
            db.execute("COMMIT")
            states.ended(committed=True)

        assert sum("FROM balances" in asked for asked in db.asked) == 1
        assert row(db, 1) == (10, "hard", 0, 3, 0)


def test_what_another_process_wrote_is_seen(db: sqlite3.Connection, path: Path) -> None:
    """In the next transaction."""
    states = States()
    states.of(db, [1])
    states.ended(committed=True)
    with closing(connect(path, "process")) as other:
        other.execute("UPDATE balances SET held = 5 WHERE bucket = 1")

    assert states.of(db, [1])[1].held == 5


def test_what_was_undone_is_read_again(db: sqlite3.Connection) -> None:
    """With all that was to be written."""
    states = States()
    db.execute("BEGIN IMMEDIATE")
    found = states.of(db, [1, 3])
    states.hold(found[1], 5)
    states.tell(found[1], 11, "hard")
    states.charge(found[3], 5, MINUTE, rolls=True)
    db.execute("ROLLBACK")
    states.ended(committed=False)

    assert states.of(db, [1])[1] == State(1, 10, "hard", 0, 0, 0, 0)
    states.flush(db)
    assert row(db, 1) == (10, "hard", 0, 0, 0)
    assert db.execute("SELECT * FROM minutes").fetchall() == []


def test_a_bucket_that_was_just_made_is_known(db: sqlite3.Connection) -> None:
    """Even if it is the first that is heard of in a transaction."""
    states = States()
    made = State(2, 10, "hard", 0, 0, 0, 0)
    states.opened(db, made)
    states.hold(made, 3)

    assert states.of(db, [1, 2])[2].held == 3


def test_memory_is_bounded(db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_REMEMBERED", 1)
    states = States()
    states.of(db, [1, 2])
    states.ended(committed=True)

    assert states._states == {}


Verbs = st.sampled_from(["hold", "charge", "roll", "flush"])
Changes = st.lists(st.tuples(Verbs, st.integers(1, 3), st.integers(0, 3)), max_size=30)


@given(changes=Changes)
def test_settled_is_the_sum_of_the_minutes_in_the_window(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[str, int, int]]
) -> None:
    """However charges, rolls and writes follow each other; and held is the sum of the holds."""
    path = tmp_path_factory.mktemp("states") / "ledger.db"
    with closing(connect(path, "process")) as db:
        (bucket,) = Limit("c", rolling=True).buckets(opened(), NOON_US)
        id = Buckets().open(db, bucket, 10, Enforce.HARD, NOON_US, NOON_US).id
        states, held = States(), 0
        for verb, amount, later in changes:
            state = states.of(db, [id])[id]
            if verb == "hold":
                states.hold(state, amount)
                held += amount
            elif verb == "charge":
                states.charge(state, amount, MINUTE + later, rolls=True)
            elif verb == "roll":
                states.roll(db, state, MINUTE + later)
            else:
                states.flush(db)
                states.ended(committed=True)
        states.flush(db)

        sql = "SELECT coalesce(sum(settled), 0) FROM minutes WHERE minute >= ?"
        _, _, settled, found, horizon = row(db, id)
        assert (settled, found) == (db.execute(sql, (horizon,)).fetchone()[0], held)
