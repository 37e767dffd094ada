"""Proxies under limits: made of a policy, asked, and what their ledger has.

The simulator's answers have 20 tokens of input and 12 of output. gpt-4o costs 2,500 and 10,000 nano-dollars a
token, at most 4,250 and 17,000 (priority, which a project may have as its default): an answer is 170,000.
"""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.simulator import Scenario, Simulator
from tests.tollway.calls import TALK, Call
from tests.tollway.road import Road
from tests.tollway.road import road as running_road
from tollway import clock
from tollway.ledger.open import open_books
from tollway.ledger.store import BucketRow

ASK = Call(
    "api.openai.com", "/v1/chat/completions", {"model": "gpt-4o", "max_tokens": 1000, "messages": TALK}
)
COST = 170_000
KEY = {"authorization": "Bearer made-up-key"}
Roads = Callable[[str], AbstractAsyncContextManager[Road]]


@pytest.fixture
def roads(tmp_path: Path, home: Path, sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> Roads:
    """Makes proxies of a policy, which share a ledger."""
    monkeypatch.setenv("GROQ_KEY", "made-up-groq-key")

    @asynccontextmanager
    async def made(policy: str) -> AsyncIterator[Road]:
        async with running_road(tmp_path, sim, policy="version: 1\n" + policy) as road:
            yield road

    return made


def limit(amount: str, then: str = "[block]", **more: Any) -> str:
    """A policy of one limit, `day`."""
    said = {"name": "day", "amount": amount, "window": "rolling 24h", **more}
    return f"limits: [{json.dumps(said)[:-1]}, then: {then}}}]\n"


async def ask(
    client: httpx.AsyncClient, call: Call = ASK, headers: dict[str, str] | None = None
) -> httpx.Response:
    """Make a call."""
    return await client.post(call.url, content=call.content, headers=KEY | (headers or {}))


def buckets(road: Road) -> list[BucketRow]:
    """The ledger's, as they stand."""
    books = open_books(road.ledger_url)
    try:
        return books.buckets(clock.now_us())
    finally:
        books.close()


async def settled(road: Road) -> tuple[int, int]:
    """What the one bucket has settled and held, once all that ended is written."""
    await road.rows()
    (row,) = buckets(road)
    return row.settled, row.held


SLOW = Scenario(ttfb=0.3)
