"""What could not be kept: how much it was, and that the log says so once, and once more when it is over."""

import logging
from threading import Lock

logger = logging.getLogger(__name__)

LOST = "%s can't be kept, so they are %s; calls go on: %s"
FOUND = "%s are kept again; %d were lost"


class Losses:
    """Of one kind. Counted on any thread."""

    def __init__(self, what: str, so: str) -> None:
        """`what`: is lost, in the plural; `so`: what becomes of them, for the log."""
        self.what, self._so = what, so
        self._lock = Lock()
        self._count = 0
        self._told = 0
        """How many of them the log has been told of, once there are any."""
        self._complains = False

    @property
    def count(self) -> int:
        """How many, so far."""
        return self._count

    def add(self, count: int) -> None:
        """So many more, of which the log is told elsewhere."""
        with self._lock:
            self._count += count

    def begin(self, count: int, why: str) -> None:
        """So many more, and more to come."""
        with self._lock:
            self._count += count
            first, self._complains = not self._complains, True
        if first:
            logger.error(LOST, self.what, self._so, why)

    def end(self) -> None:
        """One was kept."""
        with self._lock:
            complained, self._complains = self._complains, False
            count, self._told = self._count - self._told, self._count
        if complained:
            logger.warning(FOUND, self.what, count)
