"""Rates hold for what the cache answers: a hit is a request, and its tokens are tokens."""

import asyncio

import pytest

from tests.simulator import Scenario, Usage
from tests.tollway.hooks.answered import CACHE, kept
from tests.tollway.hooks.test_share import LIMITED, ask, waiting
from tests.tollway.identified import Roads
from tests.tollway.leftovers import nothing_stays

RATES = {
    "requests": "{name: r, allow: 3 requests / minute, then: [block]}",
    "tokens": "{name: r, allow: 5k tokens / minute, then: [block]}",
}


@pytest.mark.parametrize("rate", RATES)
async def test_hits_count(roads: Roads, rate: str) -> None:
    """Of tokens those that were recorded: 1,000 each, of which the first call reserved more."""
    async with roads(f"{CACHE}rates: [{RATES[rate]}]\n") as road:
        road.sim.scenario = Scenario(usage=Usage(input_tokens=900, output_tokens=100))
        async with road.client() as client:
            first = await ask(client, LIMITED)
            await kept(road, 1)
            again = [await ask(client, LIMITED) for _ in range(5)]
        rows = await road.calls(6)
        await nothing_stays(road)

    assert first.status_code == 200
    passed = 2 if rate == "requests" else 4
    assert [answer.status_code for answer in again] == [200] * passed + [429] * (5 - passed)
    assert [row.cache for row in rows] == ["miss", *["hit"] * passed, *[None] * (5 - passed)]


async def test_joined_calls_are_at_once(roads: Roads) -> None:
    """And free their place when they have ended."""
    async with roads(CACHE + "rates: [{name: r, allow: 3 at once, then: [block]}]\n") as road:
        road.sim.scenario = Scenario(gate="go")
        async with road.client() as client:
            asking = [asyncio.ensure_future(ask(client, LIMITED)) for _ in range(5)]
            await waiting(road, 4)
            road.sim.open("go")
            answers = await asyncio.gather(*asking)
            await kept(road, 1)
            later = await ask(client, LIMITED)
        await road.calls(6)
        await nothing_stays(road)

    assert {answer.status_code for answer in answers} <= {200, 429}
    assert later.status_code == 200
