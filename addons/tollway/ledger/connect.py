"""Opening an SQLite file as a ledger."""

import os
import sqlite3
import time
from contextlib import suppress
from pathlib import Path
from typing import Literal

from tollway.ledger.fault import FAULTS, unread
from tollway.ledger.migrate import migrate, missing
from tollway.paths import make_dir

Durability = Literal["process", "power"]

CHECKPOINT_PAGES = 4_000
"""Of 4 KiB: the length of the log, some 1,300 rows, at which a commit writes it through to the disk."""
CACHE = 512
"""KiB of the file that a writer keeps in memory: rows are added at its end, and ended soon after."""
LOCK_SECONDS = 15.0
"""How long a writer waits for another process's transaction, which takes well under a millisecond; but a new
limit over a million rows is rebuilt in one that takes some seconds."""
RETRY_SECONDS = 0.005
_SYNCHRONOUS = {"process": "NORMAL", "power": "FULL"}


def connect(path: Path, durability: Durability) -> sqlite3.Connection:
    """A connection that writes, in autocommit mode, for one thread at a time; the file is made, mode 0600.

    Committed rows outlive the process, however it ends. With durability "process", a loss of power, or a
    crash of the system, may take the rows since the log was last written through to the disk, which happens
    every 1,300 rows or so and whenever there is nothing to write for half a second; the file stays sound.
    "power": each commit waits for the disk, and outlives that, too.

    Raises LedgerError, or TollwayError for a folder that can't be made.
    """
    make_dir(path.parent)
    try:
        with suppress(FileExistsError):
            # Never one that is there: closing it would drop the locks that SQLite has on it in this process.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        db = _open(path.as_posix(), False)
    except (OSError, *FAULTS) as error:
        raise unread(error, path) from None
    try:
        missing(db, path)  # before anything is changed: the file may be another program's
        _keep_a_log(db)
        db.execute(f"PRAGMA synchronous = {_SYNCHRONOUS[durability]}")
        db.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        db.execute(f"PRAGMA cache_size = -{CACHE}")
        migrate(db, path)
    except BaseException as error:
        db.close()
        if isinstance(error, FAULTS):
            raise unread(error, path) from None
        raise
    return db


def connect_to_read(path: Path) -> sqlite3.Connection:
    """A connection that only reads. Raises LedgerError; a file that is not there is not made."""
    try:
        db = _open(f"{path.absolute().as_uri()}?mode=ro", True)
        db.execute("PRAGMA temp_store = MEMORY")
        db.execute("PRAGMA cache_size = -16000")
    except FAULTS as error:
        raise unread(error, path) from None
    return db


def _keep_a_log(db: sqlite3.Connection) -> None:
    """Have commits go to a log first. The file remembers it: it is only new ones that change.

    SQLite gives up at once if another process is at it as well, whatever the timeout: so we wait here.
    """
    end = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
        time.sleep(RETRY_SECONDS)


def _open(name: str, uri: bool) -> sqlite3.Connection:
    return sqlite3.connect(name, timeout=LOCK_SECONDS, isolation_level=None, check_same_thread=False, uri=uri)
