"""Metrics over the whole road: what calls through a real proxy come to, as Prometheus gets it.

The simulator's answers have 20 tokens of input and 12 of output; of gpt-4o, one is 170,000 nano-dollars.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

import httpx
import pytest

from tests.simulator import Cut, Scenario
from tests.tollway.calls import CHAT, CLAUDE, GEMINI, GEMINI_SSE, MISTRAL, RESPONSES, UNKNOWN, Call
from tests.tollway.limited import ASK, KEY, ask
from tests.tollway.observe.asking import GET, LONG
from tests.tollway.observe.asking import ask as ask_for_metrics
from tests.tollway.road import Road
from tests.tollway.scraped import Scraped, Shown, metrics, once, scrape
from tollway.model import CallRecord
from tollway.money import usd

__all__ = ["metrics"]

MIXED = """
limits:
  - {name: everything, amount: 100 USD, window: day, enforce: soft}
  - {name: few, amount: 1 requests, window: day, match: {model: "*opus*"}, then: [block]}
"""
OPUS = Call(CLAUDE.host, CLAUDE.path, {**CLAUDE.body, "model": "claude-opus-4-8"})
BACKGROUND = Call(RESPONSES.host, RESPONSES.path, {"model": "gpt-4o", "input": "hi", "background": True})


async def in_the_background(road: Road, client: httpx.AsyncClient) -> None:
    """An answer that is made in the background, and shown later: its usage is less than its estimate."""
    answer = {"id": "resp_1", "object": "response", "model": "gpt-4o", "output": []}
    queued = {**answer, "status": "queued", "usage": None}
    done = {**answer, "status": "completed", "usage": {"input_tokens": 1, "output_tokens": 10}}
    road.sim.on(BACKGROUND.host, BACKGROUND.path, Scenario(body=json.dumps(queued).encode()), times=1)
    road.sim.on(BACKGROUND.host, "/v1/responses/resp_1", Scenario(status=201, body=json.dumps(done).encode()))
    await ask(client, BACKGROUND)
    await client.get(f"{BACKGROUND.url}/resp_1", headers=KEY)


async def abandoned(road: Road, client: httpx.AsyncClient) -> None:
    """A stream whose client leaves."""
    road.sim.on(GEMINI_SSE.host, "*", Scenario(interval=0.02), times=1)
    async with client.stream("POST", GEMINI_SSE.url, content=GEMINI_SSE.content, headers=KEY) as answer:
        await anext(answer.aiter_raw())


async def mixed_run(road: Road) -> None:
    """Of everything: several providers and protocols, streams, refusals, failures, estimates."""
    for http2 in (False, True):
        async with road.client(http2=http2) as client:
            calls = (CHAT, CHAT.streamed(), CLAUDE, CLAUDE.streamed(), GEMINI, GEMINI_SSE, RESPONSES, MISTRAL)
            await asyncio.gather(*(ask(client, call) for call in calls))
    async with road.client() as client:
        await in_the_background(road, client)
        assert [(await ask(client, OPUS)).status_code for _ in range(3)] == [200, 429, 429]
        await ask(client, UNKNOWN)
        for scenario in (
            Scenario(status=500),
            Scenario(status=429),
            Scenario(usage=None),
            Scenario(cut=Cut(how="reset")),
            Scenario(cut=Cut(how="reset", after_bytes=30)),
        ):
            road.sim.on(ASK.host, ASK.path, scenario, times=1)
            await asyncio.gather(ask(client), return_exceptions=True)
        await abandoned(road, client)


def tokens(rows: Sequence[CallRecord]) -> dict[tuple[str, str], int]:
    """The ledger's sums, by provider and kind."""
    found = Counter[tuple[str, str]]()
    for row in rows:
        for kind, count in row.usage.known().items():
            found[row.provider, kind] += count
    return {key: count for key, count in found.items() if count}


def money(rows: Sequence[CallRecord]) -> dict[tuple[str, str, str], Decimal]:
    """The ledger's sums in USD, by provider, billing and source."""
    found = Counter[tuple[str, str, str]]()
    for row in rows:
        found[row.provider, row.billing.value, row.cost.source.value] += row.cost.nano
    return {key: Decimal(usd(nano)) for key, nano in found.items() if nano}


def net(found: Scraped, name: str, back: str, *labels: str) -> dict[tuple[str, ...], Decimal]:
    """A metric's sums by labels, without what was taken back."""
    sums = dict[tuple[str, ...], Decimal]()
    for line, known, value in found.lines:
        if line in (name, back):
            key = tuple([known[label] for label in labels])
            sums[key] = sums.get(key, Decimal(0)) + (value if line == name else -value)
    return {key: value for key, value in sums.items() if value}


