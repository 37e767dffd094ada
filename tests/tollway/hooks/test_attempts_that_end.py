"""Attempts: each is the only one, admitted by what is in force, and leaves nothing behind."""

import asyncio
from typing import Any

import pytest

from tests.simulator import Cut, Scenario
from tests.tollway.calls import Call
from tests.tollway.engine.leaving import BY, Ask, ask
from tests.tollway.failing_targets import ASK, GROQ, GROQ_KEY, KEY, OPENAI, STREAM, held
from tests.tollway.identified import Roads
from tests.tollway.leftovers import nothing_stays
from tollway.hooks.budget import Budget
from tollway.policy.load import load
from tollway.proxy import put_in_force

__all__ = ["ask"]

POLICY = """
credentials: {groq: {inject: env:GROQ_KEY}}
routes: {resilient: [{from: gpt-4o, to: %s, on: [429, 5xx, connect, timeout 300ms], breaker: %s}]}
always: [{route: resilient}]
"""
BOTH = "[same, groq/openai/gpt-oss-120b]"
CHAIN = POLICY % (BOTH, "none")
AGAIN = POLICY % ("same, retries: 1", "none")
DAY = "limits: [{name: day, amount: 1 USD, window: day, then: [block]}]\n"
FULL = """
limits: [{name: groq, match: {provider: groq}, amount: 0.0012 USD, window: day, then: [wait 60s, block]}]
"""


@pytest.fixture(autouse=True)
def groq_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator's key of the second target."""
    monkeypatch.setenv("GROQ_KEY", GROQ_KEY)


async def test_a_breaker_counts_each_failure_once(roads: Roads, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where nothing can take the target's place."""
    monkeypatch.delenv("GROQ_KEY")
    async with roads(POLICY % (BOTH, "{failures: 9}")) as road:
        road.sim.on(OPENAI, "*", Scenario(status=500), times=1)
        road.sim.on(OPENAI, "*", Scenario(cut=Cut(how="reset")))
        async with road.client() as client:
            for _ in range(2):
                await client.post(ASK.url, content=ASK.content, headers=KEY)
        (breaker,) = road.step(Budget).governing.breakers._breakers.values()

    assert breaker.failures == 2


async def test_after_its_rest_a_target_is_asked_by_one_call_alone(roads: Roads) -> None:
    """The others pass it over until that one is answered."""
    async with roads(POLICY % (BOTH, "{failures: 1, rest: 50ms}")) as road:
        breakers = road.step(Budget).governing.breakers
        now = [1_000_000.0]
        breakers._clock = lambda: now[0]
        road.sim.on(OPENAI, "*", Scenario(status=500), times=1)
        road.sim.on(OPENAI, "*", Scenario(gate="open"), times=1)
        async with road.client() as client:
            await client.post(ASK.url, content=ASK.content, headers=KEY)
            now[0] += 0.051
            first = asyncio.ensure_future(client.post(ASK.url, content=ASK.content, headers=KEY))
            await road.sim.wait_for(
                lambda one: one.host == OPENAI and one.received is not None and one.number > 2
            )
            others = [await client.post(ASK.url, content=ASK.content, headers=KEY) for _ in range(2)]
            road.sim.open("open")
            await first
            after = await client.post(ASK.url, content=ASK.content, headers=KEY)

    assert ["x-tollway-route" in answer.headers for answer in others] == [True, True]
    assert "x-tollway-route" not in after.headers


async def test_rules_that_changed_meanwhile_hold_for_the_next_attempt(roads: Roads) -> None:
    """During the pause before the same target is tried again, too. What it held is free."""
    async with roads(AGAIN + DAY) as road:
        road.sim.on(OPENAI, "*", Scenario(status=429, headers=(("retry-after-ms", "600"),)), times=1)
        async with road.client() as client:
            asked = asyncio.ensure_future(client.post(ASK.url, content=ASK.content, headers=KEY))
            await road.sim.wait_for(lambda one: one.complete)
            denied = load("version: 1\naccess: [{name: none, deny: {provider: openai}}]\n" + AGAIN + DAY, "p")
            budget = road.step(Budget)
            await put_in_force(denied, budget.governing, budget.ledger)
            answer = await asked
        rows = await road.rows()

        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "access_denied")
        assert [row.status for row in rows] == [429, None]
        assert len(road.sim.seen) == 1
        assert held(road) == 0
        await nothing_stays(road)


