"""`Shelf`: the file of answers for the command line."""

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from tollway.cache import rows
from tollway.cache.fault import FAULTS, explain
from tollway.cache.file import connect, connect_to_read
from tollway.caching.store import Cleared, Share, Which


class SqliteShelf:
    """A file that is not there has no answers."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def place(self) -> str:
        """As `Shelf.place`."""
        return str(self.path)

    def size(self) -> int:
        """As `Shelf.size`: of the file."""
        return self.path.stat().st_size if self.path.exists() else 0

    def stats(self, now_us: int) -> Sequence[Share]:
        """As `Shelf.stats`."""
        return self._told(lambda: self._stats(now_us)) if self.path.exists() else ()

    def clear(self, which: Which) -> Cleared:
        """As `Shelf.clear`. The room is given back, and the bytes are overwritten."""
        if not self.path.exists():
            return Cleared(answers=0, size=0)
        return self._told(lambda: self._clear(which))

    def close(self) -> None:
        """As `Shelf.close`: nothing is held."""

    def _stats(self, now_us: int) -> Sequence[Share]:
        with closing(connect_to_read(self.path)) as db:
            return rows.shares(db, now_us)

    def _clear(self, which: Which) -> Cleared:
        with closing(connect(self.path)) as db:
            cleared = rows.clear(db, which)
            rows.give_back(db)
            return cleared

    def _told[T](self, work: Callable[[], T]) -> T:
        try:
            return work()
        except FAULTS as error:
            raise explain(error, self.path) from None
