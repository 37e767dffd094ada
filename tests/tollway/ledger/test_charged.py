"""What re-pricing reads of the ledger."""

from contextlib import closing
from pathlib import Path

import pytest

from tests.tollway.ledger.samples import FULL, NOON_US, call
from tollway.ledger.books import SqliteBooks
from tollway.ledger.connect import connect
from tollway.ledger.fault import LedgerError
from tollway.ledger.row import UPSERT, row_of
from tollway.model import USAGE_FIELDS, Usage


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A ledger of three calls, written in another order than they started in."""
    path = tmp_path / "ledger.db"
    later = call("later", started_us=NOON_US + 2, usage=Usage(pages=7), tags={"project": "apollo"})
    with closing(connect(path, "process")) as db:
        for each in (later, FULL, call("first", started_us=NOON_US - 1)):
            db.execute(UPSERT, row_of(each, "p"))
    return path


def test_a_row_has_what_decides_the_price_what_was_used_and_what_was_charged(path: Path) -> None:
    with closing(SqliteBooks(path)) as books:
        _, full, _ = books.charged([])

    assert full[:7] == (
        NOON_US, "anthropic", "api.anthropic.com", "chat", "claude-sonnet-latest", "claude-sonnet-4-5",
        "claude-sonnet-4-5-20250929",
    )  # fmt: skip
    assert full[7:12] == ("standard", "notional", "provider", 54_321, "anthropic 2026-11-01")
    assert full.used == tuple(range(len(USAGE_FIELDS)))
    assert full.group == ()


def test_rows_come_in_the_order_of_their_start_with_what_was_asked_for(path: Path) -> None:
    with closing(SqliteBooks(path)) as books:
        found = [(row.started_us - NOON_US, row.group) for row in books.charged(["model", "tag.project"])]

    assert found == [
        (-1, ("claude-sonnet-4-5", None)),
        (0, ("claude-sonnet-4-5", "apollo")),
        (2, ("claude-sonnet-4-5", "apollo")),
    ]


def test_a_span_has_its_first_moment_and_not_its_last(path: Path) -> None:
    with closing(SqliteBooks(path)) as books:
        found = [row.started_us - NOON_US for row in books.charged([], NOON_US - 1, NOON_US + 2)]

    assert found == [-1, 0]


def test_what_goes_wrong_is_named(path: Path) -> None:
    with closing(SqliteBooks(path)) as books:
        with closing(connect(path, "process")) as db:
            db.execute("DROP TABLE calls")
        with pytest.raises(LedgerError, match="ledger"):
            list(books.charged([]))
