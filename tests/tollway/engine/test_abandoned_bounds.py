"""What a client left is read on within bounds: of time, of bytes, of calls at once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.simulator import Cut, Scenario, Simulator
from tests.tollway.calls import MISTRAL, Call
from tests.tollway.engine.leaving import BY, USAGE, Ask, ask
from tests.tollway.leftovers import nothing_left
from tests.tollway.road import Road
from tests.tollway.road import road as running_road
from tollway.hooks.drain import Bounds
from tollway.model import Source

__all__ = ["ask"]


@asynccontextmanager
async def bounded(tmp_path: Path, sim: Simulator, bounds: Bounds) -> AsyncIterator[Road]:
    async with running_road(tmp_path, sim, drains=bounds) as found:
        yield found


@BY
@pytest.mark.parametrize("call", [MISTRAL.streamed(), MISTRAL], ids=["stream", "json"])
async def test_a_drain_ends_in_time(
    tmp_path: Path, home: Path, sim: Simulator, ask: Ask, call: Call, how: str
) -> None:
    """A provider that falls silent is closed; what it said until then is charged."""
    cut = Cut(how="hang", after_bytes=1500)
    sim.scenario = Scenario(usage=USAGE, events=100, text="some words that take their place ", cut=cut)

    async with bounded(tmp_path, sim, Bounds(seconds=0.1)) as road:
        client = await ask(road, call, how)
        await sim.wait_for(lambda seen: seen.bytes_written == 1500)
        await client.leave()
        record = await road.call()

        await sim.wait_for(lambda seen: seen.client_left)
        assert (record.error, record.status, record.cost.source) == ("abandoned", 200, Source.ESTIMATED)
        assert record.cost.input_nano > 0
        assert record.cost.output_nano > 0
        assert await road.proxy.steps.drain.stop(10)
        assert nothing_left(road)


@BY
@pytest.mark.parametrize("call", [MISTRAL.streamed(), MISTRAL], ids=["stream", "json"])
async def test_a_drain_reads_no_more_than_its_bytes(
    tmp_path: Path, home: Path, sim: Simulator, ask: Ask, call: Call, how: str
) -> None:
    sim.scenario = Scenario(usage=USAGE, events=20_000, interval=0.001, text="x" * 1000, slices=1000)

    async with bounded(tmp_path, sim, Bounds(size=100_000)) as road:
        client = await ask(road, call, how)
        await sim.wait_for(lambda seen: seen.bytes_written > 20_000)
        await client.leave()
        record = await road.call()

        seen = await sim.wait_for(lambda seen: seen.client_left)
        assert 100_000 < seen.bytes_written < 10_000_000
        assert (record.error, record.cost.source) == ("abandoned", Source.ESTIMATED)
        assert record.cost.output_nano > 0
        assert nothing_left(road)


@BY
async def test_an_answer_that_is_too_large_already_is_closed(
    tmp_path: Path, home: Path, sim: Simulator, ask: Ask, how: str
) -> None:
    sim.scenario = Scenario(usage=USAGE, events=20_000, interval=0.001, text="x" * 1000)

    async with bounded(tmp_path, sim, Bounds(size=1000)) as road:
        client = await ask(road, MISTRAL.streamed(), how)
        await sim.wait_for(lambda seen: seen.bytes_written > 20_000)
        await client.leave()

        await sim.wait_for(lambda seen: seen.client_left)
        assert (await road.call()).error == "abandoned"


@BY
async def test_so_many_are_drained_at_once_and_the_next_is_closed(
    tmp_path: Path, home: Path, sim: Simulator, ask: Ask, how: str
) -> None:
    """And when one has ended, there is room again."""
    sim.scenario = Scenario(usage=USAGE, events=300, interval=0.02)
    more = Scenario(usage=USAGE, events=12, interval=0.02)

    async with bounded(tmp_path, sim, Bounds(at_once=2)) as road:
        sim.on("*", "*", more, times=2)
        clients = [await ask(road, MISTRAL.streamed(), how) for _ in range(3)]
        for client in clients:
            await client.first_bytes()
            await client.leave()
        records = await road.calls(3)
        assert sorted(record.cost.source for record in records) == ["computed", "computed", "estimated"]

        sim.on("*", "*", more, times=1)
        client = await ask(road, MISTRAL.streamed(), how)
        await client.first_bytes()
        await client.leave()

        assert (await road.calls(4))[3].cost.source is Source.COMPUTED
        assert nothing_left(road)
