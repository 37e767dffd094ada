"""Files that become rows."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.tollway.ledger.archive.moved import into, out, rows
from tests.tollway.ledger.cutting.test_cut import cut_all, odd
from tests.tollway.ledger.limits import HOUR_US, Limit, Limits, ended, opened, standing
from tests.tollway.ledger.samples import FULL, NOON_US, call
from tests.tollway.ledger.year import bills, write, year
from tollway.ledger.archive import importing as module
from tollway.ledger.archive.export import Style
from tollway.ledger.archive.importing import Imported, counts_now
from tollway.ledger.connect import connect
from tollway.ledger.sqlite import SqliteLedger
from tollway.model import CallRecord


@settings(max_examples=40)
@given(
    recorded=st.lists(odd, max_size=20),
    merged=st.booleans(),
    style=st.sampled_from(["jsonl", "csv"]),
    packed=st.booleans(),
)
def test_what_was_exported_comes_back_in_all_columns_and_twice_is_once(
    recorded: list[CallRecord], merged: bool, style: Style, packed: bool
) -> None:
    """But for what is in flight; merged rows with the ids of their calls."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        path = write(folder / "from.db", [replace(each, id=f"c{n}") for n, each in enumerate(recorded)])
        if merged:
            with closing(connect(path, "process")) as db:
                cut_all(db, "day")
        file = folder / f"a.{style}{'.gz' * packed}"
        out(path, file, style)
        staged, first = into(folder / "to.db", file)
        before = rows(folder / "to.db")
        _, again = into(folder / "to.db", file)

        assert before == rows(path) == rows(folder / "to.db")
        assert (first.new, first.same, first.other) == (staged.rows, 0, 0)
        assert (again.new, again.same, again.other) == (0, staged.rows, 0)


def test_a_year_comes_back(tmp_path: Path) -> None:
    path = write(tmp_path / "from.db", [*year(60), FULL])
    out(path, tmp_path / "a.jsonl.gz")
    into(tmp_path / "to.db", tmp_path / "a.jsonl.gz")

    assert rows(tmp_path / "to.db") == rows(path)
    assert bills(tmp_path / "to.db") == bills(path)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An export of seven calls."""
    path = write(tmp_path / "from.db", [call(f"c{n}") for n in range(7)], process="elsewhere")
    out(path, tmp_path / "a")
    return tmp_path / "a"


def test_what_is_there_otherwise_is_told_and_stays(file: Path, tmp_path: Path) -> None:
    """Who wrote it is no difference."""
    to = write(tmp_path / "to.db", [call("c0"), *(call(f"c{n}", status=500) for n in range(1, 7))])
    before = rows(to)
    _, imported = into(to, file)

    assert imported == Imported(0, 1, 6, ("c1", "c2", "c3", "c4", "c5"), 0)
    assert rows(to) == before


def test_an_archive_of_what_was_cut_since_counts_no_second_time(tmp_path: Path) -> None:
    path = write(tmp_path / "ledger.db", year(2))
    out(path, tmp_path / "a")
    with closing(connect(path, "process")) as db:
        cut_all(db)
    before = rows(path)
    _, imported = into(path, tmp_path / "a")

    assert (imported.new, imported.same, imported.other) == (0, 24, 0)
    assert rows(path) == before


def test_merged_rows_of_calls_that_are_there_are_told(tmp_path: Path) -> None:
    """They would count twice."""
    path = write(tmp_path / "ledger.db", year(2))
    out(path, tmp_path / "whole")
    with closing(connect(path, "process")) as db:
        cut_all(db)
    out(path, tmp_path / "cut")
    into(tmp_path / "other.db", tmp_path / "whole")
    before = rows(tmp_path / "other.db")
    _, imported = into(tmp_path / "other.db", tmp_path / "cut")

    assert (imported.new, imported.same, imported.other) == (0, 0, 12)
    assert rows(tmp_path / "other.db") == before


def test_calls_that_are_in_other_merged_rows_are_told(tmp_path: Path) -> None:
    """Of the same calls, cut by the day there and by the hour here."""
    calls = [replace(each, provider="p", model="m", user="ann", tags={}) for each in year(1, 4)]
    for name, unit in (("one", "hour"), ("other", "day")):
        with closing(connect(write(tmp_path / f"{name}.db", calls), "process")) as db:
            cut_all(db, unit)
    out(tmp_path / "one.db", tmp_path / "a")
    _, imported = into(tmp_path / "other.db", tmp_path / "a")

    assert imported.new == 0
    assert imported.other == 2


def test_it_is_written_in_short_steps(tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However the rows are cut into them."""
    monkeypatch.setattr(module, "MOST_ROWS", 3)
    monkeypatch.setattr(module, "MOST_CALLS", 2)
    to = tmp_path / "to.db"
    assert into(to, file)[1].new == 7

    assert rows(to) == rows(tmp_path / "from.db")


def test_what_fails_is_undone(tmp_path: Path, file: Path) -> None:
    """In its step; steps before it stay, for importing again brings the rest."""
    to = write(tmp_path / "to.db", [])
    with closing(sqlite3.connect(to)) as db:
        db.execute(
            "CREATE TRIGGER no BEFORE INSERT ON calls WHEN new.id = 'c5' BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    with pytest.raises(sqlite3.IntegrityError, match="no"):
        into(to, file)

    assert rows(to) == [[], []]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqliteLedger]:
    """One whose process lives."""
    with closing(SqliteLedger(tmp_path / "to.db", now=lambda: NOON_US / 1_000_000)) as ledger:
        yield ledger


async def test_limits_count_what_was_imported_once_they_are_adopted_anew(
    ledger: SqliteLedger, tmp_path: Path
) -> None:
    """As a proxy does at its start, and as it reads its policy again."""
    out(write(tmp_path / "from.db", [ended(opened("a"), 30), ended(opened("b"), 5)]), tmp_path / "a")
    limits = Limits(Limit("day"), Limit("rolling", rolling=True, window_us=HOUR_US))
    await ledger.adopt(limits, NOON_US)
    await ledger.record(ended(opened("c"), 2))
    _, imported = into(tmp_path / "to.db", tmp_path / "a")
    assert standing(tmp_path / "to.db") == [(2, 0), (2, 0)]
    await ledger.adopt(limits, NOON_US)

    assert standing(tmp_path / "to.db") == [(37, 0), (37, 0)]
    with closing(connect(tmp_path / "to.db", "process")) as db:
        assert counts_now(db, imported, NOON_US)
        assert not counts_now(db, imported._replace(latest_us=NOON_US - 13 * HOUR_US), NOON_US)
        assert not counts_now(db, Imported(), NOON_US)


async def test_without_limits_nothing_has_to_count_it(ledger: SqliteLedger, tmp_path: Path) -> None:
    with closing(connect(tmp_path / "to.db", "process")) as db:
        assert not counts_now(db, Imported(new=1, latest_us=NOON_US), NOON_US)
