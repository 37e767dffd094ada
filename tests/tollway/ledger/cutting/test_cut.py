"""A ledger that was cut says what it said before."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.tollway.ledger.samples import NOON_US, calls
from tests.tollway.ledger.test_adding_up import CALENDAR, LIMITS
from tests.tollway.ledger.year import (
    BERLIN,
    DAY_US,
    EVERYTHING,
    HOUR_US,
    NEW_YEAR_US,
    bills,
    one,
    total,
    write,
    year,
)
from tollway.budget.amounts import Amounts
from tollway.ledger import books
from tollway.ledger.adding_up import calendar_sums
from tollway.ledger.connect import connect
from tollway.ledger.cutting import cut as module
from tollway.ledger.cutting.cut import Cut, cut, last_row, planned, refuse_journal
from tollway.ledger.cutting.merged import MOST_MERGED
from tollway.ledger.cutting.reach import Reach
from tollway.ledger.fault import LedgerError
from tollway.ledger.row import LARGEST_COUNT, LARGEST_PART, UPSERT, row_of
from tollway.model import CallRecord, Cost, Usage
from tollway.reporting import periods

ALL_US = NEW_YEAR_US + 400 * DAY_US
ALL = Reach(ALL_US, ALL_US, (), ())


def per(unit: str) -> Any:
    """The end of the hour, or day, in Berlin."""
    return partial(periods.end, unit, zone=BERLIN)


def no_rest(seconds: float) -> None:
    """Nobody else waits."""


def cut_all(db: sqlite3.Connection, unit: str = "hour", reach: Reach = ALL) -> Cut:
    return cut(db, reach, last_row(db), per(unit), no_rest)


@pytest.mark.parametrize(("unit", "rows"), [("hour", 365 * 6), ("day", 365 * 6)])
def test_a_year_says_the_same_by_everything(tmp_path: Path, unit: str, rows: int) -> None:
    """To the nano-dollar and the call; the totals are those of arithmetic."""
    path = write(tmp_path / "ledger.db", year())
    before = bills(path)
    with closing(connect(path, "process")) as db:
        assert planned(db, ALL, last_row(db), per(unit)) == (365 * 12, rows)
        assert cut_all(db, unit) == (365 * 12, rows)
        assert db.execute("SELECT sum(calls), sum(cost_nano) FROM calls").fetchone() == total()

    assert bills(path) == before


BASES = (
    one(0, 0),
    one(0, 0, status=429, error="over_limit", limits=("day",), cost=Cost(), usage=Usage()),
    one(0, 6, stream=True, tags={"env": "x"}, program="x1", groups=("g",)),
    one(0, 0, operation="retrieve", claims={"desk": "d"}, verified=True),
    one(0, 0, cache="hit", bound=Amounts(nano=5, input_tokens=6, output_tokens=7, requests=1), user=None),
)


def changed(base: CallRecord, hour: int, us: int, nano: int, usage: Usage, saved: int) -> CallRecord:
    """The call at another time of two days, with other figures."""
    start_us = NOON_US + hour * HOUR_US + us
    return replace(
        base,
        started_us=start_us,
        ended_us=start_us + us,
        usage=usage,
        cost=Cost(other_nano=nano),
        saved_nano=saved,
    )


odd = st.builds(
    changed,
    st.one_of(st.sampled_from(BASES), st.sampled_from(BASES), calls()),
    st.integers(-15, 10),
    st.integers(0, 2),
    st.integers(0, 10**10) | st.integers(0, 10**15),
    st.builds(Usage, input_tokens=st.none() | st.integers(0, 10**6), pages=st.none() | st.integers(0, 3)),
    st.sampled_from([0, 0, 5, 5 * 10**15]),
)
"""Calls of which many are alike."""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger that is filled again and again."""
    return write(tmp_path_factory.mktemp("cutting") / "ledger.db", [])


