"""Levels of limits over the whole road: calls degrade before they would be refused.

The simulator's answers of gpt-4o cost 170,000 nano-dollars (20 and 12 tokens), of gpt-4o-mini 10,200.
"""

import asyncio
import json
from pathlib import Path

import pytest

from tests.simulator import Scenario, Simulator
from tests.tollway.calls import CLAUDE, TALK, Call
from tests.tollway.identified import Roads
from tests.tollway.road import Road, road

ASK = Call("api.openai.com", "/v1/chat/completions", {"model": "gpt-4o", "max_tokens": 100, "messages": TALK})
COST = 170_000
ROUTES = """
routes:
  economy: [{from: gpt-4o, to: openai/gpt-4o-mini}, {from: "claude-opus-*", to: anthropic/claude-haiku-4-5}]
  away: [{from: "*", to: groq/openai/gpt-oss-120b}]
"""
HALF = """
limits: [{name: month, amount: 0.00034 USD, window: month, enforce: soft, at: {50%: {route: economy}}}]
"""


def models(road: Road) -> list[str]:
    """The models that the provider was asked for."""
    return [one.json["model"] for one in road.sim.seen]


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
async def test_calls_degrade_at_a_level_and_hit_the_wall_only_after_it(roads: Roads, http2: bool) -> None:
    """0.00034 USD are two answers of gpt-4o: from the second call on, the cheap model answers."""
    async with roads(HALF + ROUTES) as here, here.client(http2) as client:
        answers = []
        for body in (ASK.body, ASK.body, ASK.streamed().body):
            answers.append(await client.post(ASK.url, json=body))
            await here.rows()
        rows = await here.rows()

    assert [answer.status_code for answer in answers] == [200] * 3
    assert models(here) == ["gpt-4o", "gpt-4o-mini", "gpt-4o-mini"]
    said = "openai/gpt-4o -> openai/gpt-4o-mini"
    assert [answer.headers.get("x-tollway-route") for answer in answers] == [None, said, said]
    assert [(row.model_asked, row.model, row.action) for row in rows] == [
        ("gpt-4o", "gpt-4o", None),
        ("gpt-4o", "gpt-4o-mini", "route economy at 50%"),
        ("gpt-4o", "gpt-4o-mini", "route economy at 50%"),
    ]
    assert rows[0].cost.nano == COST
    assert 0 < rows[1].cost.nano < COST / 10


async def test_a_level_that_leads_nowhere_is_in_the_ledger_and_the_call_goes_on(roads: Roads) -> None:
    """Another provider has no credential here; the other call's model stands in no rule."""
    policy = HALF.replace("economy", "away") + ROUTES
    async with roads(policy) as here, here.client() as client:
        for _ in range(2):
            assert (await client.post(ASK.url, json=ASK.body)).status_code == 200
            rows = await here.rows()

    assert models(here) == ["gpt-4o"] * 2
    why = "route away at 50% skipped: groq/openai/gpt-oss-120b: no credential is known for groq"
    assert [row.action for row in rows] == [None, why]


async def test_a_subscriptions_calls_stay_where_they_are(roads: Roads) -> None:
    """They count in requests, and a flat plan covers them: no route moves them."""
    policy = "limits: [{name: day, amount: 2 requests, window: day, at: {50%: {route: economy}}}]\n" + ROUTES
    login = {"authorization": "Bearer " + "sk-ant-" + "oat01-made-up", "anthropic-beta": "oauth-2025-04-20"}
    opus = {**CLAUDE.body, "model": "claude-opus-4-8"}
    async with roads(policy) as here, here.client() as client:
        for _ in range(2):
            assert (await client.post(CLAUDE.url, json=opus, headers=login)).status_code == 200
            rows = await here.rows()

    assert models(here) == ["claude-opus-4-8"] * 2
    assert rows[1].action is not None
    assert rows[1].action.startswith("route economy at 50% skipped: anthropic/claude-haiku-4-5: ")


async def test_the_access_rules_of_where_a_level_leads_hold(roads: Roads) -> None:
    policy = f"{HALF}{ROUTES}access: [{{name: no-mini, deny: {{model: gpt-4o-mini}}}}]\n"
    async with roads(policy) as here, here.client() as client:
        for _ in range(2):
            assert (await client.post(ASK.url, json=ASK.body)).status_code == 200
            rows = await here.rows()

    assert models(here) == ["gpt-4o"] * 2
    assert "the access rule no-mini denies" in str(rows[1].action)


async def test_what_calls_in_flight_hold_brings_others_to_the_level(roads: Roads) -> None:
    """Of calls that come at once, only those below it stay: each holds 0.0107 USD of 0.05 at the most."""
    policy = "limits: [{name: day, amount: 0.05 USD, window: day, at: {40%: {route: economy}}}]\n" + ROUTES
    async with roads(policy) as here, here.client() as client:
        here.sim.scenario = Scenario(ttfb=0.2)
        calls = [client.post(ASK.url, json=ASK.body) for _ in range(6)]
        answers = await asyncio.gather(*calls)
        rows = await here.rows()

    assert [answer.status_code for answer in answers] == [200] * 6
    assert sorted(models(here)) == ["gpt-4o"] * 2 + ["gpt-4o-mini"] * 4
    assert sorted(row.action or "" for row in rows) == [""] * 2 + ["route economy at 40%"] * 4


async def test_a_level_that_is_added_meets_what_was_spent_before(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    """The bucket is the same one as without it."""
    before = json.dumps({"name": "month", "amount": "0.00034 USD", "window": "month", "enforce": "soft"})
    for limits in (f"limits: [{before}]\n", HALF):
        async with road(tmp_path, sim, policy=f"version: 1\n{limits}{ROUTES}") as here:
            async with here.client() as client:
                assert (await client.post(ASK.url, json=ASK.body)).status_code == 200
            await here.rows()

    assert models(here) == ["gpt-4o", "gpt-4o-mini"]
