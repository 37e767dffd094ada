"""An SQLite file beside the ledger's: its mark, its tables, and the connections to it."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from msgspec import Struct

from tollway.errors import TollwayError
from tollway.paths import make_dir
from tollway.sidecar.fault import NothingYet, Unusable

LOCK_SECONDS = 5.0
"""How long another process's transaction is waited for."""
LOG_BYTES = 4 * 2**20
"""What stays of the write-ahead log once its pages are in the file."""

_STATE = """SELECT (SELECT application_id FROM pragma_application_id),
    (SELECT user_version FROM pragma_user_version), count(*) FROM sqlite_schema"""


class SidecarFile(Struct, frozen=True):
    """What tells one kind of such files from another."""

    suffix: str
    """What its name has behind the ledger's."""
    application_id: int
    """Marks it as ours, in its header."""
    version: int
    """Of the tables."""
    tables: str
    """The script that makes them; each statement ends with its line."""
    explain: Callable[[Exception, Path], TollwayError]
    """An exception of SQLite, of a system call, or Unusable, as one for the user."""

    def statements(self) -> Sequence[str]:
        """Those of the script."""
        return self.tables.split(";\n")[:-1]

    def beside(self, ledger: Path) -> Path:
        """Where it is for a ledger."""
        return ledger.with_name(ledger.name + self.suffix)

    def connect(self, path: Path) -> sqlite3.Connection:
        """A connection that writes, in autocommit mode; the file is made, mode 0600.

        What is deleted is overwritten (`secure_delete`). What is committed outlives the process.

        Raises what `explain` makes of an error, or TollwayError for a folder that can't be made.
        """
        with self._told(path):
            make_dir(path.parent)
            with suppress(FileExistsError):
                os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
            db = sqlite3.connect(path, timeout=LOCK_SECONDS, isolation_level=None, check_same_thread=False)
        with self._told(path), _closed_if_it_fails(db):
            db.execute("PRAGMA secure_delete = ON")
            db.execute("PRAGMA auto_vacuum = INCREMENTAL")  # of a new file; before anything else is written
            db.execute("PRAGMA journal_mode = WAL")
            db.execute(f"PRAGMA journal_size_limit = {LOG_BYTES}")
            db.execute("PRAGMA synchronous = NORMAL")
            if self._is_new(db):
                self._make_tables(db)
        return db

    def connect_to_read(self, path: Path, wait_seconds: float = LOCK_SECONDS) -> sqlite3.Connection:
        """A connection that only reads; a file that is not there is not made. `wait_seconds`: for who changes
        the whole file, as the last process does that closes it.

        Raises what `explain` makes of an error, which is its cause.
        """
        with self._told(path):
            db = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=ro",
                timeout=wait_seconds, isolation_level=None, uri=True, check_same_thread=False,
            )  # fmt: skip
        with self._told(path), _closed_if_it_fails(db):
            if self._is_new(db):
                raise NothingYet("nothing was written to it yet: try again")
        return db

    def _make_tables(self, db: sqlite3.Connection) -> None:
        db.execute("BEGIN IMMEDIATE")
        if self._is_new(db):  # another process may have been first
            for statement in self.statements():
                db.execute(statement)
            db.execute(f"PRAGMA application_id = {self.application_id}")
            db.execute(f"PRAGMA user_version = {self.version}")
        db.execute("COMMIT")

    def _is_new(self, db: sqlite3.Connection) -> bool:
        """Whether it is empty. Raises Unusable if what is in it is not ours to read."""
        mark, version, tables = db.execute(_STATE).fetchone()
        if mark == self.application_id:
            if version > self.version:
                raise Unusable("a newer Tollway wrote it: update this one")
            return False
        if tables:
            raise Unusable("it is another program's database: move it away")
        return True

    @contextmanager
    def _told(self, path: Path) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error, Unusable) as error:
            raise self.explain(error, path) from error


@contextmanager
def _closed_if_it_fails(db: sqlite3.Connection) -> Iterator[None]:
    try:
        yield
    except BaseException:
        db.close()
        raise
