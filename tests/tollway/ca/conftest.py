"""An authority, a thief of its key, and TLS servers."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.tollway.ca.forgery import Thief
from tests.tollway.ca.server import Server
from tollway import clock
from tollway.ca.authority import Authority
from tollway.ca.make import make

HOSTS = (
    "api.openai.com",
    "openai.azure.com",
    "us-central1-aiplatform.googleapis.com",
    "bedrock-runtime.us-east-1.amazonaws.com",
)


@pytest.fixture(scope="session")
def now() -> datetime:
    """Real clients look at the real clock."""
    return clock.utc(clock.now())


@pytest.fixture(scope="session")
def authority(now: datetime) -> Authority:
    return make(HOSTS, now)


@pytest.fixture
def thief(authority: Authority, now: datetime, tmp_path: Path) -> Thief:
    return Thief(authority, now, tmp_path)


@pytest.fixture
def serve() -> Iterator[Callable[[Path], int]]:
    """Starts a TLS server with a file of key and chain; gives its port."""
    servers: list[Server] = []

    def start(pem: Path) -> int:
        servers.append(Server(pem))
        return servers[-1].port

    yield start
    for server in servers:
        server.stop()
