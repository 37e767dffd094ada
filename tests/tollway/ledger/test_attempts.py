"""What a backtest reads of the ledger."""

import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tollway.backtest.samples import attempt
from tests.tollway.ledger.samples import FULL, NOON_US, call, calls
from tollway.ledger.attempts import query
from tollway.ledger.books import SqliteBooks
from tollway.ledger.connect import connect
from tollway.ledger.fault import LedgerError
from tollway.ledger.open import open_recorded
from tollway.ledger.row import UPSERT, row_of
from tollway.model import CallRecord

NAMES = (
    "claim.cost_center",
    "group",
    "model",
    "network",
    "program",
    "provider",
    "session",
    "tag.project",
    "team",
)


def written(path: Path, rows: list[CallRecord]) -> str:
    """The URL of a ledger of these calls."""
    with closing(connect(path, "process")) as db:
        db.executemany(UPSERT, [row_of(each, "p") for each in rows])
    return f"sqlite:{path}"


def test_a_row_has_all_that_a_policy_may_go_by(tmp_path: Path) -> None:
    url = written(tmp_path / "ledger.db", [FULL, call("bare", started_us=NOON_US + 1)])

    with closing(open_recorded(url)) as books:
        full, bare = books.attempts(NAMES)

    assert full == attempt(FULL, NAMES)
    assert bare == attempt(call("bare", started_us=NOON_US + 1), NAMES)
    assert full.who == (
        "notional", 1, "chat", "4711", '["a", "b"]', "claude-sonnet-4-5", "office", "claude-cli", "anthropic",
        "5e0b0a6e", "apollo", "research",
    )  # fmt: skip


@settings(deadline=None)
@given(st.lists(calls(), max_size=6, unique_by=lambda each: each.id))
def test_any_row_is_read_as_it_is(rows: list[CallRecord]) -> None:
    """Whether it counts as a request is the ledger's own rule."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "ledger.db")
        url = written(path, rows)
        with closing(open_recorded(url)) as books:
            found = {each.id: each for each in books.attempts(NAMES)}

    for row in rows:
        read, made = found[row.id], attempt(row, NAMES)
        assert read._replace(who=()) == made._replace(who=())
        groups = NAMES.index("group") + 3
        assert read.who[:groups] == made.who[:groups]
        assert read.who[groups + 1 :] == made.who[groups + 1 :]


def test_rows_come_in_the_order_of_their_start_and_of_a_span(tmp_path: Path) -> None:
    rows = [call(str(n), started_us=NOON_US + n) for n in (3, 1, 2, 0)]

    with closing(open_recorded(written(tmp_path / "ledger.db", rows))) as books:
        found = [each.id for each in books.attempts((), NOON_US + 1, NOON_US + 3)]

    assert found == ["1", "2"]


def test_nothing_is_sorted_for_it(tmp_path: Path) -> None:
    """A million rows are read as they come."""
    with closing(connect(tmp_path / "ledger.db", "process")) as db:
        plan = [row[-1] for row in db.execute(f"EXPLAIN QUERY PLAN {query(NAMES)}", (0, 1))]

    assert plan == ["SEARCH calls USING INDEX calls_started (started_us>? AND started_us<?)"]


def test_what_goes_wrong_is_named(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    written(path, [])
    with closing(SqliteBooks(path)) as books:
        with closing(connect(path, "process")) as db:
            db.execute("DROP TABLE calls")
        with pytest.raises(LedgerError, match="ledger"):
            list(books.attempts(()))


def test_a_name_that_is_no_attribute_is_none() -> None:
    with pytest.raises(ValueError, match="no attribute"):
        query(["'; DROP TABLE calls"])
