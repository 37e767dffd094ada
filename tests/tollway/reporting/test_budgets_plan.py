"""Limits in USD that met only calls under a flat plan."""

from contextlib import closing
from pathlib import Path

import pytest

from tests.tollway.ledger.samples import NOON_US, call
from tests.tollway.reporting.budget_samples import HOUR_US, row
from tollway.budget.amounts import Unit
from tollway.ledger.books import SqliteBooks
from tollway.ledger.connect import connect
from tollway.ledger.row import UPSERT, row_of
from tollway.model import Billing, CallRecord
from tollway.reporting import budgets_plan
from tollway.reporting.budgets_plan import flat_only, told

PLAN = call("plan", limits=("day",), billing=Billing.NOTIONAL)
KEY = call("key", limits=("day",))


def test_only_plans_is_told() -> None:
    """By name, sorted."""
    assert told([PLAN], ["day"]) == ("day",)
    assert told([call("p", limits=("b", "a"), billing=Billing.NOTIONAL)], ["b", "a"]) == ("a", "b")


@pytest.mark.parametrize("calls", [[], [KEY], [PLAN, KEY], [call("other", billing=Billing.NOTIONAL)]])
def test_no_call_or_a_metered_one_is_not(calls: list[CallRecord]) -> None:
    """Nor is a call that did not meet the limit."""
    assert told(calls, ["day"]) == ()


@pytest.fixture
def books(tmp_path: Path) -> SqliteBooks:
    """A ledger of one call under a flat plan."""
    path = tmp_path / "ledger.db"
    with closing(connect(path, "process")) as db:
        db.execute(UPSERT, row_of(PLAN, "p"))
    return SqliteBooks(path)


def test_a_limit_that_nothing_was_charged_to_is_looked_into(books: SqliteBooks) -> None:
    """Of a calendar's window and of a rolling one."""
    with closing(books):
        assert flat_only(books, [row(settled=0, held=0)], NOON_US) == ("day",)
        assert flat_only(books, [row(settled=0, held=0, rolling_us=HOUR_US)], NOON_US) == ("day",)


def test_one_that_spent_something_in_any_bucket_is_not(books: SqliteBooks) -> None:
    """Nor one that counts tokens: it counts flat plans, too."""
    with closing(books):
        some = [row(settled=0, held=0), row(values={"user": "ann"})]
        assert flat_only(books, some, NOON_US) == ()
        assert flat_only(books, [row(settled=0, held=0, unit=Unit.TOKENS)], NOON_US) == ()


def test_calls_before_the_window_do_not_count(books: SqliteBooks) -> None:
    """Nor do those of a ledger with more calls than can be looked through."""
    with closing(books):
        later = row(settled=0, held=0, rolling_us=HOUR_US)
        assert flat_only(books, [later], NOON_US + 2 * HOUR_US) == ()


def test_of_more_calls_than_are_looked_through_nothing_is_said(
    books: SqliteBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`budgets` is asked often; it does not read a whole year for a remark."""
    monkeypatch.setattr(budgets_plan, "MOST", 0)
    with closing(books):
        assert flat_only(books, [row(settled=0, held=0)], NOON_US) == ()
