"""What a merged row has."""

from contextlib import closing
from pathlib import Path

from tests.tollway.ledger.year import ATTRIBUTES
from tollway.budget.attributes import NAMES
from tollway.ledger.connect import connect
from tollway.ledger.cutting.merged import ADDED, FIND, LET_GO, MADE, SHARED


def test_each_column_is_shared_added_up_made_or_let_go_of(tmp_path: Path) -> None:
    """And a new one has to be decided about."""
    with closing(connect(tmp_path / "ledger.db", "process")) as db:
        columns = [name for (name,) in db.execute("SELECT name FROM pragma_table_info('calls')")]

    assert sorted((*SHARED, *ADDED, *MADE, *LET_GO)) == sorted(columns)


def test_what_reports_group_by_and_limits_go_by_is_shared_but_the_session() -> None:
    assert {*ATTRIBUTES} <= {*SHARED, "state"}
    assert {name if name != "group" else "groups" for name in NAMES} - {*SHARED} == {"session"}


def test_a_slot_is_looked_up(tmp_path: Path) -> None:
    """In a ledger of a year, an hour costs what the hour has."""
    with closing(connect(tmp_path / "ledger.db", "process")) as db:
        span = {"from_us": 0, "until_us": 1, "settled_us": 1, "upto": 1}
        plan = " ".join(row[-1] for row in db.execute(f"EXPLAIN QUERY PLAN {FIND}", span))

    assert "SEARCH calls USING INDEX calls_started (started_us>? AND started_us<?)" in plan
