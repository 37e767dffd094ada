"""The stores that the contract suite runs against: another one joins by a row here."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.redis_server import RedisServer
from tollway.ledger.connect import connect_to_read
from tollway.ledger.fleet.journal import folder_of
from tollway.ledger.fleet.server import where
from tollway.ledger.open import open_books, open_ledger
from tollway.ledger.store import Books, Ledger


@dataclass(frozen=True)
class Store:
    """One ledger, which several processes may have open."""

    url: str
    rows_are_shared: bool = True
    """Whether a process may end what another one began, without having been told of it by the store."""

    def open(self) -> Ledger:
        """Open it to write."""
        return open_ledger(self.url)

    def books(self) -> Books:
        """Open it to read."""
        return open_books(self.url)


class Fleet(Store):
    """One whose rows are in journals, and a log."""

    def books(self) -> Books:
        """Open it to read, once all rows that have ended are in its log."""
        wait_for_log(self.url)
        return super().books()


def wait_for_log(url: str) -> None:
    """Wait until no journal of this machine has rows that are not in the fleet's log."""
    end = time.monotonic() + 30
    while any(map(waiting_in, folder_of(where(url)).glob("[0-9]*.db"))):
        assert time.monotonic() < end, "rows do not get into the log"
        time.sleep(0.005)


def waiting_in(journal: Path) -> int:
    """How many rows a journal has that are not in the log."""
    with closing(connect_to_read(journal)) as db:
        return int(db.execute("SELECT count(*) FROM outbox").fetchone()[0])


@contextmanager
def in_sqlite(folder: Path) -> Iterator[Store]:
    """A file."""
    yield Store(f"sqlite:{folder / 'ledger.db'}")


@contextmanager
def in_redis(folder: Path) -> Iterator[Store]:
    """A server of its own."""
    with closing(RedisServer(folder / "redis")) as server:
        yield Fleet(server.url, rows_are_shared=False)


STORES: dict[str, Callable[[Path], AbstractContextManager[Store]]] = {"sqlite": in_sqlite, "redis": in_redis}
"""By name: a new, empty ledger in a folder, for as long as the context lasts."""
