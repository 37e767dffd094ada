"""Following a ledger: what has changed since the last look, and sums that are those of the rows."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tollway.ledger.samples import NOON_US, call
from tollway.budget.amounts import Unit
from tollway.ledger import following as module
from tollway.ledger.books import SqliteBooks
from tollway.ledger.connect import connect
from tollway.ledger.fault import LedgerError
from tollway.ledger.following import SqliteFollower
from tollway.ledger.one_state import one_state
from tollway.ledger.row import UPSERT, row_of
from tollway.ledger.store import Course, Slot
from tollway.model import Billing, CallRecord, Cost

MINUTE_US = 60_000_000
BY_MODEL = Course(by=("model",), since_us=NOON_US, slot_us=MINUTE_US)
ALL = Course(by=(), since_us=0, slot_us=MINUTE_US)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """An empty ledger, to write to."""
    with closing(connect(tmp_path / "ledger.db", "process")) as db:
        yield db


@pytest.fixture
def follower(db: sqlite3.Connection, tmp_path: Path) -> Iterator[SqliteFollower]:
    """One who watches it."""
    with closing(SqliteFollower(tmp_path / "ledger.db")) as follower:
        yield follower


def write(db: sqlite3.Connection, *calls: CallRecord) -> None:
    for one in calls:
        db.execute(UPSERT, row_of(one, "p"))


def ids(calls: tuple[CallRecord, ...]) -> list[tuple[str, str]]:
    return [(one.id, one.state) for one in calls]


def test_what_was_there_is_summed_up_by_slots_and_groups(
    db: sqlite3.Connection, follower: SqliteFollower
) -> None:
    write(
        db,
        call("a", model="m1", cost=Cost(input_nano=5)),
        call("b", model="m1", started_us=NOON_US + MINUTE_US - 1, cost=Cost(input_nano=7), state="open"),
        call(
            "c",
            model=None,
            started_us=NOON_US + MINUTE_US,
            billing=Billing.NOTIONAL,
            cost=Cost(output_nano=9),
        ),
        call("d", started_us=NOON_US - 1),
    )

    begun = follower.begin([BY_MODEL, ALL], latest=2)

    found, every = begun.slots
    assert set(found) == {
        Slot(start_us=NOON_US, group=("m1",), calls=2, cost_nano=12, notional_nano=0),
        Slot(start_us=NOON_US + MINUTE_US, group=(None,), calls=1, cost_nano=0, notional_nano=9),
    }
    assert sum(slot.calls for slot in every) == 4
    assert ids(begun.flying) == [("b", "open")]
    assert ids(begun.latest) == [("d", "done"), ("c", "done")]


def test_calls_are_told_when_they_begin_and_when_they_end(
    db: sqlite3.Connection, follower: SqliteFollower
) -> None:
    """Each once, also one that was in flight before; what was written between two looks is told as it is."""
    write(db, call("old", state="open"), call("done"))
    follower.begin([], latest=0)
    looks = [follower.news(9)]
    write(db, call("new", state="open"), call("refused"))
    looks.append(follower.news(9))
    write(db, call("old"), call("new", state="lost"), call("both", state="open"), call("both"))
    looks += [follower.news(9), follower.news(9)]

    assert [sorted(ids(look)) for look in looks] == [
        [],
        [("new", "open"), ("refused", "done")],
        [("both", "done"), ("new", "lost"), ("old", "done")],
        [],
    ]


def test_so_many_are_told_in_one_look(
    db: sqlite3.Connection, follower: SqliteFollower, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that ended meanwhile are told whatever their number."""
    monkeypatch.setattr(module, "PORTION", 2)
    write(db, *(call(f"f{n}", state="open") for n in range(5)))
    follower.begin([], latest=0)
    write(db, *(call(f"f{n}") for n in range(5)), *(call(str(n)) for n in range(5)))

    looks = [follower.news(2) for _ in range(4)]

    assert [len(look) for look in looks] == [7, 2, 1, 0]


def test_a_ledger_whose_last_rows_were_cut_away_is_followed_on(
    db: sqlite3.Connection, follower: SqliteFollower
) -> None:
    write(db, *(call(str(n)) for n in range(5)))
    follower.begin([], latest=0)
    db.execute("DELETE FROM calls")
    write(db, call("new"))

    assert ids(follower.news(9)) == [("new", "done")]


