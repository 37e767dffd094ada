"""A simulator per test, and what clients need to trust it."""

import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.simulator import Simulator


@pytest.fixture
async def sim(tmp_path: Path) -> AsyncIterator[Simulator]:
    """A running simulator. It fails the test if it failed itself."""
    async with Simulator(tmp_path / "simulator") as simulator:
        yield simulator


@pytest.fixture
def trust(sim: Simulator) -> ssl.SSLContext:
    """A client context that trusts the simulator's root, and nothing else."""
    return ssl.create_default_context(cafile=sim.root_ca)
