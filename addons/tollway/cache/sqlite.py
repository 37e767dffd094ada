"""`Answers` in an SQLite file, which several processes share."""

from collections.abc import Awaitable
from pathlib import Path

from tollway.caching.recorded import Recorded


class SqliteAnswers:
    """Finds answers on the event loop, where they are small; one thread keeps them, so that nobody waits."""

    def __init__(self, path: Path, size: int) -> None:
        """The file is made with the first answer. `size`: of it, in bytes."""
        self._path = path
        self._size = size

    def find(self, key: bytes, now_us: int) -> Recorded | Awaitable[Recorded | None] | None:
        """As `Answers.find`."""
        return None

    def hit(self, key: bytes, now_us: int) -> None:
        """As `Answers.hit`."""

    def keep(self, key: bytes, answer: Recorded) -> None:
        """As `Answers.keep`."""

    def prune(self, now_us: int) -> None:
        """As `Answers.prune`."""

    def resize(self, size: int) -> None:
        """As `Answers.resize`."""
        self._size = size

    def close(self) -> None:
        """As `Answers.close`."""
