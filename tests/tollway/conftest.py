"""Fixtures of the tests that need a running proxy."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.simulator import Scenario, Simulator
from tests.tollway.hook import Hook, listening
from tests.tollway.identified import Roads
from tests.tollway.issuers.provider import Provider, providing
from tests.tollway.road import Road
from tests.tollway.road import road as running_road


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own."""
    folder = tmp_path / "home"
    monkeypatch.setenv("TOLLWAY_HOME", str(folder))
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
async def sim(tmp_path: Path) -> AsyncIterator[Simulator]:
    """The providers."""
    folder = tmp_path / "simulator"
    folder.mkdir()
    async with Simulator(folder) as simulator:
        yield simulator


@pytest.fixture
async def road(tmp_path: Path, home: Path, sim: Simulator) -> AsyncIterator[Road]:
    """A proxy with the default policy in front of the simulator."""
    async with running_road(tmp_path, sim) as found:
        yield found


@pytest.fixture
def hook() -> Iterator[Hook]:
    """A webhook."""
    with listening() as server:
        yield server


@pytest.fixture
def provider() -> Iterator[Provider]:
    """An identity provider."""
    with providing() as found:
        yield found


@pytest.fixture
def roads(tmp_path: Path, home: Path, sim: Simulator) -> Roads:
    """Makes proxies of a policy."""

    @asynccontextmanager
    async def made(policy: str, **options: Any) -> AsyncIterator[Road]:
        sim.scenario = Scenario()
        async with running_road(tmp_path, sim, policy="version: 1\n" + policy, **options) as road:
            yield road

    return made
