"""Attempts at a call that failed, and limits that lead calls elsewhere: it goes nowhere twice."""

import asyncio

import pytest

from tests.simulator import Scenario
from tests.tollway.calls import CHAT, CLAUDE, TALK, Call
from tests.tollway.failing_targets import AGAIN, held
from tests.tollway.identified import Roads
from tests.tollway.test_switching import FIRST, HAIKU, LONG, OPUS, SONNET, reload, say, turn

ASK = Call(
    "api.openai.com",
    "/v1/chat/completions",
    {"model": "gpt-5", "max_completion_tokens": 100, "messages": TALK},
)
CIRCLE = """
routes:
  first: [{from: gpt-5, to: [openai/gpt-4o], on: [529], breaker: none}]
  circle:
    - {from: gpt-4o, to: [openai/gpt-4o-mini, openai/gpt-4.1], breaker: none}
    - {from: gpt-4.1, to: [openai/gpt-4.1-mini, openai/gpt-4o], breaker: none}
always: [{match: {model: gpt-5}, route: first}]
limits: [{name: big, match: {model: [gpt-4o, gpt-4.1]}, window: day, amount: %s}]
"""


@pytest.mark.parametrize(
    ("amount", "by"),
    [("0 USD, then: [{route: circle}, block]", ""), ("0 USD, at: {1%: {route: circle}}", " at 1%")],
    ids=["a limit's route", "a level"],
)
async def test_no_limit_leads_an_attempt_back_to_where_the_call_failed(
    roads: Roads, amount: str, by: str
) -> None:
    """Where it fails it goes to a model that a limit leads on from, to one of which the same is true."""
    async with roads(CIRCLE % amount) as road, road.client() as client:
        road.sim.scenario = Scenario(status=529)
        answer = await client.post(ASK.url, json=ASK.body)
        rows = await road.rows()

    tries = "openai/gpt-4o-mini (529) -> openai/gpt-4.1-mini (529) -> openai/gpt-4o (big has no room for it)"
    assert (answer.status_code, answer.headers["x-tollway-route"]) == (529, tries)
    assert [row.action for row in rows] == [
        f"route first, route circle{by}",
        f"route circle, after openai/gpt-4o-mini (529), route circle{by}",
    ]


async def test_an_attempt_that_is_refused_does_not_go_back_to_what_failed(roads: Roads) -> None:
    """Although its conversation has its prompt cache there, which it would have stayed for."""
    policy = f"""
routes: {{r: [{{from: claude-opus-*, to: [same, anthropic/{HAIKU}], breaker: none}}]}}
always: [{{route: r}}]
limits: [{{name: haiku, match: {{model: {HAIKU}}}, window: day, amount: 0 USD, then: [block]}}]
"""
    async with roads(policy) as road, road.client() as client:
        await say(road, client, turn(1), FIRST)
        road.sim.scenario = Scenario(status=529)
        answer = await client.post(CLAUDE.url, json=turn(2))

    tries = f"anthropic/{OPUS} (529) -> anthropic/{HAIKU} (haiku has no room for it)"
    assert (answer.status_code, answer.headers["x-tollway-route"]) == (529, tries)
    assert len(road.sim.seen) == 2


async def test_the_access_rules_that_came_meanwhile_hold_for_the_next_attempt(roads: Roads) -> None:
    """It pauses for a quarter of a second at the least before it tries again. Nothing stays held."""
    policy = f"{AGAIN}limits: [{{name: day, amount: 1 USD, window: day}}]\n"
    async with roads(policy) as road, road.client() as client:
        road.sim.scenario = Scenario(status=503)
        asked = asyncio.ensure_future(client.post(CHAT.url, json=CHAT.body))
        await road.sim.wait_for(lambda seen: bool(seen))
        await reload(road, f"{policy}access: [{{name: late, deny: {{model: gpt-4o}}}}]\n")
        answer = await asked
        rows = await road.rows()

        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "access_denied")
        assert [(row.state, row.error, row.cost.nano) for row in rows] == [
            ("done", None, 0),
            ("done", "access_denied", 0),
        ]
        assert held(road) == 0
        assert len(road.sim.seen) == 1


async def test_what_stays_for_its_cache_and_fails_there_goes_where_it_would_have_gone(roads: Roads) -> None:
    to = f"to: [anthropic/{HAIKU}, anthropic/{SONNET}]"
    policy = LONG.replace(
        f"when: {{size: over 25 KB}}, to: anthropic/{HAIKU}", f"when: {{size: over 25 KB}}, {to}"
    )
    async with roads(policy) as road, road.client() as client:
        await say(road, client, turn(1), FIRST)
        road.sim.scenario = Scenario(status=529)
        answer = await client.post(CLAUDE.url, json=turn(2))
        rows = await road.rows()

    tries = f"anthropic/{OPUS} (529) -> anthropic/{HAIKU} (529) -> anthropic/{SONNET}"
    assert (answer.status_code, answer.headers["x-tollway-route"]) == (529, tries)
    assert [row.action and row.action.partition(":")[0] for row in rows] == [
        None,
        "route long waits",
        f"route long, after anthropic/{OPUS} (529)",
        f"route long, after anthropic/{OPUS} (529), anthropic/{HAIKU} (529)",
    ]
