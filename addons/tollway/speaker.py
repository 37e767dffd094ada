"""Which process of a machine speaks for all, where the ledger can't be asked who was the first."""

import fcntl
import os
from pathlib import Path


class Speaker:
    """One process's claim: a lock on a file beside the ledger, which ends with the process."""

    def __init__(self, path: Path) -> None:
        """The file is made at the first claim."""
        self._path = path
        self._lock: int | None = None

    def claims(self) -> bool:
        """Whether this process speaks from now on, until it lets go. Where no file can be made, each does."""
        if self._lock is not None:
            return True
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            return True
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(file)
            return False
        self._lock = file
        return True

    def let_go(self) -> None:
        """Another may speak the next time. Again does nothing."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
