"""Answers as rows."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tollway.caching.kept import NOON_US, answer
from tollway.cache import rows
from tollway.cache.fault import Damaged
from tollway.cache.file import FILE, connect
from tollway.caching.store import Which

KEY, OTHER = b"k" * 32, b"o" * 32
MB = 1_000_000


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A file of answers."""
    with closing(connect(tmp_path / "c.db")) as db:
        yield db


def test_one_that_was_deleted_between_two_looks_is_none(db: sqlite3.Connection) -> None:
    rows.put(db, rows.ready(KEY, answer()), MB)
    found = rows.find(db, KEY, NOON_US)
    rows.clear(db, Which())

    assert found is not None
    assert rows.whole(db, found) is None
    assert db.execute("SELECT count(*) FROM bodies").fetchone() == (0,)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE bodies SET body = zeroblob(length(body))",
        "UPDATE bodies SET body = substr(body, 2)",
        "UPDATE answers SET head = zeroblob(length(head))",
        "UPDATE answers SET head = zeroblob(0)",
        "UPDATE answers SET checksum = 1",
        "UPDATE answers SET key = CAST('oooooooooooooooooooooooooooooooo' AS BLOB)",
    ],
)
def test_what_is_not_as_it_was_written_is_no_answer(db: sqlite3.Connection, change: str) -> None:
    """Neither a bit that turned on the disk, nor an answer under another's key."""
    rows.put(db, rows.ready(KEY, answer(b"a" * 500)), MB)
    db.execute(change)

    with pytest.raises(Damaged):
        look(db)


def look(db: sqlite3.Connection) -> None:
    """Read the one answer that is there."""
    found = rows.find(db, KEY, NOON_US) or rows.find(db, OTHER, NOON_US)
    assert found is not None
    rows.whole(db, found)


def test_a_usage_of_which_a_later_version_knows_more_is_read_as_far_as_it_goes(
    db: sqlite3.Connection,
) -> None:
    each = rows.ready(KEY, answer())
    head = rows._encode(rows.Head(200, (), False, "c1", {"input_tokens": 7, "thoughts": 9}, 2, False))

    rows.put(db, rows.Ready(KEY, each.answer, head, b"{}"), MB)

    found = rows.find(db, KEY, NOON_US)
    assert found is not None
    whole = rows.whole(db, found)
    assert whole is not None
    assert whole.usage.known() == {"input_tokens": 7}


def test_a_clear_that_fails_changes_nothing(db: sqlite3.Connection) -> None:
    rows.put(db, rows.ready(KEY, answer()), MB)
    db.execute("CREATE TRIGGER no BEFORE DELETE ON answers BEGIN SELECT RAISE(ROLLBACK, 'no'); END")
    with pytest.raises(sqlite3.IntegrityError, match="no"):
        rows.clear(db, Which())
    db.execute("DROP TRIGGER no")
    db.execute("CREATE TRIGGER no BEFORE DELETE ON answers BEGIN SELECT RAISE(ABORT, 'no'); END")
    with pytest.raises(sqlite3.IntegrityError, match="no"):
        rows.clear(db, Which())

    assert not db.in_transaction
    assert rows.find(db, KEY, NOON_US) is not None


def test_what_is_cleared_is_on_the_disk_no_more(db: sqlite3.Connection, tmp_path: Path) -> None:
    said = os.urandom(40).hex().encode()
    rows.put(db, rows.ready(KEY, answer(said + os.urandom(100_000))), MB)
    assert any(said in file.read_bytes() for file in tmp_path.iterdir())

    rows.clear(db, Which())
    rows.give_back(db)

    assert not any(said in file.read_bytes() for file in tmp_path.iterdir())
    assert (tmp_path / "c.db").stat().st_size < 100_000


@settings(max_examples=20)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 300_000)), max_size=15))
def test_no_more_room_is_in_use_than_may_be(each: list[tuple[int, int]]) -> None:
    """Whatever is kept in whatever order, in the place of whatever."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        db.execute("PRAGMA auto_vacuum = INCREMENTAL")
        for statement in FILE.statements():
            db.execute(statement)
        for n, (name, size) in enumerate(each):
            kept = answer(os.urandom(size), made_us=NOON_US + n)
            rows.put(db, rows.ready(b"%032d" % name, kept), MB)

            assert rows.used(db) <= MB + 20_000  # what pages have of their own
            found = rows.find(db, b"%032d" % name, NOON_US)
            assert found is not None
            assert rows.whole(db, found) == kept
