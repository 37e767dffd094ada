"""What the cache does, shown: over a real proxy, with real programs."""

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from rich.console import Console

from tollway.demo.cache import stops
from tollway.demo.cache.policy import TOUR
from tollway.demo.cache.showing import Calls, Showing
from tollway.demo.guide import Guide
from tollway.demo.stage import Stage, stage
from tollway.errors import TollwayError
from tollway.policy.load import load

pytestmark = pytest.mark.slow


@pytest.fixture
def calls() -> Calls:
    """Those that have ended."""
    return asyncio.Queue()


@pytest.fixture
def paper() -> io.StringIO:
    """What the guide writes on."""
    return io.StringIO()


@pytest.fixture
async def set_up(tmp_path: Path, home: Path, calls: Calls) -> AsyncIterator[Stage]:
    """A stage with the tour's policy."""
    async with stage(tmp_path, load(TOUR, "p.yaml"), calls.put_nowait) as found:
        yield found


@pytest.fixture
def showing(set_up: Stage, calls: Calls, paper: io.StringIO) -> Showing:
    """On that stage."""
    return Showing(Guide(Console(file=paper, width=100, highlight=False)), set_up, calls)


async def test_five_calls_are_one(showing: Showing, set_up: Stage, paper: io.StringIO) -> None:
    await showing.together(stops.together())

    said = paper.getvalue()
    assert "join      4 of them wait" in said
    assert "4 times $" in said
    assert said.endswith("provider  got 1 call so far\n")
    assert len(await set_up.providers.got()) == 1


async def test_a_tour_of_anything_else_ends(showing: Showing) -> None:
    """What is to be found was never asked; what is to be asked anew is looked for."""
    with pytest.raises(TollwayError, match="was to be a hit, and was a miss"):
        await showing.found(stops.first())
    with pytest.raises(TollwayError, match="was to be a call like any other, and was a"):
        await showing.asked(stops.again(), None)