def test_alerts_are_read_in_their_order(db: sqlite3.Connection, follower: SqliteFollower) -> None:
    db.execute(
        "INSERT INTO buckets (id, name, limit_name, limit_key, per, unit, start_us, since_us)"
        """ VALUES (7, 'n', 'day', 'day:1', '{"user": "ann"}', 'USD', 0, 0)"""
    )
    db.executemany(
        "INSERT INTO alerts VALUES (7, ?, ?)", [(80, NOON_US + 1), (50, NOON_US), (0, NOON_US - 1)]
    )

    found = follower.alerts(NOON_US)

    assert [(one.level, one.at_us, one.bucket.limit) for one in found] == [
        (50, NOON_US, "day"),
        (80, NOON_US + 1, "day"),
    ]
    assert (found[0].bucket.values, found[0].bucket.unit) == ({"user": "ann"}, Unit.USD)
    assert follower.buckets(NOON_US) == []


def test_no_writer_waits_for_who_watches(
    db: sqlite3.Connection, follower: SqliteFollower, tmp_path: Path
) -> None:
    """It writes in the middle of a look, which goes on as it began; the next one has it."""
    write(db, call("a"))
    db.execute("PRAGMA busy_timeout = 0")
    with one_state(follower._db, tmp_path / "ledger.db"):
        before = follower._newest()
        write(db, call("b"))
        seen = follower._newest()

    assert (before, seen, follower._newest()) == (1, 1, 2)


def test_what_can_not_be_read_says_so(
    db: sqlite3.Connection, follower: SqliteFollower, tmp_path: Path
) -> None:
    db.execute("ALTER TABLE calls RENAME TO gone")

    with pytest.raises(LedgerError, match=r"ledger\.db"):
        follower.news(1)
    with pytest.raises(LedgerError, match="there is no such file"):
        SqliteFollower(tmp_path / "none.db")


@pytest.mark.parametrize("replaced", [False, True])
def test_a_file_that_is_no_longer_the_ledger_is_followed_no_longer(
    db: sqlite3.Connection, follower: SqliteFollower, tmp_path: Path, replaced: bool
) -> None:
    """Nothing would ever come there: whoever watches is told, and not shown the last state for ever."""
    (tmp_path / "ledger.db").rename(tmp_path / "old.db")
    if replaced:
        connect(tmp_path / "ledger.db", "process").close()

    for look in (lambda: follower.news(1), lambda: follower.begin([], 1)):
        with pytest.raises(LedgerError, match=r"ledger\.db: it was moved, removed or replaced"):
            look()


STEPS = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(["open", "done", "lost"]), st.integers(0, 99)) | st.none(),
    max_size=25,
)


@settings(deadline=None)
@given(before=STEPS, after=STEPS, most=st.integers(1, 3))
def test_what_is_told_is_what_the_rows_are_however_often_one_looks(
    tmp_path_factory: pytest.TempPathFactory,
    before: list[tuple[int, str, int] | None],
    after: list[tuple[int, str, int] | None],
    most: int,
) -> None:
    """A call that ended never flies again. None: a look."""
    path = tmp_path_factory.mktemp("followed") / "ledger.db"
    with closing(connect(path, "process")) as db, closing(SqliteFollower(path)) as follower:
        ended: set[int] = set()

        def step(one: tuple[int, str, int] | None) -> None:
            if one is not None and one[0] not in ended:
                id, state, nano = one
                write(db, call(str(id), state=state, cost=Cost(input_nano=nano)))
                ended.update([id] if state != "open" else [])

        for one in before:
            step(one)
        begun = follower.begin([ALL], latest=99)
        known = {one.id: one for one in begun.latest}
        assert {one.id for one in begun.flying} == {one.id for one in known.values() if one.state == "open"}
        for one in after:
            step(one)
            if one is None:
                known |= {told.id: told for told in follower.news(most)}
        while news := follower.news(most):
            known |= {told.id: told for told in news}
        with closing(SqliteBooks(path)) as books:
            rows = {row.id: row for row in books.calls()}

    assert known.keys() == rows.keys()
    # What a call in flight is thought to cost may have changed since it began; how it ended may not.
    assert {id: one.state for id, one in known.items()} == {id: row.state for id, row in rows.items()}
    assert all(known[id] == row for id, row in rows.items() if row.state != "open")
