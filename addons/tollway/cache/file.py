"""The file of answers, in SQLite, beside the ledger's: its tables, and the connections to it.

It is a file of its own: it may be deleted at any time, and whoever may read the bill need not be able to read
what was said. What is known of an answer stands apart from its body, so that a hit need not write the body.
"""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from tollway.cache.fault import CacheError, Empty, explain
from tollway.paths import make_dir

SUFFIX = ".cache.db"
APPLICATION_ID = 0x746F6C63
"""Marks the file as one of Tollway's answers ("tolc"), in its header."""
VERSION = 1
"""Of the tables."""
LOCK_SECONDS = 5.0
"""How long another process's transaction is waited for: by what writes, and by nobody else."""
LOG_BYTES = 4 * 2**20
"""What stays of the write-ahead log once its pages are in the file."""

_TABLES = """CREATE TABLE answers (
    id         INTEGER PRIMARY KEY,
    key        BLOB NOT NULL UNIQUE,
    rule       TEXT NOT NULL,       -- the entry of the policy's `cache`
    scope      TEXT NOT NULL,
    provider   TEXT NOT NULL,
    model      TEXT,
    made_us    INTEGER NOT NULL,    -- microseconds since the epoch, UTC
    until_us   INTEGER NOT NULL,
    used_us    INTEGER NOT NULL,    -- when it was last given, or made
    hits       INTEGER NOT NULL,
    cost_nano  INTEGER NOT NULL,    -- of the call that was paid for, in 1e-9 USD
    size       INTEGER NOT NULL,    -- bytes, as it is kept
    head       BLOB NOT NULL,       -- msgpack: all else but the body
    checksum   INTEGER NOT NULL     -- CRC-32 of key, head and body, as they are kept
) STRICT;
CREATE INDEX answers_used ON answers (used_us);
CREATE INDEX answers_until ON answers (until_us);
CREATE TABLE bodies (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
CREATE TRIGGER answers_deleted AFTER DELETE ON answers BEGIN DELETE FROM bodies WHERE id = OLD.id; END;
"""


def beside(ledger: Path) -> Path:
    """Where the answers are of the calls of a ledger."""
    return ledger.with_name(ledger.name + SUFFIX)


def connect(path: Path) -> sqlite3.Connection:
    """A connection that writes, in autocommit mode; the file is made, mode 0600. Raises CacheError.

    What is deleted is overwritten (`secure_delete`). Committed answers outlive the process.
    """
    try:
        make_dir(path.parent)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        db = sqlite3.connect(path, timeout=LOCK_SECONDS, isolation_level=None, check_same_thread=False)
    except (OSError, sqlite3.Error) as error:
        raise explain(error, path) from None
    try:
        db.execute("PRAGMA secure_delete = ON")
        db.execute("PRAGMA auto_vacuum = INCREMENTAL")  # of a new file; before anything else is written
        db.execute("PRAGMA journal_mode = WAL")
        db.execute(f"PRAGMA journal_size_limit = {LOG_BYTES}")
        db.execute("PRAGMA synchronous = NORMAL")
        if _is_new(db, path):
            db.execute("BEGIN IMMEDIATE")
            if _is_new(db, path):  # another process may have been first
                for statement in (*_TABLES.split(";\n")[:-1], *_marks()):
                    db.execute(statement)
            db.execute("COMMIT")
    except BaseException as error:
        db.close()
        if isinstance(error, sqlite3.Error):
            raise explain(error, path) from None
        raise
    return db


def connect_to_read(path: Path, wait_seconds: float = 0.0) -> sqlite3.Connection:
    """A connection that only reads, and waits for nobody unless it is told to. Raises CacheError, whose cause
    is SQLite's error; a file that is not there is not made."""
    try:
        db = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro",
            timeout=wait_seconds, isolation_level=None, uri=True, check_same_thread=False,
        )  # fmt: skip
    except sqlite3.Error as error:
        raise explain(error, path) from error
    try:
        if _is_new(db, path):
            raise Empty(f"cache {path}: nothing was written to it yet: try again")
    except BaseException as error:
        db.close()
        if isinstance(error, sqlite3.Error):
            raise explain(error, path) from error
        raise
    return db


def _marks() -> tuple[str, str]:
    return f"PRAGMA application_id = {APPLICATION_ID}", f"PRAGMA user_version = {VERSION}"


def _is_new(db: sqlite3.Connection, path: Path) -> bool:
    """Whether it is empty. Raises CacheError if it is not, or not yet, ours."""
    state = """SELECT (SELECT application_id FROM pragma_application_id),
        (SELECT user_version FROM pragma_user_version), count(*) FROM sqlite_schema"""
    mark, version, tables = db.execute(state).fetchone()
    if mark == APPLICATION_ID:
        if version > VERSION:
            raise CacheError(f"cache {path}: a newer Tollway wrote it: update this one")
        return False
    if tables:
        raise CacheError(f"cache {path}: it is another program's database: move it away")
    return True
