"""The stores that the contract suite runs against: another one joins by a row here."""

import inspect
import secrets
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.redis_server import RedisServer
from tollway.cache.open import open_answers, open_shelf
from tollway.caching.recorded import Recorded
from tollway.caching.store import Answers, Shelf
from tollway.ledger.fleet.names import Names

MB = 1_000_000


@dataclass(frozen=True)
class Store:
    """One cache, which several processes may have open."""

    url: str
    """Of the ledger that it belongs to."""
    is_made: Callable[[], bool]
    """Whether there is anything of it."""

    def open(self, size: int = 100 * MB) -> Answers:
        """Open it as a proxy does."""
        return open_answers(self.url, size)

    def shelf(self) -> Shelf:
        """Open it as the command line does."""
        return open_shelf(self.url)


def in_sqlite(folder: Path, server: RedisServer | None) -> Store:
    """A file."""
    path = folder / "ledger.db.cache.db"
    return Store(f"sqlite:{folder / 'ledger.db'}", path.exists)


def in_redis(folder: Path, server: RedisServer | None) -> Store:
    """An organisation of its own on a server."""
    assert server is not None
    organisation = secrets.token_hex(4)

    def is_made() -> bool:
        with closing(server.client()) as client:
            return any(client.scan_iter(f"*{organisation}*", count=1_000))

    assert Names(organisation).named("").startswith("{tollway:" + organisation)
    return Store(f"{server.url}&organisation={organisation}", is_made)


STORES: dict[str, Callable[[Path, RedisServer | None], Store]] = {"sqlite": in_sqlite, "redis": in_redis}
"""By name: a new, empty cache."""


async def found(answers: Answers, key: bytes, now_us: int) -> Recorded | None:
    """What is found at a key, at once or later."""
    answer = answers.find(key, now_us)
    return await answer if inspect.isawaitable(answer) else answer
