"""What leaves may be another call than was looked for: then its answer is its caller's alone."""

import asyncio

import pytest

from tests.simulator import Scenario
from tests.tollway.calls import CHAT, Call
from tests.tollway.failing_targets import CHAIN, GROQ_KEY, fails
from tests.tollway.failing_targets import ask as ask_chain
from tests.tollway.hooks.answered import CACHE, answers, kept
from tests.tollway.hooks.test_share import ask, flying, waiting
from tests.tollway.identified import Roads
from tests.tollway.leftovers import nothing_stays

LONG = Call(CHAT.host, CHAT.path, {**CHAT.body, "max_tokens": 16_000})
OTHERS = {
    "clamp": "limits: [{name: day, amount: 0.05 USD, window: day}]",
    "route": "routes: {r: [{from: gpt-4o, to: openai/gpt-4o-mini}]}\nalways: [{route: r}]",
    "set": "routes: {r: [{from: gpt-4o, to: same, set: {temperature: 0}}]}\nalways: [{route: r}]",
}


@pytest.mark.parametrize("did", OTHERS)
async def test_another_call_than_was_looked_for_is_not_kept(roads: Roads, did: str) -> None:
    """A limit clamps it, so that its answer may be shorter; a route sends it elsewhere, or otherwise."""
    async with roads(CACHE + OTHERS[did]) as road:
        async with road.client() as client:
            await ask(client, LONG)
        row = await road.call()
        await nothing_stays(road)
        assert answers(road) == 0

    assert did in (row.action or "")
    assert row.cache == "miss"


async def test_nobody_joins_it(roads: Roads) -> None:
    """Who waited for it goes on, and is changed as it was."""
    async with roads(CACHE + OTHERS["route"]) as road:
        road.sim.scenario = Scenario(gate="go")
        async with road.client() as client:
            asking = [asyncio.ensure_future(ask(client, CHAT)) for _ in range(3)]
            async with asyncio.timeout(60):
                while len(road.sim.seen) < 3:
                    await asyncio.sleep(0.001)
            assert flying(road) == 0
            road.sim.open("go")
            await asyncio.gather(*asking)
        rows = await road.calls(3)

    assert {row.cache for row in rows} == {"miss"}
    assert {row.model for row in rows} == {"gpt-4o-mini"}


async def test_what_is_asked_as_it_was_is_shared_however_it_is_written_by_then(roads: Roads) -> None:
    """A stream that does not report its usage is asked to; its callers get what they asked for."""
    call = Call(CHAT.host, CHAT.path, {**CHAT.body, "stream": True})
    async with roads(CACHE) as road:
        road.sim.scenario = Scenario(gate="go")
        async with road.client() as client:
            asking = [asyncio.ensure_future(ask(client, call)) for _ in range(3)]
            await waiting(road, 2)
            road.sim.open("go")
            said = await asyncio.gather(*asking)
        rows = await road.calls(3)

    assert b"include_usage" in road.sim.seen[0].raw
    assert len({answer.content for answer in said}) == 1
    assert '"usage":{' not in said[0].text.replace(" ", "")
    assert {row.usage.input_tokens for row in rows} == {rows[0].usage.input_tokens} != {None}


@pytest.mark.parametrize("failing", [False, True])
async def test_what_a_routes_first_target_answers_is_kept_and_what_another_one_does_is_not(
    roads: Roads, monkeypatch: pytest.MonkeyPatch, failing: bool
) -> None:
    """The first target is what was asked for; after a failure it is somebody else's answer."""
    monkeypatch.setenv("GROQ_KEY", GROQ_KEY)
    async with roads(CACHE + CHAIN) as road:
        if failing:
            fails(road, Scenario(status=429))
        async with road.client() as client:
            first = await ask_chain(client)
            await road.calls(1 + failing)
            await kept(road, 1 - failing)
            again = await ask_chain(client)

    assert ("groq" in first.headers.get("x-tollway-route", "")) == failing
    said = [answer.headers["x-tollway-cache"] for answer in (first, again)]
    assert said == ["miss", "miss" if failing else "hit"]
