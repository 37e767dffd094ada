"""The thread that writes: batches, and what fails in them."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.tollway.ledger.samples import call
from tollway.ledger.connect import connect
from tollway.ledger.fault import LedgerError
from tollway.ledger.row import UPSERT, row_of
from tollway.ledger.writer import MOST_AT_ONCE, Fit, Writer


class Watched(sqlite3.Connection):
    """A connection that keeps what it was asked."""

    asked: list[str]

    def execute(self, sql: str, *rest: Any) -> sqlite3.Cursor:
        """Keep the first two words."""
        self.asked.append(" ".join(sql.split()[:2]))
        return super().execute(sql, *rest)

    def executemany(self, sql: str, rows: Any) -> sqlite3.Cursor:
        """Keep how many."""
        rows = list(rows)
        self.asked.append(f"{len(rows)} rows")
        return super().executemany(sql, rows)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An empty ledger."""
    path = tmp_path / "ledger.db"
    connect(path, "process").close()
    return path


@pytest.fixture
def db(path: Path) -> Watched:
    """A connection, which the writer closes."""
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, factory=Watched)
    db.asked = []
    return db


@pytest.fixture
def writer(db: Watched, path: Path) -> Iterator[Writer]:
    """A writer on it."""
    with closing(Writer(db, path, "p")) as writer:
        yield writer


def count(path: Path) -> int:
    """How many rows there are."""
    with closing(connect(path, "process")) as db:
        found: int = db.execute("SELECT count(*) FROM calls").fetchone()[0]
        return found


async def test_one_call_is_one_statement(writer: Writer, db: Watched) -> None:
    """A transaction of its own."""
    await writer.put(call())

    assert db.asked == ["INSERT INTO"]


async def test_calls_that_queued_up_share_a_transaction(writer: Writer, db: Watched, path: Path) -> None:
    """Up to MOST_AT_ONCE; whatever came meanwhile is in the next."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        first = writer.put(call("first"))
        while not db.asked:  # it waits for the lock
            await asyncio.sleep(0)
        more = [writer.put(call(str(n))) for n in range(MOST_AT_ONCE + 2)]
        other.execute("ROLLBACK")
    await asyncio.gather(first, *more)

    batches = [asked for asked in db.asked if asked.endswith("rows")]
    assert batches == [f"{MOST_AT_ONCE} rows", "2 rows"]
    assert db.asked.count("COMMIT") == db.asked.count("BEGIN IMMEDIATE") == 2
    assert count(path) == MOST_AT_ONCE + 3


async def test_a_row_that_fails_is_alone(
    writer: Writer, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Those it shared a transaction with are written; it is refused with its reason."""
    good, bad, late = call("good"), call("bad", state="unheard-of"), call("late", started_us=-1)

    done = await asyncio.gather(*map(writer.put, (good, bad, late)), return_exceptions=True)

    assert done[0] is None
    assert isinstance(done[1], LedgerError)
    assert "CHECK constraint failed" in str(done[1])
    assert done[2] is None
    await writer.put(call("after"))
    assert count(path) == 3
    assert "call late is not as the ledger wants it" in caplog.text


async def test_what_is_no_call_is_refused(writer: Writer) -> None:
    """The thread goes on."""
    with pytest.raises(LedgerError, match="AttributeError"):
        await writer.put(None)  # type: ignore[arg-type]

    await writer.put(call())


async def test_rows_that_may_wait_go_with_one_that_can_not(writer: Writer, db: Watched) -> None:
    """In their order, in one transaction if the thread finds them together."""
    waiting = [writer.put(call("a", state=state), soon=True) for state in ("open", "done")]
    assert db.asked == []
    await writer.put(call("b"))

    assert [each.done() for each in waiting] == [True, True]


def test_who_waits_on_a_loop_that_is_gone_is_not_told(writer: Writer, path: Path) -> None:
    """The rows are written all the same."""

    async def put() -> None:
        writer.put(call(), soon=True)

    asyncio.run(put())
    writer.close()

    assert count(path) == 1


