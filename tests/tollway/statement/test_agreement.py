"""Every form of a statement says the same, to the nano-dollar; Markdown as far as it shows it."""

import csv
import io
import re
from contextlib import closing
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tollway.statement.made import of
from tests.tollway.statement.year import NOW_US, of_month, spent, write, year
from tollway.ledger.books import SqliteBooks
from tollway.money import NANO
from tollway.reporting.bill import report
from tollway.reporting.focus import as_csv
from tollway.statement.as_json import as_json
from tollway.statement.as_markdown import as_markdown
from tollway.statement.as_text import as_text
from tollway.statement.month import parse
from tollway.statement.page import as_html
from tollway.statement.statement import Statement, statement
from tollway.statement.whose import Whose

TITLES = ("By day", "By team", "By model", "By program", "By user", "Largest sessions")


class Tables(HTMLParser):
    """The tables of a page, by the heading above: rows of texts, the head first and the total last."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self._rows: list[list[str]] = []
        self._heading = ""
        self._in = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag == "table":
            self._rows = []
        elif tag == "h2":
            self._heading = ""
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("th", "td"):
            self._rows[-1].append("")
        if tag in ("h2", "th", "td", "title"):
            self._in = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self.tables[self._heading] = self._rows
        if tag in ("h2", "th", "td", "title"):
            self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in == "h2":
            self._heading += data
        elif self._in in ("th", "td"):
            self._rows[-1][-1] += data


def nano(text: str) -> int:
    """What an exact figure says, in nano-dollars."""
    return int(Decimal(text.replace(",", "").replace("$", "")) * NANO)


def in_html(found: Statement) -> dict[str, tuple[list[int], int]]:
    """By table: the costs of its rows, and the total."""
    said = {}
    for title, (head, *rows) in Tables(as_html(found)).tables.items():
        if title in TITLES:
            place = head.index("Cost $")
            *costs, total = [nano(row[place]) for row in rows]
            said[title] = costs, total
    return said


def in_text(found: Statement) -> dict[str, tuple[list[int], int]]:
    """The same of the plain text, whose columns are two blanks apart."""
    said = {}
    for title, body in re.findall(r"^([A-Z][\w ]+)\n-+\n(.*?)(?:\n\n|\Z)", as_text(found), re.M | re.S):
        if title not in TITLES or "cost_usd" not in body:
            continue
        lines = [line for line in body.splitlines() if not line.startswith("(")]
        end = lines[0].index("cost_usd") + len("cost_usd")
        *costs, total = [nano(line[:end].split()[-1]) for line in lines[1:]]
        said[title] = costs, total
    return said


def in_json(found: Statement) -> list[int]:
    """The sum of each of its lists, and its total."""
    said = as_json(found)
    lists = [rows for name, rows in said.items() if name.startswith("by_")]
    sums = [sum(nano(row["cost_usd"]) for row in rows) for rows in lists]
    sessions = sum(nano(row["cost_usd"]) for row in said["sessions"]) + nano(
        said["other_sessions"]["cost_usd"]
    )
    return [*sums, sessions, nano(said["total"]["cost_usd"])]


@pytest.mark.parametrize("month", ["2026-11", "2026-10", "2026-03", "2025-12"])
def test_all_forms_add_up_to_what_the_calls_cost(tmp_path: Path, month: str) -> None:
    calls = year()
    found, total = of(tmp_path, calls, month=month), spent(of_month(calls, month))

    assert set(in_json(found)) == {total}
    for said in (in_html(found), in_text(found)):
        assert tuple(said) == TITLES
        for costs, foot in said.values():
            assert (sum(costs), foot) == (total, total)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), calls=st.integers(0, 300))
def test_so_they_do_whatever_was_called(
    tmp_path_factory: pytest.TempPathFactory, seed: int, calls: int
) -> None:
    made = year(calls, seed)
    found = of(tmp_path_factory.mktemp("ledger"), made)
    total = spent(of_month(made, "2026-11"))

    assert set(in_json(found)) == {total}
    assert in_text(found) == in_html(found)
    for costs, foot in in_html(found).values():
        assert (sum(costs), foot) == (total, total)


def test_a_message_says_the_same_in_short(tmp_path: Path) -> None:
    """Each cost to half a unit of its last digit, so that the rows come as near to the total."""
    calls = year()
    found, total = of(tmp_path, calls), spent(of_month(calls, "2026-11"))
    rows = [
        [cell.strip(" *") for cell in line.strip("|").split("|")]
        for line in as_markdown(found).splitlines()
        if line.startswith("|") and "\\|" not in line
    ]
    heads = [i for i, row in enumerate(rows) if "cost $" in row]

    assert heads
    for first, end in zip(heads, [*heads[1:], len(rows)], strict=True):
        place = rows[first].index("cost $")
        totals = [row for row in rows[first:end] if row[0] == "total"]
        assert abs(nano(totals[0][place]) - total) <= NANO // 200


def test_so_does_the_bill_for_finance_s_tools(tmp_path: Path) -> None:
    """The month's FOCUS rows, the report and the statement; FOCUS goes by UTC, so all of them do."""
    utc, calls = ZoneInfo("UTC"), year()
    write(tmp_path / "ledger.db", calls)
    with closing(SqliteBooks(tmp_path / "ledger.db")) as books:
        found = statement(books, Whose(), parse("2026-11"), utc, NOW_US)
        now = found.pair.now
        bill = report(books, ("team",), now.since_us, now.until_us, utc)
        lines = "".join(as_csv(books, ("day", "team"), now.since_us, now.until_us, lambda call: None))
    billed: dict[str, int] = {}
    for row in csv.DictReader(io.StringIO(lines)):
        team = row["x_Team"].removeprefix("'")
        billed[team] = billed.get(team, 0) + int(Decimal(row["BilledCost"]) * NANO)

    of_team = {str(line.names[0] or ""): line.sums.cost_nano for line in found.parts["team"]}
    assert billed == of_team
    assert {str(team or ""): sums.cost_nano for (team,), sums in bill.rows} == of_team
    assert sum(billed.values()) == found.total.cost_nano == spent(of_month(calls, "2026-11", utc))
