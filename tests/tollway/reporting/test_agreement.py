"""A year's bill agrees with its calls in every form: to the nano-dollar, or to what a form shows of it."""

import csv
import io
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal

import pytest

from tests.tollway.statement.year import BERLIN, notional, spent, write, year
from tollway.ledger.books import SqliteBooks
from tollway.money import NANO
from tollway.reporting.bill import Bill, as_json, report
from tollway.reporting.columns import columns
from tollway.reporting.figures import decimals
from tollway.reporting.markdown import table
from tollway.reporting.sheet import as_csv
from tollway.reporting.text import as_text

CALLS = year()
BY = ("month", "team", "provider,model", "program", "session", "cache", "tag.project", "error", "day,user")


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteBooks]:
    path = tmp_path_factory.mktemp("year") / "ledger.db"
    write(path, CALLS)
    with closing(SqliteBooks(path)) as books:
        yield books


def bill(books: SqliteBooks, by: str) -> Bill:
    return report(books, by.split(","), None, None, BERLIN)


def nano(text: str) -> int:
    return int(Decimal(text.replace(",", "")) * NANO)


@pytest.mark.parametrize("by", BY)
def test_json_and_csv_add_up_to_what_the_calls_cost(books: SqliteBooks, by: str) -> None:
    """Calls, costs, plans, savings: added up here call by call."""
    said = as_json(bill(books, by))
    rows = list(csv.DictReader(io.StringIO(as_csv(bill(books, by)))))

    expected = {
        "cost_usd": spent(CALLS), "notional_usd": notional(CALLS),
        "saved_usd": sum(each.saved_nano for each in CALLS),
    }  # fmt: skip
    for name, amount in expected.items():
        assert nano(said["total"][name]) == amount
        assert sum(nano(row[name]) for row in said["rows"]) == amount
        assert sum(nano(row[name]) for row in rows) == amount
    assert sum(int(row["calls"]) for row in rows) == said["total"]["calls"] == len(CALLS)


@pytest.mark.parametrize("by", BY)
def test_text_and_markdown_show_each_cost_to_half_of_its_last_digit(books: SqliteBooks, by: str) -> None:
    """So that the rows come as near to the total as so many halves."""
    found = bill(books, by)
    amounts = [sums.cost_nano for _, sums in found.rows]
    half = NANO // 10 ** decimals([*amounts, found.total.cost_nano]) // 2
    (cost,) = [i for i, column in enumerate(columns(found)) if column.name == "cost_usd"]
    lines = as_text(found).splitlines()
    end = lines[0].index("cost_usd") + len("cost_usd")
    marked = [
        line.replace("\\|", "/").strip("| ").split(" | ") for line in table(columns(found)).splitlines()[2:]
    ]

    for shown in ([line[:end].split()[-1] for line in lines[1:]], [row[cost].strip("* ") for row in marked]):
        assert len(shown) == len(amounts) + 1
        for text, amount in zip(shown, [*amounts, found.total.cost_nano], strict=True):
            assert abs(nano(text) - amount) <= half
