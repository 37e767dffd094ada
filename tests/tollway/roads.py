"""Proxies of a policy, in front of the simulator: a fixture for tests of what callers show."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.simulator import Scenario, Simulator
from tests.tollway.road import Road
from tests.tollway.road import road as running_road

Roads = Callable[..., AbstractAsyncContextManager[Road]]


@pytest.fixture
def roads(tmp_path: Path, home: Path, sim: Simulator) -> Roads:
    """Makes proxies of a policy."""

    @asynccontextmanager
    async def made(policy: str, **options: Any) -> AsyncIterator[Road]:
        sim.scenario = Scenario()
        async with running_road(tmp_path, sim, policy="version: 1\n" + policy, **options) as road:
            yield road

    return made
