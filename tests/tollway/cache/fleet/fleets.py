"""A fleet's answers for its tests, and what Redis has of them."""

import secrets
import threading
from collections.abc import Callable
from contextlib import closing
from typing import Any

from redis import Redis

from tests.redis_server import RedisServer
from tests.tollway.caching.kept import answer
from tollway.cache.fleet.answers import FleetAnswers
from tollway.cache.fleet.kept import facts_of
from tollway.cache.fleet.names import AnswerNames
from tollway.cache.fleet.scripts import Scripts
from tollway.cache.fleet.shelf import FleetShelf
from tollway.caching.recorded import Recorded
from tollway.ledger.fleet.server import Server, where

GB = 10**9
AGAIN_SECONDS = 0.01


def key(n: int) -> bytes:
    """Of an answer."""
    return b"%032d" % n


class Fleet:
    """An organisation of its own on a server that may have others."""

    def __init__(self, server: RedisServer) -> None:
        organisation = secrets.token_hex(4)
        self.server = server
        self.url = f"{server.url}&organisation={organisation}"
        self.hurried = f"{server.hurried}&organisation={organisation}"
        self.names = AnswerNames(organisation)

    def answers(self, size: int = GB, hurried: bool = False, **options: Any) -> FleetAnswers:
        """As a process has them. `hurried`: with the time that a proxy gives Redis."""
        settings = {"again_seconds": AGAIN_SECONDS} | options
        return FleetAnswers(self.hurried if hurried else self.url, size, **settings)

    def shelf(self) -> FleetShelf:
        """As the command line has them."""
        return FleetShelf(self.url)

    def scripts(self) -> Scripts:
        """What changes them."""
        return Scripts(Server(where(self.url)), self.names)

    def keep(self, *numbers: int, **said: Any) -> None:
        """Have a process keep answers, from its start to its end."""
        with closing(self.answers()) as one:
            for n in numbers:
                one.keep(key(n), answer(**said))

    def client(self) -> Redis:
        """A client of its server."""
        return self.server.client()

    def there(self) -> list[int]:
        """Which answers there are. The index knows these, and what they take, and no others."""
        with closing(self.client()) as client:
            name = self.names.answer(b"").encode()
            there = sorted(
                bytes.fromhex(each[len(name) :].decode())
                for each in client.scan_iter(f"{name.decode()}*", count=1_000)
            )
            # redis-py's types have one answer for clients that wait and those that await.
            facts: dict[bytes, bytes] = client.hgetall(self.names.facts)  # type: ignore[assignment]
            total: Any = client.get(self.names.total)
            for index in (self.names.used, self.names.until):
                assert sorted(client.zrange(index, 0, -1)) == there
            hits: Any = client.hkeys(self.names.hits)
        assert sorted(facts) == there
        assert set(hits) <= set(there)
        sizes = [told.size for each in facts.values() if (told := facts_of(each)) is not None]
        assert int(total or 0) == sum(sizes)
        return [int(each) for each in there]


def wait_until(is_so: Callable[[], bool]) -> None:
    """Something is done by a thread."""
    ticking = threading.Event()
    for _ in range(20_000):
        if is_so():
            return
        ticking.wait(0.001)
    raise AssertionError


async def read(answers: FleetAnswers, n: int, now_us: int) -> Recorded | None:
    """What is found."""
    found = answers.find(key(n), now_us)
    return None if found is None else await found
