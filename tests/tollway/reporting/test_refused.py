"""What was refused, and what it might have cost."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.tollway.ledger.samples import NOON_US, call
from tests.tollway.statement.year import write, year
from tollway.budget.amounts import Amounts
from tollway.ledger.books import SqliteBooks
from tollway.model import Billing, CallRecord, Cost
from tollway.reporting.bill import report
from tollway.reporting.refused import Refused, as_json, refused

UTC = ZoneInfo("UTC")
DAY_US = 86_400_000_000


def turned(id: str, error: str = "over_limit", **fields: Any) -> CallRecord:
    return call(id, **{"error": error, "limits": ("day",), "cost": Cost(), "model": "m", **fields})


def answered(id: str, nano: int, **fields: Any) -> CallRecord:
    return call(id, **{"status": 200, "cost": Cost(input_nano=nano), "model": "m", **fields})


CALLS = (
    answered("1", 10),
    answered("2", 21),
    answered("3", 15, team="t"),
    # None of these says what a call costs: an answer from the cache, a plan's, an error, another provider's.
    answered("hit", 0, cache="hit"),
    answered("plan", 999, billing=Billing.NOTIONAL),
    answered("error", 0, status=500),
    answered("other", 999, provider="openai"),
    turned("a", bound=Amounts(nano=12, requests=1), team="t"),
    turned("b", bound=Amounts(nano=1000, requests=1), started_us=NOON_US + DAY_US, user="ann"),
    turned("c"),
    turned("d", "access_denied", limits=(), model="unknown"),
    turned("e", "abandoned"),
)


@pytest.fixture
def books(tmp_path: Path) -> Iterator[SqliteBooks]:
    write(tmp_path / "ledger.db", CALLS)
    with closing(SqliteBooks(tmp_path / "ledger.db")) as books:
        yield books


def test_what_they_might_have_cost_is_what_their_like_did(books: SqliteBooks) -> None:
    """15.33 nano-dollars each on an average, and 46 for three of them; of a model that answered no
    call nothing is known. A client that left was not refused."""
    found = refused(books, (), None, None, UTC)

    assert found.rows == (
        ((), ("over_limit", ("day",)), Refused(3, 3, 46, 2, 1012)),
        ((), ("access_denied", ()), Refused(1, 0, 0, 0, 0)),
    )
    assert found.total == Refused(4, 3, 46, 2, 1012)


def test_it_is_no_more_than_they_could_have_come_to(books: SqliteBooks) -> None:
    """Where all rows of a kind say that."""
    bounded = refused(books, (), NOON_US, NOON_US + 1, UTC, [("team", "t")])
    unbounded = refused(books, (), NOON_US, NOON_US + 1, UTC, [("team", None)])

    assert (bounded.total.likely_nano, bounded.total.bound_nano) == (12, 12)
    assert (unbounded.total.likely_nano, unbounded.total.bound_nano) == (16, 0)


def test_rows_are_by_period_and_attribute(books: SqliteBooks) -> None:
    found = refused(books, ("user", "day"), None, None, UTC)

    assert [(group, reason[0], sums.calls) for group, reason, sums in found.rows] == [
        ((None, "2026-11-25"), "over_limit", 2),
        ((None, "2026-11-25"), "access_denied", 1),
        (("ann", "2026-11-26"), "over_limit", 1),
    ]


def test_json_says_that_both_figures_are_of_so_many_calls(books: SqliteBooks) -> None:
    said = as_json(refused(books, ("user",), NOON_US, None, UTC))

    assert said["since"] == "2026-11-25T12:00:00+00:00"
    assert said["refused"][0] == {
        "user": None, "reason": "over_limit", "limits": ["day"], "calls": 2, "likely_usd": "0.000000031",
        "likely_calls": 2, "bound_usd": "0.000000012", "bounded_calls": 1,
    }  # fmt: skip
    assert said["total"]["calls"] == 4


def test_nothing_of_it_is_in_a_cost(tmp_path: Path) -> None:
    """The bill of the same calls without the refused ones is the same but for their number."""
    calls = year(400)
    kept = [each for each in calls if each.error is None]
    totals = []
    for name, some in (("all", calls), ("kept", kept)):
        write(tmp_path / f"{name}.db", some)
        with closing(SqliteBooks(tmp_path / f"{name}.db")) as books:
            totals.append(report(books, (), None, None, UTC).total)

    assert totals[0].calls > totals[1].calls
    totals[0].calls = totals[1].calls
    assert totals[0] == totals[1]


def test_no_refusal_is_no_row(tmp_path: Path) -> None:
    write(tmp_path / "ledger.db", [answered("1", 10)])
    with closing(SqliteBooks(tmp_path / "ledger.db")) as books:
        assert refused(books, (), None, None, UTC).total == Refused()
