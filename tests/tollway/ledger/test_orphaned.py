"""Open calls that nobody will end."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.tollway.ledger.samples import call
from tollway.ledger.books import SqliteBooks
from tollway.ledger.connect import connect
from tollway.ledger.fault import LedgerError
from tollway.ledger.following import SqliteFollower
from tollway.ledger.orphaned import orphaned
from tollway.ledger.owned import SqlitePages
from tollway.ledger.presence import Presence, folder_of, living
from tollway.ledger.row import UPSERT, row_of
from tollway.ledger.sqlite import SqliteLedger
from tollway.model import CallRecord

PROCESS = """
import asyncio, sys
from tests.tollway.ledger.samples import call
from tollway.ledger.open import open_ledger

async def begin():
    ledger = open_ledger("sqlite:" + sys.argv[1])
    for id in ("theirs", "theirs too"):
        await ledger.record(call(id, state="open"))
    await ledger.record(call("theirs, ended"))
    print("calls", flush=True)
    sys.stdin.read()

asyncio.run(begin())
"""
"""Has two calls in flight until it is killed."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An empty ledger."""
    connect(tmp_path / "ledger.db", "process").close()
    return tmp_path / "ledger.db"


@pytest.fixture
def process(path: Path, run_from: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process, that has called."""
    words = [sys.executable, "-c", PROCESS, str(path)]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=run_from
    ) as found:
        assert found.stdout is not None
        assert found.stdout.readline() == "calls\n"
        yield found
        found.kill()


def write(path: Path, process: str | None, *calls: CallRecord) -> None:
    with closing(connect(path, "process")) as db:
        for each in calls:
            db.execute(UPSERT, row_of(each, process or ""))
        if process is None:
            db.execute("UPDATE calls SET process = NULL WHERE process = ''")


def found_in(path: Path) -> frozenset[str]:
    with closing(connect(path, "process")) as db:
        return orphaned(db, path)


async def test_calls_of_a_process_that_is_killed_are_nobodys_from_then_on(
    path: Path, process: subprocess.Popen[str]
) -> None:
    """Those of another one that lives are its own. Whoever follows the ledger hears it, and so do pages."""
    with ExitStack() as stack:
        ours = stack.enter_context(closing(SqliteLedger(path)))
        follower = stack.enter_context(closing(SqliteFollower(path)))
        pages = stack.enter_context(closing(SqlitePages(path)))
        await ours.record(call("ours", state="open"))
        assert follower.orphaned() == pages.orphaned() == frozenset()

        process.kill()
        process.wait()

        assert follower.orphaned() == pages.orphaned() == {"theirs", "theirs too"}
        assert follower.orphaned() == {"theirs", "theirs too"}  # its lock's file is gone by now


def test_those_that_somebody_set_to_lost_meanwhile_are_no_longer_open(
    path: Path, process: subprocess.Popen[str]
) -> None:
    """As the next process does that comes up."""
    process.kill()
    process.wait()
    SqliteLedger(path).close()

    assert found_in(path) == frozenset()


def test_where_nothing_is_open_there_is_none(path: Path) -> None:
    write(path, "1-gone", call("a"), call("b", state="lost"))

    assert found_in(path) == frozenset()


def test_a_row_without_a_process_is_nobodys(path: Path) -> None:
    """So are all open ones of a copy, which comes without the locks."""
    write(path, None, call("a", state="open"))
    write(path, "1-gone", call("b", state="open"))

    assert found_in(path) == {"a", "b"}


def test_a_process_that_ends_well_while_one_looks_leaves_none(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has written how its call ended before it gave its name up: what was read before that is old."""
    presence, iterdir = Presence(path), Path.iterdir
    write(path, presence.process, call("a", state="open"))
    looks: list[Path] = []

    def end_first(folder: Path) -> Iterator[Path]:
        looks.append(folder)
        write(path, presence.process, call("a"))
        presence.end()
        return iterdir(folder)

    with closing(connect(path, "process")) as db:
        monkeypatch.setattr(Path, "iterdir", end_first)
        found = orphaned(db, path)

    assert (found, looks) == (frozenset(), [folder_of(path)])
    assert living(path) == frozenset()


def test_what_can_not_be_read_says_so(path: Path) -> None:
    """In our words: a table that is not there, and locks that can't be looked at."""
    write(path, "1-gone", call("a", state="open"))
    folder_of(path).mkdir()
    (folder_of(path) / "1-gone").mkdir()
    with closing(SqliteBooks(path)) as books:
        with pytest.raises(LedgerError, match=r"ledger\.db: Is a directory"):
            books.orphaned()
        with closing(connect(path, "process")) as db:
            db.execute("DROP VIEW bill")
            db.execute("DROP TABLE calls")
        with pytest.raises(LedgerError, match="no such table: calls"):
            books.orphaned()
