"""Which processes write to a ledger: each locks a file of its own; the system frees the lock when it dies."""

import fcntl
import os
import secrets
from contextlib import suppress
from pathlib import Path

from tollway.ledger.fault import explain


class Presence:
    """This process's lock. Its name is in the rows it writes."""

    def __init__(self, ledger: Path) -> None:
        """Raises LedgerError."""
        self.process = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._path = folder_of(ledger) / self.process
        try:
            self._path.parent.mkdir(mode=0o700, exist_ok=True)
            self._file = _take(self._path)
        except OSError as error:
            raise explain(error, ledger) from None

    def end(self) -> None:
        """Give the name up, once nothing more will be written under it. Again does nothing."""
        if self._file is not None:
            self._path.unlink(missing_ok=True)
            os.close(self._file)
            self._file = None


def folder_of(ledger: Path) -> Path:
    """Where the locks of a ledger's processes are: `ledger.db.d`."""
    return ledger.with_name(f"{ledger.name}.d")


def living(ledger: Path) -> frozenset[str]:
    """The processes that live. Files that the dead left behind are removed.

    One that comes up meanwhile may be missing: its rows, too, if the caller has the ledger's write lock.
    """
    folder = folder_of(ledger)
    if not folder.is_dir():
        return frozenset()
    return frozenset(file.name for file in folder.iterdir() if _lives(file))


def _take(path: Path) -> int | None:
    """A locked file of that name."""
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(file, fcntl.LOCK_EX)
        with suppress(FileNotFoundError):
            if path.stat().st_ino == os.fstat(file).st_ino:
                return file
        os.close(file)  # a process that came up just now took it for a dead one's


def _lives(file: Path) -> bool:
    """Whether somebody holds the lock. The file of the dead is removed."""
    try:
        opened = os.open(file, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        file.unlink(missing_ok=True)
        return False
    finally:
        os.close(opened)
