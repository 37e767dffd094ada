"""Targets of a route that fail, for tests of what is done then."""

import httpx

from tests.simulator import Scenario
from tests.simulator.seen import Seen
from tests.tollway.calls import TALK, Call
from tests.tollway.road import Road
from tollway import clock
from tollway.ledger.open import open_books

BODY = {"model": "gpt-4o", "max_tokens": 1000, "messages": TALK}
ASK = Call("api.openai.com", "/v1/chat/completions", BODY)
STREAM = Call("api.openai.com", "/v1/chat/completions", {**BODY, "stream": True})
KEY = {"authorization": "Bearer made-up-key"}
GROQ_KEY = "made-up-groq-key"
POLICY = """
credentials: {groq: {inject: env:GROQ_KEY}}
routes: {resilient: [{from: gpt-4o, to: [same, groq/openai/gpt-oss-120b], %s}]}
always: [{route: resilient}]
"""
CHAIN = POLICY % "on: [429, 5xx, connect]"
TIMED = POLICY % "on: [429, 5xx, connect, timeout 500ms]"
AGAIN = "routes: {again: [{from: gpt-4o, to: same, retries: 2}]}\nalways: [{route: again}]\n"
OPENAI, GROQ = "api.openai.com", "api.groq.com"
ASKED, SERVED = "openai/gpt-4o", "groq/openai/gpt-oss-120b"


async def ask(client: httpx.AsyncClient, call: Call = ASK) -> httpx.Response:
    """Make a call."""
    return await client.post(call.url, content=call.content, headers=KEY)


def fails(road: Road, how: Scenario, host: str = OPENAI) -> None:
    """Have a provider fail."""
    road.sim.on(host, "*", how)


def keys(seen: list[Seen], host: str) -> set[str]:
    """The keys that a host was shown."""
    return {
        value for one in seen if one.host == host for name, value in one.headers if name == "authorization"
    }


def held(road: Road) -> int:
    """What is still held in any bucket."""
    books = open_books(road.ledger_url)
    try:
        return sum(row.held for row in books.buckets(clock.now_us()))
    finally:
        books.close()
