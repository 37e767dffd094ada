"""A server for the tests of a module, an organisation on it for each."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.redis_server import RedisServer
from tests.tollway.cache.conftest import server
from tests.tollway.cache.fleet.fleets import Fleet

__all__ = ["server"]


@pytest.fixture
def fleet(server: RedisServer) -> Fleet:
    """Nobody else's."""
    return Fleet(server)


@pytest.fixture
def frail(tmp_path: Path) -> Iterator[Fleet]:
    """One with a server of its own, which a test may stop."""
    with closing(RedisServer(tmp_path / "redis")) as server:
        yield Fleet(server)