@pytest.mark.slow
async def test_after_a_mixed_run_the_sums_are_the_ledgers_to_the_nano_dollar(metrics: Shown) -> None:
    """By each label that both know. Estimates that came out too high are among them."""
    async with metrics(MIXED) as (road, port):
        await mixed_run(road)
        while not any(call.error == "abandoned" for call in road.ended):
            await road.calls(len(road.ended) + 1)
        rows = await road.rows()
        found = await scrape(port)

    names = "tollway_cost_usd_total", "tollway_cost_taken_back_usd_total"
    assert net(found, *names, "provider", "billing", "source") == money(rows)
    names = "tollway_tokens_total", "tollway_tokens_taken_back_total"
    assert net(found, *names, "provider", "kind") == tokens(rows)
    assert found.sum("tollway_cost_taken_back_usd_total") > 0
    assert found.sum("tollway_calls_total") == len(rows)
    outcomes = found.by("tollway_calls_total", "outcome")
    assert outcomes == {"abandoned": 1, "answered": len(rows) - 8, "failed": 5, "refused": 2}
    assert found.by("tollway_upstream_errors_total", "kind") == {"429": 1, "4xx": 1, "5xx": 1, "cut": 2}
    assert found.by("tollway_limit_refusals_total", "limit") == {"few": 2}
    assert found.sum("tollway_duration_seconds_count") == len(rows) - 2
    assert found.sum("tollway_ledger_unwritten_calls") == found.sum("tollway_calls_in_flight") == 0


async def test_money_is_by_model_and_told_at_once(metrics: Shown) -> None:
    async with metrics() as (road, port):
        async with road.client() as client:
            await ask(client)
            await ask(client, CLAUDE)
        await road.calls(2)
        found = await scrape(port)

    assert found.sum("tollway_cost_usd_total", model="gpt-4o") == Decimal("0.00017")
    assert found.by("tollway_calls_total", "model") == {"claude-sonnet-4-5": 1, "gpt-4o": 1}
    assert found.sum("tollway_first_byte_seconds_count", model="gpt-4o") == 1
    assert found.sum("tollway_duration_seconds_bucket", model="gpt-4o", le="+Inf") == 1


async def test_names_that_callers_make_up_make_no_lines(metrics: Shown) -> None:
    """The provider knows none of them; one has a quote and an end of a line in it."""
    async with metrics() as (road, port):
        road.sim.scenario = Scenario(status=404)
        async with road.client() as client:
            for name in (
                "made-up",
                'x"} 1\ntollway_calls_total 7',
                "\ud800",
                "x" * 100_000,
            ):  # the third is no JSON
                body = json.dumps({**ASK.body, "model": name}).encode()
                await client.post(ASK.url, content=body, headers=KEY)
        await road.calls(4)
        found = await scrape(port)

    assert found.by("tollway_calls_total", "model") == {"none": 1, "other": 3}
    assert found.sum("tollway_upstream_errors_total", provider="openai", kind="4xx") == 4


async def test_calls_in_flight_are_told_with_what_they_hold(metrics: Shown) -> None:
    """2,116 tokens of input at most, 2,116 * 4,250 + 1,000 * 17,000 = 25,993,000 are held."""
    policy = "limits: [{name: day, amount: 1 USD, window: day}]\n"
    async with metrics(policy) as (road, port), road.client() as client:
        road.sim.on(ASK.host, ASK.path, Scenario(gate="later"))
        asked = asyncio.ensure_future(ask(client))
        await road.sim.wait_for(lambda seen: True)

        flying = await scrape(port)
        road.sim.open("later")
        await asked
        await road.rows()
        landed = await scrape(port)

    def told(found: Scraped) -> list[Decimal]:
        return [found.sum("tollway_calls_in_flight"), found.sum("tollway_held_usd")]

    assert [*told(flying), *told(landed)] == [1, Decimal("0.025993"), 0, 0]


async def test_without_a_call_there_is_what_has_no_labels(metrics: Shown) -> None:
    """Of the event loop it is known soon how late it is."""
    async with metrics() as (_, port):
        found = await once(port, lambda found: found.sum("tollway_event_loop_lag_seconds_count") > 0)

    assert found.sum("tollway_calls_in_flight") == 0
    assert "tollway_waits_total" in found.names
    assert "tollway_calls_total" not in found.names


async def test_calls_are_answered_while_a_hundred_ask_and_do_not_read(metrics: Shown) -> None:
    """Some do not even end their question; who comes when they are gone is answered."""
    async with metrics() as (road, port), road.client() as client:
        slow = []
        for number in range(100):
            _, writer = await asyncio.open_connection("127.0.0.1", port, limit=1)
            writer.write(GET if number % 2 else GET[:20])
            slow.append(writer)

        answers = [await ask(client) for _ in range(5)]
        for writer in slow:
            writer.transport.abort()
        await road.calls(5)
        async with asyncio.timeout(LONG):
            while (asked := await ask_for_metrics(port))[0] == 503:
                pass

    assert [answer.status_code for answer in answers] == [200] * 5
    assert asked[0] == 200
