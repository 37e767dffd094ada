"""A cache of each kind."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.redis_server import RedisServer
from tests.tollway.cache.stores import STORES, Store


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """One that nobody stops."""
    with closing(RedisServer(tmp_path_factory.mktemp("redis"))) as server:
        yield server


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """One that is empty, and not open yet."""
    server = request.getfixturevalue("server") if request.param == "redis" else None
    return STORES[request.param](tmp_path, server)
