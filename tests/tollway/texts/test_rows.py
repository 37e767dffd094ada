"""Texts as rows: written, read, compressed where it pays, and deleted so that no byte of them is left."""

import base64
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.tollway.texts.made import DAY_US, NOON_US, text
from tollway.texts.file import beside, connect, connect_to_read
from tollway.texts.rows import AT_ONCE, of, prune, put
from tollway.texts.store import DELETED, TOO_LARGE


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the texts of a ledger go."""
    return beside(tmp_path / "ledger.db")


@pytest.fixture
def db(path: Path) -> Iterator[sqlite3.Connection]:
    """A new file, open."""
    with closing(connect(path)) as db:
        yield db


def bytes_of(path: Path) -> bytes:
    """All that is on the disk."""
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


def test_what_was_put_is_read(db: sqlite3.Connection) -> None:
    request = text("c1", body=b"say hi", size=7)
    answer = text("c1", "response", body=b"hi", whole=False)

    put(db, [answer, request, text("c2")])

    assert of(db, "c1", NOON_US) == [request, answer]
    assert of(db, "c3", NOON_US) == []


def test_why_one_is_not_there_is_kept(db: sqlite3.Connection) -> None:
    missing = text("c1", body=None, size=2_000_000, why_not=TOO_LARGE)

    put(db, [missing])

    assert of(db, "c1", NOON_US) == [missing]


def test_the_last_holds(db: sqlite3.Connection) -> None:
    put(db, [text("c1", body=b"one")])
    put(db, [text("c1", body=b"two")])

    assert [each.body for each in of(db, "c1", NOON_US)] == [b"two"]


def test_all_are_written_or_none(db: sqlite3.Connection) -> None:
    wrong = replace(text("c2"), part="neither")

    with pytest.raises(sqlite3.IntegrityError):
        put(db, [text("c1"), wrong])

    assert of(db, "c1", NOON_US) == []
    put(db, [text("c1")])


def test_a_long_text_takes_less_room_than_it_has(db: sqlite3.Connection) -> None:
    put(db, [text("c1", body=b"the same again, " * 1000)])

    assert db.execute("SELECT coding, length(body) < 500 FROM texts").fetchone() == ("zlib", 1)
    assert of(db, "c1", NOON_US)[0].body == b"the same again, " * 1000


def test_what_does_not_shrink_is_as_it_is(db: sqlite3.Connection) -> None:
    put(db, [text("c1", body=os.urandom(500))])

    assert db.execute("SELECT coding FROM texts").fetchone() == (None,)


def test_what_is_over_is_not_shown_even_before_it_is_deleted(db: sqlite3.Connection) -> None:
    kept = text("c1")
    put(db, [kept])

    assert of(db, "c1", NOON_US + DAY_US - 1) == [kept]
    assert of(db, "c1", NOON_US + DAY_US) == [replace(kept, body=None, why_not=DELETED)]


@pytest.mark.parametrize("size", [60, 3_000, 300_000])
def test_of_what_is_deleted_no_byte_is_left(db: sqlite3.Connection, path: Path, size: int) -> None:
    """Neither in the file, whatever pages it filled, nor in its log."""
    body = base64.b85encode(os.urandom(size))
    put(db, [text("c1", body=body), text("c2", body=b"another", until_us=NOON_US + 2 * DAY_US)])
    (stored,) = db.execute("SELECT body FROM texts WHERE call = 'c1'").fetchone()
    sign = stored[len(stored) // 2 :][:24]
    assert sign in bytes_of(path)

    assert prune(db, NOON_US + DAY_US)

    assert sign not in bytes_of(path)
    assert stored[:24] not in bytes_of(path)
    assert [each.why_not for each in of(db, "c1", NOON_US)] == [DELETED]
    assert of(db, "c2", NOON_US)[0].body == b"another"


def test_what_was_replaced_leaves_no_byte_either(db: sqlite3.Connection, path: Path) -> None:
    first = os.urandom(40)
    put(db, [text("c1", body=first)])

    put(db, [text("c1", body=b"short")])
    prune(db, NOON_US)

    assert first not in bytes_of(path)


def test_a_file_shrinks_by_what_was_deleted(db: sqlite3.Connection, path: Path) -> None:
    put(db, [text(f"c{n}", body=os.urandom(100_000)) for n in range(30)])
    prune(db, NOON_US)
    before = path.stat().st_size

    prune(db, NOON_US + DAY_US)

    assert before > 3_000_000
    assert path.stat().st_size < 100_000


def test_more_than_one_step_deletes_are_all_deleted(db: sqlite3.Connection) -> None:
    put(db, [text(f"c{n}") for n in range(2 * AT_ONCE + 3)])

    prune(db, NOON_US + DAY_US)

    assert db.execute("SELECT count(*) FROM texts WHERE body IS NOT NULL").fetchone() == (0,)


def test_while_another_reads_the_log_may_hold_what_was_deleted_and_that_is_told(
    db: sqlite3.Connection, path: Path
) -> None:
    """It is done once the reader is gone."""
    body = os.urandom(40)
    put(db, [text("c1", body=body)])
    db.execute("PRAGMA busy_timeout = 10")
    with closing(connect_to_read(path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM texts").fetchall()

        assert not prune(db, NOON_US + DAY_US)

    assert prune(db, NOON_US + DAY_US)
    assert body not in bytes_of(path)
