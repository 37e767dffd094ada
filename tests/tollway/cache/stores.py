"""The stores that the contract suite runs against: another one joins by a row here."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tollway.cache.file import beside
from tollway.cache.shelf import SqliteShelf
from tollway.cache.sqlite import SqliteAnswers
from tollway.caching.recorded import Recorded
from tollway.caching.store import Answers, Shelf

MB = 1_000_000


@dataclass(frozen=True)
class Store:
    """One cache, which several processes may have open."""

    path: Path

    def open(self, size: int = 100 * MB) -> Answers:
        """Open it as a proxy does."""
        return SqliteAnswers(self.path, size)

    def shelf(self) -> Shelf:
        """Open it as the command line does."""
        return SqliteShelf(self.path)


STORES: dict[str, Callable[[Path], Store]] = {
    "sqlite": lambda folder: Store(beside(folder / "ledger.db")),
}
"""By name: a new, empty cache in a folder."""


async def found(answers: Answers, key: bytes, now_us: int) -> Recorded | None:
    """What is found at a key, at once or later."""
    answer = answers.find(key, now_us)
    return await answer if inspect.isawaitable(answer) else answer
