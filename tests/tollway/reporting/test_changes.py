"""Two bills side by side."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.statement.year import BERLIN, by, notional, of_month, spent, write, year
from tollway.ledger.books import SqliteBooks
from tollway.ledger.store import Group
from tollway.ledger.sums import Sums
from tollway.model import CallRecord
from tollway.reporting.changes import Change, Changes, as_json, changes, movers
from tollway.reporting.periods import moment
from tollway.reporting.stretch import pair

CALLS = year()


def model(each: CallRecord) -> Group:
    """What rows are of."""
    return each.provider, each.model


NOVEMBER = pair("month", moment(datetime(2026, 11, 1, tzinfo=BERLIN)), None, 2 * 10**15, BERLIN)


@pytest.fixture
def books(tmp_path: Path) -> Iterator[SqliteBooks]:
    write(tmp_path / "ledger.db", CALLS)
    with closing(SqliteBooks(tmp_path / "ledger.db")) as books:
        yield books


def test_each_row_is_what_its_calls_cost_now_and_before(books: SqliteBooks) -> None:
    """To the nano-dollar, added up here call by call."""
    found = changes(books, ("provider", "model"), NOVEMBER, BERLIN)
    now, before = of_month(CALLS, "2026-11"), of_month(CALLS, "2026-10")
    of_now, of_before = (by(calls, model) for calls in (now, before))

    assert {group: change.now.cost_nano for group, change in found.rows} == {
        group: spent(of_now.get(group, [])) for group, _ in found.rows
    }
    assert {group: change.before.cost_nano for group, change in found.rows} == {
        group: spent(of_before.get(group, [])) for group, _ in found.rows
    }
    assert {group for group, _ in found.rows} == {*of_now, *of_before}
    assert (found.total.now.cost_nano, found.total.before.cost_nano) == (spent(now), spent(before))
    assert (found.total.now.notional_nano, found.total.before.notional_nano) == (
        notional(now),
        notional(before),
    )
    assert found.total.difference_nano == spent(now) - spent(before)


def test_only_some_calls_count(books: SqliteBooks) -> None:
    found = changes(books, ("model",), NOVEMBER, BERLIN, [("team", "research")])

    now = [each for each in of_month(CALLS, "2026-11") if each.team == "research"]
    assert found.total.now.cost_nano == spent(now)


AMOUNTS = st.integers(0, 10**15)
ROWS = st.dictionaries(
    st.tuples(st.integers(0, 30)),
    st.builds(lambda now, before: Change(Sums(1, now), Sums(1, before)), AMOUNTS, AMOUNTS),
)


def of(rows: dict[tuple[int], Change]) -> Changes:
    total = Change(Sums(), Sums())
    for change in rows.values():
        total = total.with_(change)
    return Changes(("n",), tuple(rows.items()), total, NOVEMBER, BERLIN)


@given(ROWS, st.integers(1, 9))
def test_movers_and_the_others_add_up_to_the_total(rows: dict[tuple[int], Change], most: int) -> None:
    """None is there twice; what rose comes first, the most first, then what fell, the most last."""
    found = movers(of(rows), most)
    differences = [change.difference_nano for _, change in found.rows]
    others = found.others[1] if found.others is not None else Change(Sums(), Sums())

    assert sum(differences) + others.difference_nano == found.total.difference_nano
    assert len({group for group, _ in found.rows}) == len(found.rows) <= 2 * most
    assert differences == sorted(differences, reverse=True)
    assert len(found.rows) + (found.others[0] if found.others else 0) == len(rows)
    up = sorted(
        [change.difference_nano for change in rows.values() if change.difference_nano > 0], reverse=True
    )
    assert [each for each in differences if each > 0] == up[:most]


def test_json_says_both_and_by_how_much() -> None:
    said = as_json(movers(of({(1,): Change(Sums(2, 15), Sums(1, 10)), (2,): Change(Sums(1, 5), Sums())}), 1))

    assert said == {
        "since": "2026-11-01T00:00:00+01:00",
        "until": "2026-12-01T00:00:00+01:00",
        "before": {"since": "2026-10-01T00:00:00+02:00", "until": "2026-11-01T00:00:00+01:00"},
        "compare": "month",
        "by": ["n"],
        "rows": [
            {
                "n": 1, "calls": 2, "calls_before": 1, "cost_usd": "0.000000015", "before_usd": "0.00000001",
                "difference_usd": "0.000000005", "percent": "50.0", "notional_usd": "0",
                "notional_before_usd": "0",
            }
        ],
        "others": {
            "rows": 1, "calls": 1, "calls_before": 0, "cost_usd": "0.000000005", "before_usd": "0",
            "difference_usd": "0.000000005", "percent": None, "notional_usd": "0", "notional_before_usd": "0",
        },
        "total": {
            "calls": 3, "calls_before": 1, "cost_usd": "0.00000002", "before_usd": "0.00000001",
            "difference_usd": "0.00000001", "percent": "100.0", "notional_usd": "0",
            "notional_before_usd": "0",
        },
    }  # fmt: skip
    assert as_json(of({}))["others"] is None
