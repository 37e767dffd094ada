"""What pages read of a ledger."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.tollway.ledger.samples import NOON_US
from tests.tollway.page.written import CALLS, HOUR_US, ann, write
from tests.tollway.policy.written import policy
from tollway.ledger.books import SqliteBooks
from tollway.ledger.fault import LedgerError
from tollway.ledger.owned import _OWN, SqlitePages
from tollway.ledger.pages import Reason
from tollway.ledger.store import Course
from tollway.policy.limits import Limits

COURSE = Course(by=("model",), since_us=NOON_US - 13 * HOUR_US, slot_us=HOUR_US)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write(tmp_path / "ledger.db", *CALLS)
    return tmp_path / "ledger.db"


@pytest.fixture
def pages(path: Path) -> Iterator[SqlitePages]:
    with closing(SqlitePages(path)) as found:
        yield found


@pytest.mark.parametrize(
    ("owner", "ids", "nano"),
    [
        ("user ann", ["a4", "a2", "a1"], 12),
        ("user bob", ["bob"], 1000),
        ("service ci", ["ci"], 10_000),
        ("address 10.0.0.1", ["none", "team"], 1_100_000),
        ("address 10.0.0.9", ["hint"], 100),
        ("user nobody' OR 1=1 --", [], 0),
    ],
)
def test_each_has_its_own_calls_and_no_others(
    pages: SqlitePages, owner: str, ids: list[str], nano: int
) -> None:
    found = pages.owned(owner, COURSE, 10)

    assert [each.id for each in found.latest] == ids
    assert sum(each.cost_nano for each in found.slots) == nano
    assert sum(each.calls for each in found.slots) == len(ids)


def test_the_sums_are_over_more_calls_than_are_listed(pages: SqlitePages) -> None:
    found = pages.owned("user ann", COURSE, 1)

    assert [each.id for each in found.latest] == ["a4"]
    assert sum(each.cost_nano for each in found.slots) == 12
    assert found.reasons == (Reason(error="over_limit", limits=("day",), calls=1),)


def test_reasons_are_counted_over_all_calls(path: Path, pages: SqlitePages) -> None:
    """The most frequent first; what had an answer has no reason."""
    more = [ann(f"x{n}", error="cut", started_us=NOON_US - n) for n in range(3)]
    write(path, *more, ann("y", error="overloaded_error", status=529))

    assert pages.reasons(NOON_US - HOUR_US) == (
        Reason(error="cut", limits=(), calls=3),
        Reason(error="over_limit", limits=("day",), calls=2),
    )
    assert pages.reasons(NOON_US + 1) == ()


def test_a_bucket_that_is_not_there_stands_nowhere(pages: SqlitePages) -> None:
    limits = Limits(policy("limits: [{name: day, amount: 5 USD, window: day}]"))
    buckets = limits.all_buckets(CALLS[0], NOON_US)

    assert pages.standing(buckets, NOON_US) == (None,)
    assert pages.standing([], NOON_US) == ()


def test_the_ledger_can_be_watched_too(path: Path, pages: SqlitePages) -> None:
    assert pages.follower is pages.follower
    pages.interrupt()
    with closing(SqliteBooks(path)) as books:
        assert pages.follower.buckets(NOON_US) == books.buckets(NOON_US)


def test_what_is_read_can_be_ended(pages: SqlitePages) -> None:
    """Also where nothing else of it was read yet."""
    pages._db.set_progress_handler(lambda: pages.interrupt(), 1)

    with pytest.raises(LedgerError, match="interrupted"):
        pages.reasons(0)


def test_a_callers_calls_are_found_in_an_index_alone(path: Path) -> None:
    """A row of the table is read for each of its own calls, and for no other."""
    with closing(sqlite3.connect(path)) as db:
        codes = [code for _, code, *_ in db.execute(f"EXPLAIN {_OWN}", (0, "user ann"))]

    assert "IdxRowid" in codes  # the index is read,
    assert not {"Concat", "Seek", "FinishSeek"} & {*codes}  # and no owner made up of a row's columns


def test_no_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="no such file"):
        SqlitePages(tmp_path / "none.db")
