"""A mixed run: calls of every family and of every end, as a company's day has them."""

import httpx

from tests.simulator import Cut, Scenario
from tests.tollway.calls import CHAT, CLAUDE, GEMINI, GEMINI_SSE, MISTRAL, RESPONSES, UNKNOWN, Call
from tests.tollway.road import Road

POLICY = """
version: 1
limits:
  - {name: everything, amount: 1000 USD, window: day, enforce: soft}
  - {name: tight, match: {model: "claude-sonnet-4-5"}, amount: 0.03 USD, window: day, then: [clamp, block]}
  - {name: nothing, match: {model: "mistral-large-latest"}, amount: 0 USD, window: day, then: [block]}
  - {name: reported, match: {provider: google}, amount: 0.00001 USD, window: day, enforce: shadow}
routes: {smaller: [{from: gpt-4o, to: openai/gpt-4o-mini}]}
always: [{match: {tag.team: moved}, route: smaller}]
"""
LIMITED = Scenario(status=429)
CUT = Scenario(cut=Cut(how="reset", after_events=3))
UNREPORTED = Scenario(usage=None)
LONG = Call(CLAUDE.host, CLAUDE.path, {**CLAUDE.body, "max_tokens": 4000})
PLANNED = Call(CLAUDE.host, CLAUDE.path, {**CLAUDE.body, "model": "claude-opus-4-8"})
PLAN = "-".join(("sk", "ant", "oat01", "made", "up"))
FAMILIES = (CHAT, CHAT.streamed(), RESPONSES, RESPONSES.streamed(), CLAUDE.streamed(), GEMINI, GEMINI_SSE)
NUMBER = len(FAMILIES) + 8
"""Rows of a run."""


async def run(road: Road) -> None:
    """Make the calls, one after the other; each has ended."""
    async with road.client() as client:
        for call in FAMILIES:
            await ask(client, call)
        await ask(client, CHAT, tags="team=moved")
        await ask(client, LONG)
        await ask(client, MISTRAL)
        await ask(client, UNKNOWN)
        for scenario in (LIMITED, UNREPORTED):
            road.sim.scenario = scenario
            await ask(client, CHAT)
        road.sim.scenario = CUT
        await ask(client, CHAT.streamed())
        road.sim.scenario = Scenario()
        await ask(client, PLANNED, key=PLAN)
    await road.proxy.steps.settle.idle()


async def ask(client: httpx.AsyncClient, call: Call, tags: str = "", key: str = "made-up-key") -> None:
    """Make a call, and read what comes of it."""
    headers = {"authorization": f"Bearer {key}", **({"x-tollway-tags": tags} if tags else {})}
    try:
        await client.post(call.url, content=call.content, headers=headers)
    except httpx.HTTPError:
        assert call.body.get("stream"), "only the cut stream fails"
