"""Calls without an answer, added up."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.tollway.ledger.samples import NOON_US, call
from tollway.budget.amounts import Amounts
from tollway.ledger.books import SqliteBooks
from tollway.ledger.connect import connect
from tollway.ledger.fault import LedgerError
from tollway.ledger.row import UPSERT, row_of
from tollway.ledger.statements import Unanswered
from tollway.model import CallRecord, Cost

HOUR_US = 3_600_000_000


def refused(id: str, error: str | None = "over_limit", **fields: Any) -> CallRecord:
    return call(id, **{"error": error, "limits": ("day", "month"), "cost": Cost(), **fields})


CALLS = (
    refused("a", bound=Amounts(nano=7, requests=1), team="t"),
    refused("b", bound=Amounts(nano=5, requests=1), started_us=NOON_US + HOUR_US),
    refused("c", started_us=NOON_US + 1),
    refused("d", "over_rate", action="wait, block by burst, or so"),
    refused("e", "over_rate", action="block"),
    refused("i", action="wait, block by month"),
    refused("f", "access_denied", limits=(), model=None),
    refused("g", "cut", status=200),
    refused("h", None, status=None),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.db"
    with closing(connect(path, "process")) as db:
        db.executemany(UPSERT, [row_of(each, "p") for each in CALLS])
    return path


@pytest.fixture
def books(path: Path) -> Iterator[SqliteBooks]:
    with closing(SqliteBooks(path)) as books:
        yield books


def said(found: list[Unanswered]) -> set[tuple[object, ...]]:
    return {
        (each.error, each.limits, each.model, each.calls, each.bounded, each.bound_nano) for each in found
    }


def test_they_are_added_up_by_reason_limits_and_model(books: SqliteBooks) -> None:
    """What had an answer, or is in flight, is none of them; whoever refused is named by what it did,
    if the row says so."""
    sonnet = "claude-sonnet-4-5"

    assert said(books.unanswered([])) == {
        ("over_limit", ("day", "month"), sonnet, 3, 2, 12),
        ("over_limit", ("month",), sonnet, 1, 0, 0),
        ("over_rate", ("burst, or so",), sonnet, 1, 0, 0),
        ("over_rate", ("day", "month"), sonnet, 1, 0, 0),
        ("access_denied", (), None, 1, 0, 0),
    }


def test_spans_values_and_periods(books: SqliteBooks) -> None:
    assert said(books.unanswered([], NOON_US + 2)) == {
        ("over_limit", ("day", "month"), "claude-sonnet-4-5", 1, 1, 5)
    }
    assert said(books.unanswered([], where=[("team", "t")])) == {
        ("over_limit", ("day", "month"), "claude-sonnet-4-5", 1, 1, 7)
    }
    by = books.unanswered(["team"], end_of=lambda us: us - us % HOUR_US + HOUR_US)
    over = sorted(
        [(each.period_us, str(each.group[0]), each.calls) for each in by if each.error == "over_limit"]
    )
    assert over == [
        (NOON_US, "None", 1),
        (NOON_US, "None", 1),
        (NOON_US, "t", 1),
        (NOON_US + HOUR_US, "None", 1),
    ]


def test_they_are_looked_up(path: Path) -> None:
    """Over the index of calls without an answer: those that had one cost nothing."""
    from tollway.ledger.unanswered import _SPAN

    with closing(connect(path, "process")) as db:
        (plan,) = [row[-1] for row in db.execute(f"EXPLAIN QUERY PLAN SELECT model FROM {_SPAN}", (0, 1))]

    assert "USING INDEX calls_unanswered (started_us>? AND started_us<?)" in plan


def test_what_can_not_be_read_says_so(books: SqliteBooks, path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("DROP VIEW bill")
        db.execute("DROP TABLE calls")

    with pytest.raises(LedgerError, match="no such table"):
        books.unanswered([])
