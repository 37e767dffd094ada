"""The README's queries answer what they say, and docs/ledger.md has every table and column."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.tollway.ledger.cutting.test_cut import cut_all
from tests.tollway.ledger.samples import call
from tests.tollway.ledger.year import write
from tollway.ledger.connect import connect, connect_to_read
from tollway.ledger.cutting.merged import SHARED
from tollway.ledger.cutting.reach import Reach
from tollway.ledger.store import LATEST_US
from tollway.ledger.verifying.check import CHECKS
from tollway.ledger.verifying.verify import ADDED, OPEN
from tollway.model import Billing, CallRecord, Cost, Source, Usage
from tollway.reporting.periods import moment

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
DOCS = (ROOT / "docs" / "ledger.md").read_text("utf-8")
SECTION = README.partition("\n## The ledger in SQL\n")[2].partition("\n## ")[0]
QUERIES = dict(
    re.findall(
        r"^-- (.*)\n((?:(?!--).*\n)+)",
        "".join(re.findall(r"^```sql\n(.*?)^```$", SECTION, re.M | re.S)),
        re.M,
    )
)
USD = 10**9
EVERYTHING = Reach(LATEST_US, LATEST_US, (), ())


def at(text: str) -> int:
    return moment(datetime.fromisoformat(f"{text}:00+00:00"))


def one(id: str, when: str, usd: int, **fields: Any) -> CallRecord:
    """A call of ann's in research that took a second, and cost so many USD."""
    start_us = at(when)
    known: dict[str, Any] = {
        "team": "research",
        "user": "ann",
        "program": "claude-cli",
        "session": "s1",
        "status": 200,
        "ended_us": start_us + 1_000_000,
        "usage": Usage(input_tokens=1_000, cache_read_tokens=250, output_tokens=1_000),
        "cost": Cost(other_nano=usd * USD, source=Source.COMPUTED),
    }
    return call(id, started_us=start_us, **(known | fields))


OCTOBER = [one(f"o{n}", f"2026-10-0{n} 10:00", 2, session="s2") for n in range(1, 6)]
"""10 USD, and 5,000 output tokens."""
REFUSED: dict[str, Any] = {"status": None, "error": "over_limit", "session": None, "usage": Usage()}
NOVEMBER = [
    one("n1", "2026-11-01 10:00", 5),
    one("n2", "2026-11-01 10:01", 5),
    one("n3", "2026-11-02 10:00", 3, team="sales", user="bob", session=None, program="curl", model="gpt-5",
        provider="openai", usage=Usage(input_tokens=1_000, output_tokens=500),
        ended_us=at("2026-11-02 10:00") + 9_000_000),
    one("n4", "2026-11-03 10:00", 7, billing=Billing.NOTIONAL, usage=Usage(), model="opus", session="s3"),
    one("n5", "2026-11-04 10:00", 0, **REFUSED, limits=("day", "team"), action="wait, block by team"),
    one("n6", "2026-11-04 10:00", 0, **REFUSED, limits=("day",), action="block by day"),
    one("n7", "2026-11-05 10:00", 0, status=529, provider="openai", session=None, usage=Usage(),
        model="gpt-5"),
    one("n8", "2026-11-06 10:00", 2, model="odd", session=None, usage=Usage(),
        cost=Cost(other_nano=2 * USD, source=Source.COMPUTED, flags=("unknown_price",))),
]  # fmt: skip


@pytest.fixture(scope="module", params=["as recorded", "cut"])
def db(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[sqlite3.Connection]:
    """A ledger of these calls; and one in which those are merged that may be."""
    path = write(tmp_path_factory.mktemp("sql") / "ledger.db", [*OCTOBER, *NOVEMBER])
    if request.param == "cut":
        with closing(connect(path, "process")) as db:
            assert cut_all(db, reach=EVERYTHING).calls == 2
    with closing(connect_to_read(path)) as db:
        yield db


@pytest.fixture
def is_cut(db: sqlite3.Connection) -> bool:
    return bool(db.execute("SELECT max(calls) > 1 FROM calls").fetchone()[0])


ANSWERS: dict[str, list[tuple[Any, ...]]] = {
    "What each team cost in a month": [("research", 12.0), ("sales", 3.0)],
    "The dearest sessions": [("s1", "ann", 2, 10.0), ("s2", "ann", 5, 10.0), ("s3", "ann", 1, 7.0)],
    "How much of the input came from providers' caches, by program": [("claude-cli", 25.0), ("curl", None)],
    "What 1,000 output tokens cost, all in, by model": [("gpt-5", 6.0), ("claude-sonnet-4-5", 20 / 7)],
    "Refused calls, by the limit or rate that refused them": [("day", 1), ("team", 1)],
    "How many of a provider's calls failed": [("openai", 50.0), ("anthropic", 100 * 2 / 11)],
    "The time that 95 of 100 calls take at the most, by model": [
        ("gpt-5", 9_000), ("claude-sonnet-4-5", 1_000), ("odd", 1_000), ("opus", 1_000),
    ],
    "Models without a known price": [("anthropic", "odd", 1, 2.0)],
    "What flat plans cover, beside what is paid by the call": [("ann", 7.0, 22.0), ("bob", 0.0, 3.0)],
    "Growth, month over month": [("2026-10", 10.0, None), ("2026-11", 15.0, 50.0)],
}  # fmt: skip


def test_there_are_ten() -> None:
    assert list(QUERIES) == list(ANSWERS)
    assert len(QUERIES) == 10


@pytest.mark.parametrize("name", ANSWERS)
def test_a_query_of_the_readme_answers_what_it_says(db: sqlite3.Connection, is_cut: bool, name: str) -> None:
    """Of merged calls, too: but for their sessions."""
    found = db.execute(QUERIES[name]).fetchall()
    wanted = ANSWERS[name]
    if is_cut and name == "The dearest sessions":
        wanted = wanted[1:]

    assert sorted(found, key=str) == sorted(wanted, key=str)
    amounts = [row[-1] for row in found]
    if None not in amounts and "dearest" in name:
        assert amounts == sorted(amounts, reverse=True)


def documented(table: str) -> set[str]:
    """The columns that docs/ledger.md says a table has."""
    if table == "calls":
        part = DOCS.partition("\n### calls\n")[2].partition("\n### ")[0]
        return set(re.findall(r"`(\w+)`", " ".join(re.findall(r"^\|.*\|$", part, re.M))))
    columns: set[str] = set()
    current = ""
    for name, cell in re.findall(r"^\| (?:`(\w+)` )?\| (`.*?`) \|", DOCS, re.M):
        current = name or current
        columns |= set(re.findall(r"`(\w+)`", cell)) if current == table else set()
    return columns


def test_every_table_and_column_is_documented(tmp_path: Path) -> None:
    with closing(connect(tmp_path / "ledger.db", "process")) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        every = {
            name: {column for (column,) in db.execute("SELECT name FROM pragma_table_xinfo(?)", (name,))}
            for name in names
            if not name.startswith("sqlite_")
        }

    missing = {
        name: columns - documented(name) for name, columns in every.items() if columns - documented(name)
    }
    assert missing == {}


def test_what_merged_rows_share_is_documented() -> None:

    part = DOCS.partition("\n## tollway ledger prune\n")[2]
    assert [name for name in SHARED if f"`{name}`" not in part] == []


def test_every_check_is_documented() -> None:

    part = DOCS.partition("\n## tollway ledger verify\n")[2]
    assert [
        name for name in (OPEN, *(each.name for each in CHECKS), ADDED) if f"| {name} |" not in part
    ] == []
