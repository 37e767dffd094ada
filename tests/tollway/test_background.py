"""Answers that OpenAI makes in the background, over the whole road, and over several proxies.

gpt-4o costs 2,500 and 10,000 nano-dollars a token; the answers have 100 and 10.
"""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.simulator import Cut, Scenario, Simulator
from tests.tollway.road import Road
from tests.tollway.road import road as running_road
from tollway import clock
from tollway.ledger.open import open_books
from tollway.model import CallRecord

URL = "https://api.openai.com/v1/responses"
BODY = {"model": "gpt-4o", "input": "hi", "background": True, "max_output_tokens": 100}
SSE = "text/event-stream"
KEY = {"authorization": "Bearer made-up-key"}
HARD = 'limits: [{name: day, amount: 1 USD, window: "rolling 24h", then: [block]}]\n'
COST = 100 * 2_500 + 10 * 10_000
ANSWER = {"id": "resp_1", "object": "response", "model": "gpt-4o", "output": []}
USAGE = {"input_tokens": 100, "output_tokens": 10}

Roads = Callable[[str], AbstractAsyncContextManager[Road]]


@pytest.fixture
def roads(tmp_path: Path, home: Path, sim: Simulator) -> Roads:
    """Makes proxies of a policy, which share a ledger."""

    @asynccontextmanager
    async def made(policy: str) -> AsyncIterator[Road]:
        async with running_road(tmp_path, sim, policy="version: 1\n" + policy) as road:
            yield road

    return made


def says(road: Road, status: str, usage: dict[str, int] | None = None, times: int | None = None) -> None:
    """Have the provider answer this from now on, to whomever asks about the response."""
    body = json.dumps({**ANSWER, "status": status, "usage": usage}).encode()
    road.sim.on("api.openai.com", "/v1/responses*", Scenario(body=body), times=times)


async def ask(client: httpx.AsyncClient) -> None:
    """Ask for an answer in the background."""
    assert (await client.post(URL, headers=KEY, json=BODY)).status_code == 200


async def look(client: httpx.AsyncClient, query: str = "") -> None:
    """Ask how it stands."""
    assert (await client.get(f"{URL}/resp_1{query}", headers=KEY)).status_code == 200


async def standing(road: Road) -> tuple[int, int]:
    """What is settled and held in the one bucket."""
    await road.rows()
    books = open_books(road.ledger_url)
    try:
        (row,) = books.buckets(clock.now_us())
        return row.settled, row.held
    finally:
        books.close()


async def asking(road: Road) -> CallRecord:
    """The row of the call that asked for it."""
    (row,) = [row for row in await road.rows() if row.operation == "chat"]
    return row


async def test_its_hold_stays_until_it_is_shown_whole(roads: Roads) -> None:
    async with roads(HARD) as road, road.client() as client:
        says(road, "queued", times=1)
        await ask(client)
        row = await asking(road)
        assert (row.state, row.response_id) == ("open", "resp_1")
        assert row.bound is not None
        assert await standing(road) == (0, row.bound.nano)

        says(road, "in_progress", times=1)
        await look(client)
        assert await standing(road) == (0, row.bound.nano)
        says(road, "completed", USAGE)
        for _ in range(2):
            await look(client)
            assert await standing(road) == (COST, 0)
        row = await asking(road)
        assert (row.state, row.cost.nano, row.cost.flags) == ("done", COST, ())


@pytest.mark.parametrize("policy", [HARD, ""])
async def test_other_proxies_settle_it_and_count_it_once(roads: Roads, policy: str) -> None:
    """Whoever shows it, and how often."""
    async with roads(policy) as road, road.client() as client:
        says(road, "queued", times=1)
        await ask(client)
        assert (await asking(road)).state == "open"
    for _ in range(2):
        async with roads(policy) as road, road.client() as client:
            road.sim.reset()
            says(road, "completed", USAGE)
            await look(client)
            await look(client)
            rows = await road.rows()
            assert sum(row.cost.nano for row in rows) == COST
            assert {row.state for row in rows} == {"done"}
            assert (await asking(road)).cost.nano == COST


