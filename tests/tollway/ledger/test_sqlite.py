"""The ledger in an SQLite file: what it outlives, and who shares it."""

import asyncio
import logging
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.tollway.ledger.samples import FULL, call
from tollway.ledger.books import SqliteBooks
from tollway.ledger.connect import connect
from tollway.ledger.fault import LedgerError
from tollway.ledger.sqlite import SWITCH_SECONDS, SqliteLedger
from tollway.model import CallRecord

WRITE_UNTIL_KILLED = """
import asyncio, sys
from tests.tollway.ledger.samples import call
from tollway.ledger.open import open_ledger

async def write():
    ledger = open_ledger("sqlite:" + sys.argv[1])
    for n in range(10**6):
        await ledger.record(call(str(n), state="open" if n % 2 else "done"))
        print(n, flush=True)

asyncio.run(write())
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the ledger is to be."""
    return tmp_path / "ledger.db"


def read(path: Path) -> list[CallRecord]:
    """All calls."""
    with closing(SqliteBooks(path)) as books:
        return list(books.calls())


def start_writing(path: Path, root: Path) -> subprocess.Popen[str]:
    """A process that says the number of each call once it is recorded."""
    command = [sys.executable, "-c", WRITE_UNTIL_KILLED, str(path)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root)


@pytest.mark.parametrize("seen", [1, 100, 317])
def test_what_was_recorded_outlives_kill_9(path: Path, run_from: Path, seen: int) -> None:
    """At any moment: each record whose future was done is there."""
    with start_writing(path, run_from) as process:
        assert process.stdout is not None
        said = [int(process.stdout.readline()) for _ in range(seen)]
        process.kill()
        said += [int(line) for line in process.stdout if line.endswith("\n")]

    assert len(said) >= seen
    assert set(said) <= {int(found.id) for found in read(path)}


