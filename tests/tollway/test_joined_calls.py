"""Identical calls at the same moment, over real sockets: one is asked of the provider, all get its answer."""

import asyncio

import httpx
import pytest

from tests.simulator import Cut, Scenario, Usage
from tests.tollway.calls import CHAT, CLAUDE, Call
from tests.tollway.identified import Roads
from tests.tollway.leftovers import nothing_stays
from tests.tollway.road import Road

CACHE = "cache: [{match: {operation: chat}, ttl: 1h}]\n"
USAGE = Usage(input_tokens=70, output_tokens=33)
CALLS = pytest.mark.parametrize(
    "call",
    [CHAT, CHAT.streamed(), CLAUDE, CLAUDE.streamed()],
    ids=["chat", "chat stream", "claude", "claude stream"],
)
GATED = Scenario(gate="go", usage=USAGE)


async def ask(client: httpx.AsyncClient, call: Call) -> httpx.Response:
    return await client.post(call.url, json=call.body, headers={"authorization": "Bearer made-up"})


async def waiting(road: Road, number: int) -> None:
    """Until so many calls wait for the one that they join."""
    async with asyncio.timeout(60):
        while sum(map(len, shared(road))) < number:
            await asyncio.sleep(0.001)


def shared(road: Road) -> list[set[object]]:
    """Who listens to each call that may be joined."""
    from tollway.hooks.look_up import LookUp

    return [one._listeners for one in road.step(LookUp)._flying._shared.values()]


@CALLS
@pytest.mark.parametrize("http2", [False, True])
async def test_a_hundred_identical_calls_are_one(roads: Roads, call: Call, http2: bool) -> None:
    async with roads(CACHE) as road:
        road.sim.scenario = GATED
        async with road.client(http2) as client:
            asking = [asyncio.create_task(ask(client, call)) for _ in range(100)]
            await waiting(road, 99)
            road.sim.open("go")
            answers = await asyncio.gather(*asking)
        rows = await road.calls(100)
        await nothing_stays(road)

    assert len(road.sim.seen) == 1
    assert len({answer.content for answer in answers}) == 1
    assert {answer.status_code for answer in answers} == {200}
    assert sorted(answer.headers["x-tollway-cache"] for answer in answers) == ["join"] * 99 + ["miss"]
    (paid,) = [row for row in rows if row.cache == "miss"]
    joined = [row for row in rows if row.cache == "join"]
    assert paid.cost.nano > 0
    assert {row.cost.nano for row in joined} == {0}
    assert {row.saved_nano for row in joined} == {paid.cost.nano}
    assert {row.usage.input_tokens for row in joined} == {70}