@pytest.fixture(scope="module")
def db(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(connect(path, "process")) as db:
        yield db


def fill(db: sqlite3.Connection, recorded: list[CallRecord]) -> None:
    """Have the ledger hold these alone."""
    db.execute("DELETE FROM calls")
    db.execute("DELETE FROM cut")
    db.executemany(UPSERT, [row_of(replace(call, id=f"c{n}"), "p") for n, call in enumerate(recorded)])


def settled(db: sqlite3.Connection, since_us: int) -> list[Any]:
    """What limits that began then have, bucket by bucket."""
    sums = [(one.bucket.id, one.amount) for one in calendar_sums(db, LIMITS, CALENDAR, since_us)]
    return sorted(each for each in sums if each[1])


@given(recorded=st.lists(odd, max_size=30), unit=st.sampled_from(["hour", "day"]))
def test_no_figure_of_a_report_changes(
    db: sqlite3.Connection, path: Path, recorded: list[CallRecord], unit: str
) -> None:
    """Whatever the calls are, by whatever merged rows keep; nor what limits count from a day on."""
    fill(db, recorded)
    midnight = periods.end("day", NOON_US - DAY_US, LIMITS._zone)
    by = [(*EVERYTHING, unit)]
    before, charged = bills(path, by=by), settled(db, midnight)
    done = cut_all(db, unit, ALL._replace(splits=(midnight,)))

    assert bills(path, by=by) == before
    assert settled(db, midnight) == charged
    ((rows, number, ids),) = db.execute(
        "SELECT count(*), coalesce(sum(calls), 0), (SELECT count(*) FROM cut) FROM calls"
    )
    assert (number, rows) == (len(recorded), len(recorded) - done.calls + done.rows)
    assert ids == done.calls


@given(recorded=st.lists(odd, max_size=30))
def test_again_changes_nothing(db: sqlite3.Connection, recorded: list[CallRecord]) -> None:
    fill(db, recorded)
    cut_all(db)
    before = db.execute("SELECT * FROM calls").fetchall()

    assert cut_all(db) == (0, 0)
    assert db.execute("SELECT * FROM calls").fetchall() == before


def test_a_thousand_of_the_largest_fit_into_a_row(tmp_path: Path) -> None:
    """Whatever providers claimed: sums stay within what the table, and 64 bits, take."""
    nano = LARGEST_PART // MOST_MERGED
    largest = one(
        0,
        0,
        usage=Usage(input_tokens=LARGEST_COUNT // MOST_MERGED),
        cost=Cost(input_nano=nano, output_nano=nano, other_nano=nano),
        response_bytes=(2**63 - 1) // MOST_MERGED,
    )
    calls = [replace(largest, id=f"c{n}") for n in range(MOST_MERGED + 1)]
    path = write(tmp_path / "ledger.db", calls)
    with closing(connect(path, "process")) as db:
        assert cut_all(db) == (MOST_MERGED, 1)
        row = db.execute("SELECT calls, cost_nano, input_tokens FROM calls WHERE calls > 1").fetchone()

    assert row == (1_000, 3 * LARGEST_PART, LARGEST_COUNT)


def test_a_merged_row_is_where_the_last_of_its_calls_was(tmp_path: Path) -> None:
    """With the id of its first, the first start and the last end."""
    first, last = one(0, 0), one(0, 1)
    path = write(tmp_path / "ledger.db", [first, last, one(1, 0)])
    with closing(connect(path, "process")) as db:
        cut_all(db)
        found = db.execute(
            "SELECT rowid, id, started_us, ended_us, calls, session FROM calls ORDER BY rowid"
        ).fetchall()
        ids = db.execute("SELECT * FROM cut ORDER BY id").fetchall()

    assert found[0] == (2, f"m{first.id}", first.started_us, last.ended_us, 2, None)
    assert found[1][0] == 3
    assert ids == [(first.id, 2), (last.id, 2)]


def test_rows_that_somebody_changes_meanwhile_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Found as alike, they are not any more once their turn comes."""
    monkeypatch.setattr(module, "MOST_ROWS", 2)
    four = [replace(one(0, 0), id=f"c{n}", user="ann" if n < 2 else "bob") for n in range(4)]
    path = write(tmp_path / "ledger.db", four)
    with closing(connect(path, "process")) as db, closing(connect(path, "process")) as other:

        def change(seconds: float) -> None:
            other.execute("UPDATE calls SET status = 500 WHERE id = 'c3'")

        assert cut(db, ALL, last_row(db), per("hour"), change) == (2, 1)
        assert db.execute("SELECT id, calls FROM calls ORDER BY rowid").fetchall() == [
            ("mc0", 2), ("c2", 1), ("c3", 1),
        ]  # fmt: skip


def test_what_fails_leaves_all_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A transaction is done whole, or not at all."""
    path = write(tmp_path / "ledger.db", year(3))
    monkeypatch.setattr(module, "PUT", "INSERT INTO nowhere VALUES (1)")
    with closing(connect(path, "process")) as db:
        before = db.execute("SELECT * FROM calls").fetchall()
        with pytest.raises(sqlite3.OperationalError, match="no such table: nowhere"):
            cut_all(db)

        assert not db.in_transaction
        assert db.execute("SELECT * FROM calls").fetchall() == before


def test_vacuum_leaves_rows_where_they_are(tmp_path: Path) -> None:
    """`complete` and `cut` name rows by their number, and SQLite does not promise to keep it."""
    path = write(tmp_path / "ledger.db", year(20))
    with closing(connect(path, "process")) as db:
        cut_all(db)
        before = db.execute("SELECT rowid, id FROM calls ORDER BY id").fetchall()
        db.execute("VACUUM")

        assert db.execute("SELECT rowid, id FROM calls ORDER BY id").fetchall() == before


def test_a_journal_is_not_cut(tmp_path: Path) -> None:
    """The fleet's log would get the merged rows, too."""
    with closing(connect(tmp_path / "ledger.db", "process")) as db:
        refuse_journal(db, tmp_path / "ledger.db")
        db.execute("CREATE TABLE outbox (n)")

        with pytest.raises(
            LedgerError, match=r"it is the journal of a fleet's process: name the fleet's Redis"
        ):
            refuse_journal(db, tmp_path / "ledger.db")


@pytest.mark.parametrize("portion", [7, 64])
def test_who_adds_up_meanwhile_finds_each_call_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, portion: int
) -> None:
    """Though a report reads portions one by one, and merged calls move from one to another."""
    monkeypatch.setattr(books, "PORTION", portion)
    monkeypatch.setattr(module, "MOST_ROWS", 10)
    alike = [replace(each, user="ann", provider="p", model="m", tags={}) for each in year(60)]
    path = write(tmp_path / "ledger.db", alike)
    before = bills(path, by=[("billing",)])

    def merge() -> Cut:
        with closing(connect(path, "process")) as db:
            return cut_all(db, "day")

    with ThreadPoolExecutor(1) as pool:
        merging = pool.submit(merge)
        while not merging.done():
            assert bills(path, by=[("billing",)]) == before
    assert merging.result().calls == 720
    assert bills(path, by=[("billing",)]) == before
