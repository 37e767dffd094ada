"""Calls in a file."""

import csv
import json
from contextlib import closing
from pathlib import Path

import pytest

from tests.tollway.ledger.archive.moved import ALL, out
from tests.tollway.ledger.cutting.test_cut import cut_all
from tests.tollway.ledger.samples import FULL, call
from tests.tollway.ledger.year import DAY_US, NEW_YEAR_US, write, year
from tollway.ledger.archive.export import Written, export
from tollway.ledger.connect import connect
from tollway.ledger.fault import LedgerError
from tollway.ledger.row import COLUMNS, row_of


def test_each_column_of_each_call_is_there_as_it_is(tmp_path: Path) -> None:
    """Money as whole nano-dollars; what is absent has no key."""
    path = write(tmp_path / "ledger.db", [FULL, call("later", started_us=FULL.started_us + 1)])
    assert out(path, tmp_path / "a") == Written(2, 2, 0, 2)

    first, full, later = [json.loads(line) for line in (tmp_path / "a").read_text().splitlines()]
    named = dict(zip(COLUMNS, row_of(FULL, "p"), strict=True))
    assert first["lines"] == 2
    assert {name: full.get(name) for name in COLUMNS} == {
        name: int(value) if isinstance(value, bool) else value for name, value in named.items()
    }
    assert {"user", "tags", "status"}.isdisjoint(later)
    assert later["cost_nano"] == 450_000


def test_a_span_has_what_started_in_it_oldest_first(tmp_path: Path) -> None:
    path = write(tmp_path / "ledger.db", reversed(list(year(4, 2))))
    span = (NEW_YEAR_US + DAY_US, NEW_YEAR_US + 3 * DAY_US)
    assert out(path, tmp_path / "a.csv", "csv", span)[:2] == (4, 4)

    with (tmp_path / "a.csv").open(newline="") as file:
        starts = [int(row["started_us"]) for row in csv.DictReader(file)]
    assert starts == sorted(starts)
    assert len(starts) == 4


def test_calls_in_flight_are_counted(tmp_path: Path) -> None:
    path = write(tmp_path / "ledger.db", [call("a", state="open"), call("b")])

    assert out(path, tmp_path / "a") == Written(2, 2, 1, 2)


def test_merged_rows_come_with_the_ids_of_their_calls(tmp_path: Path) -> None:
    """Of the span, too."""
    path = write(tmp_path / "ledger.db", year(2))
    with closing(connect(path, "process")) as db:
        cut_all(db)
    assert out(path, tmp_path / "a", span=(0, NEW_YEAR_US + DAY_US)) == Written(6, 12, 0, 24)

    _, *lines = [json.loads(line) for line in (tmp_path / "a").read_text().splitlines()]
    merged, ids = lines[:6], lines[6:]
    assert {line["calls"] for line in merged} == {2}
    assert len(ids) == 12
    assert {line["merged_into"] for line in ids} == {line["id"] for line in merged}


def test_what_is_damaged_leaves_no_file(tmp_path: Path) -> None:
    path = write(tmp_path / "ledger.db", year(1))
    with closing(connect(path, "process")) as db:
        db.execute("DROP VIEW bill")
        db.execute("ALTER TABLE calls RENAME TO gone")
        with pytest.raises(LedgerError, match="no such table: calls"):
            export(db, path, str(tmp_path / "a"), "jsonl", ALL)

    assert not (tmp_path / "a").exists()
