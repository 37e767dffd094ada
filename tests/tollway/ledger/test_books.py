"""Reading an SQLite ledger: portions, and what they must not change."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.tollway.ledger.samples import NOON_US, call
from tollway.ledger import books as module
from tollway.ledger.attributes import Where
from tollway.ledger.books import COMMON, RARE, SqliteBooks
from tollway.ledger.connect import connect
from tollway.ledger.fault import LedgerError
from tollway.ledger.row import UPSERT, row_of
from tollway.model import USAGE_FIELDS, Cost, Usage


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A ledger of 100 calls of three models; one in four starts at the same moment."""
    path = tmp_path / "ledger.db"
    with closing(connect(path, "process")) as db:
        for n in range(100):
            recorded = call(
                str(n), started_us=NOON_US + n * (n % 4 > 0), model=f"m{n % 3}",
                usage=Usage(input_tokens=n, pages=n if n % 5 == 0 else None), cost=Cost(input_nano=1),
            )  # fmt: skip
            db.execute(UPSERT, row_of(recorded, "p"))
    return path


@pytest.fixture
def books(path: Path) -> Iterator[SqliteBooks]:
    """The same, open."""
    with closing(SqliteBooks(path)) as books:
        yield books


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("portion", [1, 7, 1000])
def test_portions_change_no_sum(
    books: SqliteBooks, portion: int, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long they are, however many calls start at one moment, whoever adds them up."""
    monkeypatch.setattr(module, "PORTION", portion)
    monkeypatch.setattr(module, "THREADS", threads)

    found = {group: sums for (_, group), sums in books.sums(["model"]).items()}

    assert {model: sums.calls for (model,), sums in found.items()} == {"m0": 34, "m1": 33, "m2": 33}
    assert found["m0",].usage == {
        "input_tokens": sum(range(0, 100, 3)),
        "pages": sum(range(0, 100, 15)),
    }


def test_what_two_threads_found_is_added_up() -> None:
    """Group by group; a sum over nothing adds nothing, and is told from zero."""
    found: module.Found = {(1, ("a",)): (1, None, 5, None), (1, ("b",)): (7, 7, 7, 7)}
    module._merge(found, {(1, ("a",)): (2, 0, None, None), (2, ("a",)): (3, 3, 3, 3)})

    assert found == {(1, ("a",)): (3, 0, 5, None), (1, ("b",)): (7, 7, 7, 7), (2, ("a",)): (3, 3, 3, 3)}


def test_every_unit_is_common_or_rare() -> None:
    """And the index is about exactly the rare ones: else SQLite would refuse to use it."""
    assert {*COMMON, *RARE} == set(USAGE_FIELDS)
    assert not set(COMMON) & set(RARE)


def test_reports_go_by_the_indices(path: Path) -> None:
    """They look a span up: what lies outside of it costs nothing."""
    with closing(connect(path, "process")) as db:
        plans = [
            " ".join(row[-1] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}", (0, 0, 1)))
            for question in module._QUESTIONS
            for sql in [question.ask([]).removeprefix(f"INSERT INTO {question.table} ")]
        ]

    assert "SEARCH calls USING INDEX calls_started (started_us>? AND started_us<?)" in plans[0]
    assert "SEARCH calls USING INDEX calls_rare (started_us>? AND started_us<?)" in plans[1]


def test_reading_goes_on_while_others_write(books: SqliteBooks, path: Path) -> None:
    """Nobody waits for anybody."""
    with closing(connect(path, "process")) as db:
        db.execute("BEGIN IMMEDIATE")
        db.execute(UPSERT, row_of(call("new"), "p"))

        assert sum(sums.calls for sums in books.sums([]).values()) == 100
        db.execute("COMMIT")

    assert sum(sums.calls for sums in books.sums([]).values()) == 101


def test_what_can_not_be_read_says_so(books: SqliteBooks, path: Path) -> None:
    """In our words."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("DROP VIEW bill")
        db.execute("DROP TABLE calls")

    with pytest.raises(LedgerError, match="no such table"):
        books.sums([])


def test_a_call_is_found_by_its_id_or_by_how_that_begins(books: SqliteBooks) -> None:
    """The whole id counts, where another begins with it."""
    assert books.call("99").id == "99"
    assert books.call("7").id == "7"
    assert books.call("42").usage.input_tokens == 42


def test_an_id_that_no_call_has_is_told(books: SqliteBooks) -> None:
    with pytest.raises(LedgerError, match="it has no call whose id begins with 'x1'"):
        books.call("x1")


def test_ids_that_begin_alike_are_told(path: Path) -> None:
    with closing(connect(path, "process")) as db:
        for id in ("ab1", "ab2", "ab3", "ab4"):
            db.execute(UPSERT, row_of(call(id), "p"))

    with closing(SqliteBooks(path)) as books:
        assert books.call("ab3").id == "ab3"
        with pytest.raises(LedgerError, match=r"several calls .* begins with 'ab': ab1, ab2, ab3, \.\.\.$"):
            books.call("ab")
        with pytest.raises(LedgerError, match="several calls"):
            books.call("")


def test_a_file_that_can_not_be_read_is_told_of_a_call_too(books: SqliteBooks, path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TABLE calls")

    with pytest.raises(LedgerError, match="no such table"):
        books.call("1")


def test_a_row_that_is_damaged_is_told_of_all_calls_and_of_one(books: SqliteBooks, path: Path) -> None:
    with closing(connect(path, "process")) as db:
        db.execute("PRAGMA ignore_check_constraints = 1")
        db.execute("UPDATE calls SET billing = 'metere' WHERE id = '7'")

    with pytest.raises(LedgerError, match="its file is damaged"):
        list(books.calls())
    with pytest.raises(LedgerError, match="its file is damaged"):
        books.call("7")


def test_sums_know_when_the_first_and_the_last_call_began(
    books: SqliteBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the portions: m1 has the calls 1, 4, 7 ... 97, of which each fourth began at noon."""
    monkeypatch.setattr(module, "PORTION", 7)
    found = {group: sums for (_, group), sums in books.sums(["model"]).items()}

    assert (found["m1",].first_us, found["m1",].last_us) == (NOON_US, NOON_US + 97)
    assert (found["m2",].first_us, found["m2",].last_us) == (NOON_US, NOON_US + 98)


def test_only_some_calls_count(books: SqliteBooks, path: Path) -> None:
    """Those that have a value, or none; what has no call is no group."""
    with closing(connect(path, "process")) as db:
        db.execute(UPSERT, row_of(call("t", model="m0", team="a'b", tags={"project": "x"}), "p"))

    def calls(where: Where) -> dict[object, int]:
        return {group: sums.calls for (_, group), sums in books.sums(["model"], where=where).items()}

    assert calls([("model", "m1")]) == {("m1",): 33}
    assert calls([("team", "a'b")]) == {("m0",): 1}
    assert calls([("team", None), ("model", "m0")]) == {("m0",): 34}
    assert calls([("tag.project", "x")]) == {("m0",): 1}
    assert calls([("team", "nobody")]) == {}
    assert books.sums([], where=[("team", "nobody")]) == {}


@pytest.mark.parametrize("portion", [7, 1000])
def test_several_groupings_are_as_each_alone(
    books: SqliteBooks, portion: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of one state of the ledger, so that they come to the same."""
    monkeypatch.setattr(module, "PORTION", portion)
    groupings: list[list[str]] = [["model"], [], ["provider", "model"]]

    found = books.several(groupings, where=[("provider", "anthropic")])

    assert found == [books.sums(by) for by in groupings]
    assert {sum(sums.cost_nano for sums in each.values()) for each in found} == {100}


def test_a_call_that_was_merged_is_told(books: SqliteBooks, path: Path) -> None:
    """Who asks for its id may have an archive."""
    with closing(connect(path, "process")) as db:
        db.execute("INSERT INTO cut SELECT 'gone', rowid FROM calls WHERE id = '7'")

    with pytest.raises(
        LedgerError, match="call gone was merged into 7 by `tollway ledger prune`; what was archived"
    ):
        books.call("go")


def test_merged_calls_are_counted(books: SqliteBooks, path: Path) -> None:
    with closing(connect(path, "process")) as db:
        db.execute("UPDATE calls SET calls = 5 WHERE id = '7'")

    assert sum(sums.calls for sums in books.sums([]).values()) == 104


def test_where_rows_were_merged_meanwhile_all_is_read_once_more(
    books: SqliteBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one state of the file, portion by portion."""
    before = books.sums(["model"])
    generations = iter("12")
    monkeypatch.setattr(module, "generation", lambda db: next(generations))
    monkeypatch.setattr(module, "PORTION", 7)

    assert books.sums(["model"]) == before
    assert not list(generations)
