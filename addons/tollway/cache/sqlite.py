"""`Answers` in an SQLite file, which several processes share."""

from collections.abc import Awaitable
from pathlib import Path

from tollway.cache.finding import Finding
from tollway.cache.keeping import Keeping
from tollway.caching.recorded import Recorded
from tollway.sidecar.writer import MOST_WAITING


class SqliteAnswers:
    """What is found is what any process kept and none has deleted since: no memory stands in front of it."""

    def __init__(self, path: Path, size: int, most_waiting: int = MOST_WAITING) -> None:
        """The file is made with the first answer. `size`: of it, in bytes; `most_waiting`: of answers that
        wait to be kept."""
        self._finding = Finding(path)
        self._keeping = Keeping(path, size, most_waiting)

    def find(self, key: bytes, now_us: int) -> Recorded | Awaitable[Recorded | None] | None:
        """As `Answers.find`."""
        return self._finding.find(key, now_us)

    def hit(self, key: bytes, now_us: int) -> None:
        """As `Answers.hit`."""
        self._keeping.hit(key, now_us)

    def keep(self, key: bytes, answer: Recorded) -> None:
        """As `Answers.keep`."""
        self._keeping.keep(key, answer)

    def prune(self, now_us: int) -> None:
        """As `Answers.prune`."""
        self._keeping.prune(now_us)

    def resize(self, size: int) -> None:
        """As `Answers.resize`: within a minute."""
        self._keeping.size = size

    def close(self) -> None:
        """As `Answers.close`."""
        self._keeping.close()
        self._finding.close()
