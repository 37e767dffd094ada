"""What is read of buckets and holds."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.tollway.ledger.limits import DAY_US, HOUR_US, Limit, Limits, ended, opened
from tests.tollway.ledger.samples import NOON_US
from tollway.budget.amounts import Unit
from tollway.budget.bucket import Enforce
from tollway.ledger.books import SqliteBooks
from tollway.ledger.connect import connect
from tollway.ledger.fault import LedgerError
from tollway.ledger.sqlite import SqliteLedger
from tollway.ledger.store import BucketRow, Held


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the ledger is to be."""
    return tmp_path / "ledger.db"


async def test_buckets_stand_as_of_now(path: Path) -> None:
    """By the limit's name; rolling ones without what has left them, whoever said last what now is."""
    limits = Limits(
        Limit("z", 700, Unit.TOKENS, Enforce.SOFT, per=("team",), window_us=HOUR_US, rolling=True),
        Limit("a"),
    )
    with closing(SqliteLedger(path)) as ledger, closing(SqliteBooks(path)) as books:
        await ledger.reserve(opened(), limits.wants(opened()), NOON_US)
        await ledger.settle(ended(opened(), 30))
        await ledger.reserve(opened("b"), limits.wants(opened("b")), NOON_US + 1)
        now = books.buckets(NOON_US)
        later = books.buckets(NOON_US + 2 * HOUR_US)

    bucket_of = {bucket.limit: bucket for bucket in limits.all_buckets(opened(), NOON_US)}
    assert now == [
        BucketRow(
            bucket=bucket_of["a"], amount=1_000, enforce=Enforce.HARD, settled=30, held=100,
            started_us=NOON_US,
        ),
        BucketRow(
            bucket=bucket_of["z"], amount=700, enforce=Enforce.SOFT, settled=30, held=300,
            started_us=NOON_US,
        ),
    ]  # fmt: skip
    assert [(row.settled, row.held) for row in later] == [(30, 100), (0, 300)]


async def test_buckets_of_a_limit_that_nobody_keeps_any_more_are_not_shown(path: Path) -> None:
    """An edit, or a removal, leaves them there; where all have ended, the last policy counts."""
    old, new = Limits(Limit("old"), Limit("both")), Limits(Limit("both"))

    def shown() -> list[str]:
        return [row.bucket.limit for row in books.buckets(NOON_US)]

    with closing(SqliteLedger(path)) as ledger, closing(SqliteBooks(path)) as books:
        await ledger.adopt(old, NOON_US)
        await ledger.reserve(opened(), old.wants(opened()), NOON_US)
        other = SqliteLedger(path)
        await other.adopt(new, NOON_US)
        assert shown() == ["both", "old"]  # each of two processes keeps its own
        await ledger.adopt(new, NOON_US)
        assert shown() == ["both"]
        await ledger.adopt(old, NOON_US)
        other.close()
        ledger.close()
        assert shown() == ["both", "old"]


async def test_holds_are_listed_with_their_processes(path: Path) -> None:
    """Not calls that hold nothing."""
    with closing(SqliteLedger(path)) as ledger, closing(SqliteBooks(path)) as books:
        await ledger.record(opened("plain"))
        await ledger.reserve(opened("free"), [], NOON_US)
        await ledger.reserve(opened("a"), Limits(Limit()).wants(opened()), NOON_US)

        assert books.holds() == [Held(call=opened("a"), alive=True)]


def test_what_can_not_be_read_says_so(path: Path) -> None:
    """In our words."""
    connect(path, "process").close()
    with closing(SqliteBooks(path)) as books:
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.execute("DROP TABLE buckets")
            db.execute("DROP VIEW bill")
            db.execute("DROP TABLE calls")
        with pytest.raises(LedgerError, match="no such table: buckets"):
            books.buckets(NOON_US)
        with pytest.raises(LedgerError, match="no such table: calls"):
            books.holds()


async def test_windows_that_are_over_are_kept_for_those_who_look_back(path: Path) -> None:
    """Those of the calendar that began in a span, of every limit that ever was; of an edited one the last."""
    old = Limits(Limit("day", window_us=HOUR_US), Limit("gone"), Limit("rolls", rolling=True))
    new = Limits(Limit("day", window_us=HOUR_US, team="a"))
    with closing(SqliteLedger(path)) as ledger, closing(SqliteBooks(path)) as books:
        for limits, id, at_us in (
            (old, "a", NOON_US), (old, "b", NOON_US + HOUR_US), (new, "c", NOON_US + HOUR_US)
        ):  # fmt: skip
            call = opened(id, at_us=at_us)
            await ledger.reserve(call, limits.wants(call), at_us)
            await ledger.settle(ended(call, 30 + len(limits.keys())))
        hours = books.past(NOON_US, NOON_US + 2 * HOUR_US)
        day = books.past(NOON_US - NOON_US % DAY_US, NOON_US + HOUR_US)

    assert [(row.bucket.limit, row.settled) for row in hours] == [("day", 33), ("day", 31)]
    assert [(row.bucket.limit, row.settled) for row in day] == [("day", 33), ("gone", 66)]
