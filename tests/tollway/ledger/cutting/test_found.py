"""Rows that may become one."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.tollway.ledger.year import DAY_US, HOUR_US, NEW_YEAR_US, one, write, year
from tollway.ledger.connect import connect
from tollway.ledger.cutting import found as module
from tollway.ledger.cutting.found import found, slots
from tollway.ledger.cutting.reach import Reach

UPTO = 10**9
ALL = Reach(NEW_YEAR_US + 400 * DAY_US, NEW_YEAR_US + 400 * DAY_US, (), ())


def hour_end(us: int) -> int:
    return us - us % HOUR_US + HOUR_US


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Two days, with two calls an hour."""
    with closing(connect(write(tmp_path / "ledger.db", year(2)), "process")) as db:
        yield db


def test_calls_of_an_hour_that_are_alike_are_found_together(db: sqlite3.Connection) -> None:
    """In the order of time; each hour has two."""
    rows = list(found(db, ALL, UPTO, hour_end))

    assert rows == [(2 * n + 1, 2 * n + 2) for n in range(12)]


def test_what_starts_later_ends_later_or_was_written_later_is_not(db: sqlite3.Connection) -> None:
    noon = NEW_YEAR_US + DAY_US // 2
    starts = list(found(db, ALL._replace(until_us=noon), UPTO, hour_end))
    ends = list(found(db, ALL._replace(settled_us=noon), UPTO, hour_end))
    written = list(found(db, ALL, 7, hour_end))

    assert len(starts) == len(ends) == 4
    assert len(written) == 3


def test_slots_have_all_calls_each_once_and_end_at_splits(db: sqlite3.Connection) -> None:
    split = NEW_YEAR_US + 9 * HOUR_US + 30_000_000
    spans = list(
        slots(db, ALL._replace(splits=(split, NEW_YEAR_US + DAY_US)), lambda us: us - us % DAY_US + DAY_US)
    )

    assert spans[0] == (NEW_YEAR_US + 8 * HOUR_US, split)
    assert spans[1] == (split + 30_000_000, NEW_YEAR_US + DAY_US)
    assert spans[2][0] == NEW_YEAR_US + DAY_US + 8 * HOUR_US


def test_a_row_has_so_many_at_the_most(db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last of them may be alone: it stays."""
    monkeypatch.setattr(module, "MOST_MERGED", 2)
    alike = "user = 'ann', model = 'm', provider = '', tags = NULL, billing = 'metered'"
    db.execute(f"UPDATE calls SET started_us = ?, {alike}", (NEW_YEAR_US,))
    db.execute("DELETE FROM calls WHERE rowid > 5")

    assert sorted(map(len, found(db, ALL, UPTO, hour_end))) == [2, 2]


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "lost"},
        {"state": "open"},
        {"user": "eve"},
        {"status": 429},
        {"error": "cut"},
        {"tags": {"env": "ci"}},
        {"stream": True},
    ],
    ids=str,
)
def test_what_is_not_over_or_not_alike_stays(tmp_path: Path, fields: dict[str, object]) -> None:
    path = write(tmp_path / "ledger.db", [one(0, 0), one(0, 1, **fields)])
    with closing(connect(path, "process")) as db:
        assert list(found(db, ALL, UPTO, hour_end)) == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE calls SET cost_nano = 6000000000000, other_nano = 6000000000000 WHERE rowid = 1",
        "UPDATE calls SET input_tokens = 10000000000 WHERE rowid = 1",
        "UPDATE calls SET response_bytes = 1 << 62 WHERE rowid = 1",
        "UPDATE calls SET flags = 'awaited' WHERE rowid <= 2",
        "UPDATE calls SET calls = 2 WHERE rowid = 1",
        "UPDATE calls SET bound_nano = 5 WHERE rowid = 1",
        "INSERT INTO awaited SELECT 'openai batch_1', id, 0 FROM calls WHERE rowid = 1",
    ],
)
def test_what_may_change_yet_or_is_extraordinary_stays(db: sqlite3.Connection, change: str) -> None:
    db.execute(change)

    assert next(found(db, ALL, UPTO, hour_end)) == (3, 4)
