"""The file of texts, in SQLite, beside the ledger's: its tables, and the connections to it.

It is a file of its own, so that whoever may read the bill need not be able to read what was said, and so that
it can be deleted, or left out of a backup, alone.
"""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from tollway.paths import make_dir
from tollway.texts.fault import TextsError, explain

SUFFIX = ".texts.db"
APPLICATION_ID = 0x746F6C74
"""Marks the file as one of Tollway's texts ("tolt"), in its header."""
VERSION = 1
"""Of the tables."""
LOCK_SECONDS = 5.0
"""How long another process's transaction is waited for: by the thread that writes, and by nobody else."""

_TABLES = """CREATE TABLE texts (
    id          INTEGER PRIMARY KEY,
    call        TEXT NOT NULL,       -- the ledger's id
    part        TEXT NOT NULL CHECK (part IN ('request', 'response')),
    rule        TEXT NOT NULL,       -- the entry of the policy's `record`
    kept_us     INTEGER NOT NULL,    -- microseconds since the epoch, UTC
    until_us    INTEGER NOT NULL,    -- when it is deleted
    dialect     TEXT NOT NULL,
    media_type  TEXT NOT NULL,
    size        INTEGER NOT NULL,    -- bytes of the text as it came by
    whole       INTEGER NOT NULL CHECK (whole IN (0, 1)),
    why_not     TEXT,                -- why there is no body
    coding      TEXT CHECK (coding IN ('zlib')),
    body        BLOB,
    UNIQUE (call, part)
) STRICT;
CREATE INDEX texts_until ON texts (until_us) WHERE body IS NOT NULL;
"""


def beside(ledger: Path) -> Path:
    """Where the texts are of the calls of a ledger."""
    return ledger.with_name(ledger.name + SUFFIX)


def connect(path: Path) -> sqlite3.Connection:
    """A connection that writes, in autocommit mode; the file is made, mode 0600. Raises TextsError.

    What is deleted is overwritten (`secure_delete`). Committed texts outlive the process.
    """
    make_dir(path.parent)
    try:
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        db = sqlite3.connect(path, timeout=LOCK_SECONDS, isolation_level=None, check_same_thread=False)
    except (OSError, sqlite3.Error) as error:
        raise explain(error, path) from None
    try:
        db.execute("PRAGMA secure_delete = ON")
        db.execute("PRAGMA auto_vacuum = INCREMENTAL")  # of a new file; before anything else is written
        db.execute("PRAGMA journal_mode = WAL")
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


def connect_to_read(path: Path) -> sqlite3.Connection:
    """A connection that only reads. Raises TextsError; a file that is not there is not made."""
    try:
        db = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro", timeout=LOCK_SECONDS, isolation_level=None, uri=True
        )
    except sqlite3.Error as error:
        raise explain(error, path) from None
    try:
        if _is_new(db, path):
            raise TextsError(f"texts {path}: nothing was written to it yet: try again")
    except BaseException as error:
        db.close()
        if isinstance(error, sqlite3.Error):
            raise explain(error, path) from None
        raise
    return db


def _marks() -> tuple[str, str]:
    return f"PRAGMA application_id = {APPLICATION_ID}", f"PRAGMA user_version = {VERSION}"


def _is_new(db: sqlite3.Connection, path: Path) -> bool:
    """Whether it is empty. Raises TextsError if it is not, or not yet, ours."""
    state = """SELECT (SELECT application_id FROM pragma_application_id),
        (SELECT user_version FROM pragma_user_version), count(*) FROM sqlite_schema"""
    mark, version, tables = db.execute(state).fetchone()
    if mark == APPLICATION_ID:
        if version > VERSION:
            raise TextsError(f"texts {path}: a newer Tollway wrote it: update this one")
        return False
    if tables:
        raise TextsError(f"texts {path}: it is another program's database: move it away")
    return True