async def test_an_idle_writer_writes_the_log_through(
    db: Watched, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the disk and into the file, so that no commit has to."""
    monkeypatch.setattr("tollway.ledger.writer.IDLE_SECONDS", 0.01)
    with closing(Writer(db, path, "p")) as writer:
        await writer.put(call())
        while "PRAGMA wal_checkpoint(PASSIVE)" not in db.asked:
            await asyncio.sleep(0.01)
        await writer.put(call("b"))

    assert count(path) == 2


async def test_a_file_that_fails_refuses_the_batch(writer: Writer, path: Path) -> None:
    """Each of those who wait hears why."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("DROP VIEW bill")
        other.execute("ALTER TABLE calls RENAME TO gone")
        done = await asyncio.gather(*(writer.put(call(str(n))) for n in range(3)), return_exceptions=True)
        other.execute("ALTER TABLE gone RENAME TO calls")

    assert [isinstance(error, LedgerError) for error in done] == [True] * 3
    await writer.put(call("after"))
    assert count(path) == 1


async def test_steps_and_calls_share_a_transaction_in_their_order(writer: Writer, db: Watched) -> None:
    """Each step's caller gets its result."""

    def count(db: sqlite3.Connection, fit: Fit) -> int:
        found: int = db.execute("SELECT count(*) FROM calls").fetchone()[0]
        return found

    done = [writer.put(work) for work in (count, call("a"), call("b"), count, call("c"), count)]

    assert await asyncio.gather(*done) == [0, None, None, 2, None, 3]
    assert db.asked.count("BEGIN IMMEDIATE") == db.asked.count("COMMIT") == 1


async def test_a_step_that_fails_is_alone(db: Watched, path: Path) -> None:
    """What it did is undone, as often as it was tried; the others are done. All is heard of."""
    heard: list[bool] = []

    def fail(db: sqlite3.Connection, fit: Fit) -> None:
        db.execute("DELETE FROM calls")
        raise ValueError("no such thing")

    def refuse(db: sqlite3.Connection, fit: Fit) -> None:
        raise LedgerError("not that one")

    with closing(Writer(db, path, "p", heard.append)) as writer:
        work = (call("a"), fail, refuse, lambda db, fit: 7)
        done = await asyncio.gather(*(writer.put(each) for each in work), return_exceptions=True)

    assert done[0] is None
    assert isinstance(done[1], LedgerError)
    assert "ValueError: no such thing" in str(done[1])
    assert str(done[2]) == "not that one"
    assert done[3] == 7
    # All at once; then a by itself (which nobody has to hear of), fail twice, refuse, the last.
    assert heard == [False, False, False, False, True]
    assert count(path) == 1


async def test_what_steps_leave_to_the_end_is_part_of_the_transaction(db: Watched, path: Path) -> None:
    """What it does is committed with it; where it fails, all is undone."""
    left: list[str] = ["INSERT INTO calls (id, started_us) VALUES ('left', 0)"]

    def ending(db: sqlite3.Connection) -> None:
        for sql in left:
            db.execute(sql)

    with closing(Writer(db, path, "p", ending=ending)) as writer:
        assert await writer.put(lambda db, fit: 7) == 7
        assert count(path) == 1
        left[:] = ["no SQL"]
        with pytest.raises(LedgerError, match="syntax error"):
            await writer.put(lambda db, fit: db.execute("DELETE FROM calls"))

    assert count(path) == 1


async def test_who_no_longer_waits_has_somebody_told(writer: Writer) -> None:
    """What came of it, on the event loop; nothing where it was waited for."""
    told = asyncio.get_running_loop().create_future()
    await writer.put(lambda db, fit: 6, unheard=told.set_result)
    writer.put(lambda db, fit: 7, unheard=told.set_result).cancel()

    assert await told == 7


async def test_a_step_may_refuse_the_second_time(writer: Writer) -> None:
    """Its own words are passed on."""
    tries = iter([ValueError("x"), ValueError("y"), LedgerError("at last")])

    def fail(db: sqlite3.Connection, fit: Fit) -> None:
        raise next(tries)

    with pytest.raises(LedgerError, match=r"^at last$"):
        await writer.put(fail)


async def test_a_step_writes_a_row_as_the_table_takes_it(writer: Writer, path: Path) -> None:
    """It is run again, with a fit that sets the row right."""

    def write(db: sqlite3.Connection, fit: Fit) -> None:
        db.execute(UPSERT, fit(row_of(call(started_us=-1), "p")))

    await writer.put(write)

    assert count(path) == 1


async def test_nothing_is_written_to_a_file_that_was_moved_away(writer: Writer, path: Path) -> None:
    """Nobody else would see it; once it is back, all is well."""
    away = path.with_name("away.db")
    path.rename(away)
    with pytest.raises(LedgerError, match="moved, removed or replaced while in use: put it back"):
        await writer.put(call("a"))
    connect(path, "process").close()  # another process makes one anew
    with pytest.raises(LedgerError, match="moved, removed or replaced"):
        await writer.put(lambda db, fit: db.execute(UPSERT, fit(row_of(call("b"), "p"))))
    assert count(path) == 0

    away.replace(path)
    await writer.put(call("c"))
    assert count(path) == 1


async def test_it_is_behind_while_another_program_has_the_file(writer: Writer, path: Path) -> None:
    """By the oldest of what waits, rows and steps; once all are told that it is written, by nothing."""
    assert writer.lag_seconds() == 0
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        first = writer.put(call("first"))
        while (lag := writer.lag_seconds()) < 0.01:
            await asyncio.sleep(0.001)
        second = writer.put(lambda db, fit: None)
        assert writer.lag_seconds() >= lag
        other.execute("ROLLBACK")

    await asyncio.gather(first, second)

    assert writer.lag_seconds() == 0


async def test_what_fails_is_not_waited_for_any_more(writer: Writer) -> None:
    await asyncio.gather(*map(writer.put, (call("bad", state="unheard-of"), call())), return_exceptions=True)

    assert writer.lag_seconds() == 0
