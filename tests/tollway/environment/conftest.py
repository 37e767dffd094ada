"""An authority in a folder, and an environment with nothing of the machine's in it."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.tollway.ca.server import Server
from tollway import clock
from tollway.ca.authority import Authority
from tollway.ca.store import load_or_make


@pytest.fixture
def now() -> datetime:
    return clock.utc(clock.now())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data dir" / "ca"


@pytest.fixture
def authority(folder: Path, now: datetime) -> Authority:
    return load_or_make(folder, ["api.openai.com", "api.anthropic.com"], now)


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    home = tmp_path / "home"
    home.mkdir()
    return {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1"}


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