async def test_a_stream_that_is_taken_up_again_counts_once(roads: Roads) -> None:
    """At another proxy, after the first had seen its beginning."""
    created = {"type": "response.created", "response": {**ANSWER, "status": "in_progress"}}
    done = {"type": "response.completed", "response": {**ANSWER, "status": "completed", "usage": USAGE}}

    def stream(*events: dict[str, Any]) -> bytes:
        return b"".join(f"event: {e['type']}\ndata: {json.dumps(e)}\n\n".encode() for e in events)

    async with roads(HARD) as road, road.client() as client:
        cut = Scenario(body=stream(created), framing="chunked", cut=Cut(after_events=1), content_type=SSE)
        road.sim.on("api.openai.com", "/v1/responses", cut)
        with pytest.raises(httpx.RemoteProtocolError):
            await client.post(URL, headers=KEY, json={**BODY, "stream": True})
        row = await road.call()
        assert "awaited" in row.cost.flags
    for _ in range(2):
        async with roads(HARD) as road, road.client() as client:
            road.sim.on(
                "api.openai.com", "/v1/responses/resp_1", Scenario(body=stream(done), content_type=SSE)
            )
            await look(client, "?stream=true&starting_after=1")
            await road.calls(1)
            assert await standing(road) == (COST, 0)


async def test_what_is_never_shown_is_charged_in_the_end_and_says_so(roads: Roads) -> None:
    async with roads(HARD + "faults: {unsettled: 1h}\n") as road, road.client() as client:
        says(road, "queued")
        await ask(client)
        row = await asking(road)
        assert row.bound is not None
        await road.proxy.ledger.reap(clock.now_us() + 3_601_000_000)  # type: ignore[attr-defined]

        books = open_books(road.ledger_url)
        lost = books.call(row.id)
        books.close()
        assert (lost.state, lost.cost.nano) == ("lost", row.bound.nano)
        assert lost.cost.flags[-1] == "unsettled"


@pytest.mark.parametrize("elsewhere", [False, True], ids=["here", "elsewhere"])
async def test_one_that_failed_costs_nothing_and_holds_nothing(roads: Roads, elsewhere: bool) -> None:
    """As a 5xx does. Who shows it may be another proxy."""
    async with roads(HARD) as road, road.client() as client:
        says(road, "queued", times=1)
        await ask(client)
        if not elsewhere:
            says(road, "failed")
            await look(client)
            assert await standing(road) == (0, 0)
    async with roads(HARD) as road, road.client() as client:
        for _ in range(2):
            says(road, "failed")
            await look(client)
            await road.calls(1)
            assert await standing(road) == (0, 0)
        row = await asking(road)
        assert (row.state, row.cost.nano, row.error) == ("done", 0, "failed")


async def test_one_that_failed_and_that_nobody_asked_for_here_is_nobodys(roads: Roads) -> None:
    async with roads(HARD) as road, road.client() as client:
        says(road, "failed")
        await look(client)

        assert sum(row.cost.nano for row in await road.rows()) == 0


async def test_one_that_failed_and_says_what_it_used_is_charged_that(roads: Roads) -> None:
    async with roads(HARD) as road, road.client() as client:
        says(road, "queued", times=1)
        await ask(client)
        says(road, "failed", USAGE)
        await look(client)

        assert await standing(road) == (COST, 0)


async def test_one_that_was_cancelled_stays_held(roads: Roads) -> None:
    """A part of it may be billed, and nobody says which."""
    async with roads(HARD) as road, road.client() as client:
        says(road, "in_progress", times=1)
        await ask(client)
        held = await standing(road)
        says(road, "cancelled")
        await look(client)

        assert held[1] > 0
        assert await standing(road) == held


async def test_an_answer_in_the_foreground_without_usage_is_not_waited_for(roads: Roads) -> None:
    """It is charged at once, as all that report nothing."""
    async with roads(HARD) as road, road.client() as client:
        says(road, "completed")
        body = {name: value for name, value in BODY.items() if name != "background"}
        assert (await client.post(URL, headers=KEY, json=body)).status_code == 200
        row = await asking(road)

        assert row.bound is not None
        assert row.state == "done"
        assert await standing(road) == (row.bound.nano, 0)