def test_open_calls_of_the_dead_are_lost(
    path: Path, run_from: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Once somebody opens the ledger; what they are charged stays."""
    with start_writing(path, run_from) as process:
        assert process.stdout is not None
        for _ in range(4):
            process.stdout.readline()
        process.kill()
        process.stdout.read()
    before = read(path)
    with caplog.at_level(logging.WARNING):
        SqliteLedger(path).close()

    after = read(path)
    assert {found.state for found in before} == {"open", "done"}
    assert {found.state for found in after} == {"lost", "done"}
    assert [found.cost for found in after] == [found.cost for found in before]
    assert "calls ended with their process; they are charged at their estimate" in caplog.text
    assert list(path.with_name("ledger.db.d").iterdir()) == []


async def test_open_calls_of_the_living_stay_open(path: Path) -> None:
    """However many processes open the ledger; a late end replaces the estimate."""
    with closing(SqliteLedger(path)) as first:
        await first.record(FULL)
        await first.record(call("b", state="open"))
        SqliteLedger(path).close()

        assert [found.state for found in read(path)] == ["done", "open"]
        await first.record(call("b", state="done"))

    assert [found.state for found in read(path)] == ["done", "done"]


async def test_a_clean_end_leaves_one_file(path: Path) -> None:
    """The log is in the file, and the lock is gone."""
    ledger = SqliteLedger(path)
    await ledger.record(call())
    ledger.close()

    assert sorted(file.name for file in path.parent.rglob("*")) == ["ledger.db", "ledger.db.d"]


def test_the_ledger_is_its_owners(path: Path) -> None:
    """It says who called what."""
    with closing(SqliteLedger(path)):
        modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}

    assert modes == {"ledger.db": 0o600, "ledger.db-wal": 0o600, "ledger.db-shm": 0o600, "ledger.db.d": 0o700}


LOOK = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('SELECT count(*) FROM calls').fetchone()"


async def test_opening_it_once_more_drops_no_lock(path: Path) -> None:
    """POSIX locks go when a process closes any descriptor of the file: then others would remove the log."""
    with closing(SqliteLedger(path)) as ledger:
        await ledger.record(call("a"))
        connect(path, "process").close()
        subprocess.run([sys.executable, "-c", LOOK, str(path)], check=True)

        assert path.with_name("ledger.db-wal").exists()
        await ledger.record(call("b"))

    assert [found.id for found in read(path)] == ["a", "b"]


async def test_power_waits_for_the_disk(path: Path) -> None:
    """And records as well as the other."""
    with closing(SqliteLedger(path, "power")) as ledger:
        await ledger.record(call())

    assert len(read(path)) == 1


async def test_a_ledger_that_is_locked_for_long_says_so(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The event loop is never blocked meanwhile; once it is free, records go on."""
    monkeypatch.setattr("tollway.ledger.connect.LOCK_SECONDS", 0.2)
    with closing(SqliteLedger(path)) as ledger, closing(connect(path, "process")) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = ledger.record(call("a"))
        await asyncio.sleep(0)
        assert not waiting.done()
        with pytest.raises(LedgerError, match="another program holds its lock: close what is writing to it"):
            await waiting
        other.execute("ROLLBACK")
        await ledger.record(call("b"))

    assert [found.id for found in read(path)] == ["b"]


async def test_the_writer_asks_for_the_gil_sooner_than_by_default(path: Path) -> None:
    """Else a busy event loop, which lets go of it for microseconds only, starves it."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.005)
    try:
        with closing(SqliteLedger(path)):
            assert sys.getswitchinterval() <= SWITCH_SECONDS * 1.01
    finally:
        sys.setswitchinterval(before)


LIMITED = """
import asyncio, resource, sys
from tests.tollway.ledger.samples import call
from tollway.ledger.fault import LedgerError
from tollway.ledger.open import open_ledger

async def write():
    ledger = open_ledger("sqlite:" + sys.argv[1])
    await ledger.record(call("first"))
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
    kept, refused = ["first"], set()
    for n in range(1000):
        try:
            await ledger.record(call(str(n), error="x" * 2000))
            kept.append(str(n))
        except LedgerError as error:
            refused.add(str(error))
            break
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    await ledger.record(call("last"))
    ledger.close()
    print(*kept, "last")
    print(*refused, sep="\\n")

asyncio.run(write())
"""


def test_a_disk_that_is_full_costs_no_record_that_was_written(path: Path, run_from: Path) -> None:
    """Records that don't fit are refused with a reason, and go on once there is room."""
    command = [sys.executable, "-c", LIMITED, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=run_from, check=True)
    kept, refused = done.stdout.splitlines()

    assert {found.id for found in read(path)} == set(kept.split())
    assert refused == (
        f"ledger {path}: its file can't be read or written: is the disk full, or are file sizes limited?"
    )


def test_a_ledger_that_can_not_be_opened_holds_no_lock(path: Path) -> None:
    """And no connection: a test with warnings as errors would show it."""
    path.write_bytes(b"no database, but long enough to be read as the header of one" * 20)

    with pytest.raises(LedgerError, match="its file is no SQLite database"):
        SqliteLedger(path)

    assert not path.with_name("ledger.db.d").exists()


def test_a_lock_folder_that_can_not_be_made_says_so(path: Path) -> None:
    """The ledger is closed again."""
    path.with_name("ledger.db.d").write_text("in the way")

    with pytest.raises(LedgerError, match="File exists"):
        SqliteLedger(path)

    connect(path, "process").close()


@pytest.mark.parametrize("part", ["sqlite_schema", "calls_open"])
def test_a_damaged_ledger_says_so(path: Path, part: str) -> None:
    """Whatever part of it: its schema, or an index that is looked into on opening."""
    asyncio.run(_fill(path))
    with closing(sqlite3.connect(path)) as db:
        find = "SELECT rootpage FROM sqlite_schema WHERE name = ?"
        (page,) = db.execute(find, (part,)).fetchone() or (1,)
    data = bytearray(path.read_bytes())
    start = max(4096 * (page - 1), 100)  # the file's own header stays
    data[start : 4096 * page] = b"\xfb" * (4096 * page - start)
    path.write_bytes(data)

    with pytest.raises(LedgerError, match="damaged: move it away and restore a backup"):
        SqliteLedger(path)
    assert [file.name for file in path.with_name("ledger.db.d").iterdir()] == []


async def _fill(path: Path) -> None:
    with closing(SqliteLedger(path)) as ledger:
        await asyncio.gather(*(ledger.record(call(str(n))) for n in range(100)))


def test_finance_reads_a_view(path: Path) -> None:
    """Times in ISO 8601, money as exact decimal text."""
    asyncio.run(_record(path, FULL))
    with closing(sqlite3.connect(path)) as db:
        wanted = "started, ended, cost_usd, input_usd, other_usd, tags"
        row = db.execute(f"SELECT {wanted} FROM bill").fetchone()

    assert row == (
        "2026-11-25T12:00:00.000000Z", "2026-11-25T12:00:05.000001Z", "0.000054321", "0.000000001",
        "0.000050000", '{"env": "ci", "project": "apollo"}',
    )  # fmt: skip


async def _record(path: Path, found: CallRecord) -> None:
    with closing(SqliteLedger(path)) as ledger:
        await ledger.record(found)
