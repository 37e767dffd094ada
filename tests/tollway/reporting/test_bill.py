"""The bill: what is added up to which row."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.tollway.ledger.samples import call
from tests.tollway.reporting.samples import EMPTY, bill
from tollway.ledger.books import SqliteBooks
from tollway.ledger.connect import connect
from tollway.ledger.row import UPSERT, row_of
from tollway.ledger.store import Books
from tollway.ledger.sums import Sums
from tollway.model import Billing, Cost, Source, Usage
from tollway.reporting.bill import as_json, report
from tollway.reporting.periods import moment

BERLIN = ZoneInfo("Europe/Berlin")
CALLS = (
    # (UTC, model, nano-dollars, source, billing): clocks go back on 2026-10-25 at 03:00 in Berlin.
    ("2026-10-24 21:59", "a", 1, Source.COMPUTED, Billing.METERED),  # 24th, 23:59
    ("2026-10-24 22:00", "a", 20, Source.ESTIMATED, Billing.METERED),  # 25th, 00:00
    ("2026-10-25 22:59", "b", 300, Source.COMPUTED, Billing.METERED),  # 25th, 23:59
    ("2026-10-25 23:00", "b", 4000, Source.ESTIMATED, Billing.NOTIONAL),  # 26th, a Monday
    ("2026-11-01 00:00", "b", 50_000, Source.PROVIDER, Billing.METERED),  # a Sunday
)


def utc(text: str) -> int:
    """A moment."""
    return moment(datetime.fromisoformat(text + "+00:00"))


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Books]:
    """A ledger of CALLS."""
    path = tmp_path / "ledger.db"
    with closing(connect(path, "process")) as db:
        for n, (start, model, nano, source, billing) in enumerate(CALLS):
            recorded = call(
                str(n), started_us=utc(start), model=model, billing=billing,
                usage=Usage(input_tokens=n), cost=Cost(input_nano=nano, source=source),
            )  # fmt: skip
            db.execute(UPSERT, row_of(recorded, "p"))
    with closing(SqliteBooks(path)) as books:
        yield books


def costs(books: Books, *by: str) -> dict[tuple[object, ...], int]:
    """Group -> what its calls cost, metered or not."""
    rows = report(books, by, None, None, BERLIN).rows
    return {group: sums.cost_nano + sums.notional_nano for group, sums in rows}


def test_by_day_through_a_clock_change(books: Books) -> None:
    """The 25th has 25 hours."""
    assert costs(books, "day") == {
        ("2026-10-24",): 1,
        ("2026-10-25",): 320,
        ("2026-10-26",): 4000,
        ("2026-11-01",): 50_000,
    }


def test_by_week_and_month(books: Books) -> None:
    """A week that lies in two months has a row in each."""
    assert costs(books, "week", "month") == {
        ("2026-10-19", "2026-10"): 321,
        ("2026-10-26", "2026-10"): 4000,
        ("2026-10-26", "2026-11"): 50_000,
    }


def test_by_model_and_month_in_the_order_asked(books: Books) -> None:
    """Each attribute where it was put, once."""
    assert costs(books, "model", "month", "model") == {
        ("a", "2026-10"): 21,
        ("b", "2026-10"): 4300,
        ("b", "2026-11"): 50_000,
    }


def test_the_total_alone(books: Books) -> None:
    """By nothing, it is one row."""
    assert report(books, (), None, None, BERLIN).rows == (
        ((), Sums(5, 50_321, 4000, 20, {"input_tokens": 10})),
    )


def test_rows_are_sorted(books: Books) -> None:
    """Periods in their order, then the dearest first, whatever stands first in the row."""
    assert list(costs(books, "model", "month")) == [("b", "2026-10"), ("a", "2026-10"), ("b", "2026-11")]
    assert list(costs(books, "model")) == [("b",), ("a",)]


def test_bounds(books: Books) -> None:
    """From `since` on, until before `until`."""
    found = report(books, (), utc("2026-10-24 22:00"), utc("2026-10-25 23:00"), BERLIN)

    assert found.total == Sums(2, 320, 0, 20, {"input_tokens": 3})


def test_nothing_in_that_time(books: Books) -> None:
    """No row, and a total of nothing."""
    found = report(books, ("day",), utc("2027-01-01 00:00"), None, BERLIN)

    assert (found.rows, found.total) == ((), Sums())


def test_json(books: Books) -> None:
    """The contract: exact decimal text, absent units, times in the zone."""
    found = as_json(report(books, ("model", "status"), utc("2026-10-01 00:00"), None, BERLIN))

    assert found == {
        "since": "2026-10-01T02:00:00+02:00",
        "until": None,
        "by": ["model", "status"],
        "rows": [
            {
                "model": "b", "status": None, "calls": 3, "input_tokens": 9,
                "cost_usd": "0.0000503", "notional_usd": "0.000004", "estimated_usd": "0",
                "unsettled_usd": "0", "saved_usd": "0",
            },
            {
                "model": "a", "status": None, "calls": 2, "input_tokens": 1,
                "cost_usd": "0.000000021", "notional_usd": "0", "estimated_usd": "0.00000002",
            "unsettled_usd": "0", "saved_usd": "0",
            },
        ],
        "total": {
            "calls": 5, "input_tokens": 10,
            "cost_usd": "0.000050321", "notional_usd": "0.000004", "estimated_usd": "0.00000002",
            "unsettled_usd": "0", "saved_usd": "0",
        },
    }  # fmt: skip


def test_json_of_a_bill_is_the_same_again() -> None:
    """Groups that are absent are null; units that nobody reported are absent."""
    assert as_json(bill())["rows"][1] == {
        "day": "2026-11-22", "model": None, "calls": 1, "input_tokens": 0,
        "cost_usd": "0", "notional_usd": "0.5", "estimated_usd": "0", "unsettled_usd": "0", "saved_usd": "0",
    }  # fmt: skip
    assert as_json(EMPTY)["rows"] == []
    assert as_json(EMPTY)["total"]["cost_usd"] == "0"


def test_json_by_session_says_when_its_calls_began(books: Books) -> None:
    """Beside the figures; by anything else it does not."""
    (row,) = as_json(report(books, ("session",), None, None, BERLIN))["rows"]

    assert (row["first"], row["last"]) == ("2026-10-24T23:59:00+02:00", "2026-11-01T01:00:00+01:00")
    assert "first" not in as_json(report(books, ("model",), None, None, BERLIN))["total"]


def test_only_some_calls_count(books: Books) -> None:
    assert report(books, (), None, None, BERLIN, [("model", "a")]).total.cost_nano == 21
