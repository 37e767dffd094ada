"""Writing to a ledger what it has already."""

import os
import resource
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tollway.ledger.fault import LedgerError
from tollway.ledger.sqlite import SqliteLedger
from tollway.readiness.condition import Condition


async def test_it_changes_nothing_that_is_read_and_is_written_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with closing(SqliteLedger(path)) as ledger, closing(sqlite3.connect(path)) as db:
        before = list(db.iterdump())
        version = db.execute("PRAGMA user_version").fetchone()
        written = (tmp_path / "ledger.db-wal").stat().st_size

        assert await ledger.condition() == Condition()

        assert list(db.iterdump()) == before
        assert db.execute("PRAGMA user_version").fetchone() == version
        assert (tmp_path / "ledger.db-wal").stat().st_size > written


async def test_a_file_that_was_moved_is_said(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with closing(SqliteLedger(path)) as ledger:
        os.rename(path, tmp_path / "elsewhere.db")

        with pytest.raises(LedgerError, match="moved, removed or replaced"):
            await ledger.condition()

        os.rename(tmp_path / "elsewhere.db", path)
        assert await ledger.condition() == Condition()


async def test_a_disk_that_is_full_is_said_until_there_is_room(tmp_path: Path) -> None:
    """As far as a file may grow, for this process."""
    path = tmp_path / "ledger.db"
    before, ignored = resource.getrlimit(resource.RLIMIT_FSIZE), signal.getsignal(signal.SIGXFSZ)
    with closing(SqliteLedger(path)) as ledger:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
        try:
            with pytest.raises(LedgerError, match="is the disk full"):
                await ledger.condition()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
            signal.signal(signal.SIGXFSZ, ignored)

        assert await ledger.condition() == Condition()
