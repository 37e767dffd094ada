"""A Redis and its replica under one name, as a fleet finds it: the name leads to whoever is the primary."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import redis

from tests.ports import free_port
from tests.redis_server import RedisServer

DURABLE = ("--appendonly", "yes", "--appendfsync", "everysec")


class RedisPair:
    """Its name is a link to the primary's socket."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count()
        self.name = folder / "primary.sock"
        self._primary = self._started()
        self._lead_to(self._primary)
        self._replica = self._started(self._primary)

    def url(self, journals: Path) -> str:
        """As `--ledger` takes it: the journals of one machine are in a folder. Two cores are shared by all of
        this: half a second is what 50 ms are elsewhere."""
        return f"unix://{self.name}?journal={journals}&timeout=0.5"

    def crash(self) -> None:
        """The primary dies and comes back with what it had written to its disk."""
        self._primary.kill()
        self._primary.start()

    def lose_all(self) -> None:
        """The primary dies and another one, which has nothing, comes in its place."""
        self._primary.kill()
        self._primary = self._started()
        self._lead_to(self._primary)
        self._replica.close()
        self._replica = self._started(self._primary)

    def promote(self) -> None:
        """The primary dies, and its replica takes its place, with what it had got by then."""
        self._primary.kill()
        self._primary = self._replica
        self._primary.client().replicaof("NO", "ONE")
        self._lead_to(self._primary)
        self._replica = self._started(self._primary)

    def hang(self, seconds: float) -> None:
        """The primary does nothing for a while, and takes connections all the same."""
        self._primary.pause()
        threading.Event().wait(seconds)
        self._primary.go_on()

    def every(self) -> tuple[Callable[[], None], ...]:
        """All that can be done to it."""
        return self.crash, self.lose_all, self.promote, lambda: self.hang(1.5)

    @property
    def client(self) -> redis.Redis:
        """Of the primary."""
        return self._primary.client()

    def close(self) -> None:
        """End both."""
        self._primary.close()
        self._replica.close()

    def _started(self, primary: RedisServer | None = None) -> RedisServer:
        follows = () if primary is None else ("--replicaof", f"127.0.0.1 {primary.port}")
        return RedisServer(self._folder / str(next(self._numbers)), *DURABLE, *follows, port=free_port())

    def _lead_to(self, server: RedisServer) -> None:
        new = self.name.with_suffix(".new")
        new.symlink_to(server.socket)
        new.replace(self.name)


@contextmanager
def redis_pair(folder: Path) -> Iterator[RedisPair]:
    """For as long as the context lasts."""
    folder.mkdir(parents=True)
    pair = RedisPair(folder)
    try:
        yield pair
    finally:
        pair.close()
