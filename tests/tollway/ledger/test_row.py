"""A call as a row, and back."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given

from tests.tollway.ledger.samples import FULL, call, calls
from tollway.ledger.connect import connect
from tollway.ledger.row import COLUMNS, UPSERT, call_of, row_of, storable
from tollway.model import USAGE_FIELDS, CallRecord, Cost


@pytest.mark.parametrize("recorded", [FULL, call()], ids=["full", "plain"])
def test_a_row_says_all(recorded: CallRecord) -> None:
    """Nothing is lost on the way there and back."""
    assert call_of(row_of(recorded, "p")) == recorded


@given(calls())
def test_any_call_comes_back(recorded: CallRecord) -> None:
    """Whatever is known of it."""
    assert call_of(row_of(recorded, "p")) == recorded


def test_a_row_has_plain_values() -> None:
    """Of types that sqlite3 binds without looking for an adapter, in the order of COLUMNS."""
    named = dict(zip(COLUMNS, row_of(FULL, "p"), strict=True))

    assert {type(value) for value in named.values()} <= {str, int, bool}
    assert named["billing"] == "notional"
    assert named["cost_source"] == "provider"
    assert named["cost_nano"] == 54_321
    assert named["flags"] == "unknown_price,estimated_input"
    assert named["tags"] == '{"env": "ci", "project": "apollo"}'
    assert named["groups"] == '["a", "b"]'
    assert named["claims"] == '{"cost_center": "4711"}'
    assert named["bound_output_tokens"] == 64_000
    assert (named["cache"], named["saved_nano"]) == ("join", 65_432)
    assert named["process"] == "p"


def test_every_column_of_the_table_is_written_or_what_limits_know_it_by(tmp_path: Path) -> None:
    """None was forgotten, and none is too many."""
    with closing(connect(tmp_path / "ledger.db", "process")) as db:
        columns = {name for (name,) in db.execute("SELECT name FROM pragma_table_info('calls')")}

    assert columns == {*COLUMNS, "holds", "hard", "lease_us", "policy", "admitted_us", "awaited_us"}
    assert set(USAGE_FIELDS) < columns


@pytest.mark.parametrize("far", [10**30, -(10**30)])
def test_what_is_storable_is_stored(tmp_path: Path, far: int) -> None:
    """Every number at once beyond its bounds: the table takes the row, flagged."""
    row = tuple(
        far if isinstance(value, int) and name not in ("stream", "state") else value
        for name, value in zip(COLUMNS, row_of(FULL, "p"), strict=True)
    )
    with closing(connect(tmp_path / "ledger.db", "process")) as db:
        with pytest.raises((OverflowError, sqlite3.IntegrityError)):
            db.execute(UPSERT, row)
        db.execute(UPSERT, storable(row))
        (flags, cost) = db.execute("SELECT flags, cost_nano FROM calls").fetchone()

    assert flags == "unknown_price,estimated_input,out_of_range"
    assert cost == (5 * 10**15 if far > 0 else 0)


def test_what_is_within_bounds_is_kept() -> None:
    """Only what is beyond is changed; the cost is the sum of its parts again."""
    row = storable(row_of(call(cost=Cost(input_nano=10**18, other_nano=3)), "p"))

    assert call_of(row) == call(cost=Cost(input_nano=10**15, other_nano=3, flags=("out_of_range",)))