@pytest.mark.parametrize("broken", ["tollway.hooks.budget.change", "tollway.hooks.rewrite.wants_usage"])
async def test_what_fails_between_two_attempts_leaves_nothing_held(
    roads: Roads, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    """The client is refused, and the next call is served."""
    async with roads(CHAIN + DAY) as road:

        def fail(*args: Any) -> None:
            raise RuntimeError("broken")

        road.sim.on(OPENAI, "*", Scenario(gate="open"), times=1)
        road.sim.on(OPENAI, "*", Scenario(status=500), times=1)
        async with road.client() as client:
            asked = asyncio.ensure_future(client.post(ASK.url, content=ASK.content, headers=KEY))
            await road.sim.wait_for(lambda one: one.received is not None)
            with monkeypatch.context() as patch:
                patch.setattr(broken, fail)
                answer = await asked
            again = await client.post(ASK.url, content=ASK.content, headers=KEY)
        rows = await road.rows()

        assert (answer.status_code, again.status_code) == (503, 200)
        assert {row.state for row in rows} == {"done"}
        assert held(road) == 0
        await nothing_stays(road)


PAUSES = Scenario(status=429, headers=(("retry-after", "29"),))
SLOW, HANGS = Scenario(ttfb=0.3), Scenario(first_event=0.3)
MOMENTS = {
    "in the pause": (AGAIN + DAY, PAUSES, Scenario(), OPENAI),
    "before the next waits": (CHAIN + FULL, Scenario(status=500), Scenario(), OPENAI),
    "while the next waits": (CHAIN + FULL, Scenario(status=500), Scenario(), OPENAI),
    "after the next's request": (CHAIN + DAY, Scenario(status=500), SLOW, GROQ),
    "before its first byte": (CHAIN + DAY, Scenario(status=500), HANGS, GROQ),
    "before the first's first byte": (AGAIN.replace("300ms", "9s") + DAY, HANGS, Scenario(), OPENAI),
}
"""By name: the policy, what the targets do, and whose request or answer there is then."""


@BY
@pytest.mark.parametrize("call", [pytest.param(ASK, marks=pytest.mark.slow), STREAM], ids=["json", "stream"])
@pytest.mark.parametrize("moment", MOMENTS)
async def test_a_client_may_leave_at_any_moment(
    roads: Roads, ask: Ask, moment: str, call: Call, how: str
) -> None:
    """Its call ends, or is read to its end; nothing stays held, and none is asked for it any more."""
    policy, first, second, where = MOMENTS[moment]
    async with roads(policy) as road:
        if "waits" in moment:  # somebody else has what there is
            road.sim.on(GROQ, "*", Scenario(gate="other"), times=1)
            road.sim.on(OPENAI, "*", first, times=1)
            other = await ask(road, ASK, "http2 close")
            await road.sim.wait_for(lambda one: one.host == GROQ)
        road.sim.on(OPENAI, "*", first)
        road.sim.on(GROQ, "*", second)
        before = len(road.sim.seen)
        client = await ask(road, call, how)
        await road.sim.wait_for(
            lambda one: (
                one.number > before and one.host == where and (second is SLOW or one.answered is not None)
            )
        )
        while moment == "while the next waits" and road.step(Budget).line.is_empty:
            await asyncio.sleep(0)
        await client.leave()
        if "waits" in moment:
            await road.calls(2)
            road.sim.open("other")
            await other.leave()
        await nothing_stays(road)
        rows = await road.rows()

        assert {row.state for row in rows} == {"done"}
        assert held(road) == 0
        assert any(row.error == "abandoned" for row in rows)
