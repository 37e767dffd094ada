"""A server for the tests of a module, an organisation on it for each."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.redis_server import RedisServer
from tests.tollway.ledger.fleet.fleets import Fleet
from tollway.ledger.fleet.ledger import FleetLedger


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """One that nobody stops."""
    with closing(RedisServer(tmp_path_factory.mktemp("redis"))) as server:
        yield server


@pytest.fixture
def fleet(server: RedisServer, tmp_path: Path) -> Fleet:
    """Nobody else's."""
    return Fleet(server, tmp_path)


@pytest.fixture
def frail(tmp_path: Path) -> Iterator[Fleet]:
    """One with a server of its own, which a test may stop."""
    with closing(RedisServer(tmp_path / "redis")) as server:
        yield Fleet(server, tmp_path)


@pytest.fixture
def node(fleet: Fleet) -> Iterator[FleetLedger]:
    """A process of it."""
    with closing(fleet.node()) as node:
        yield node
