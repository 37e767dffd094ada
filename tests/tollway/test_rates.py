"""Rates over the whole road: a client, the proxy, the simulator."""

import asyncio
from typing import Any

import anthropic
import httpx2
import openai
import pytest

from tests.simulator import Cut, Scenario
from tests.tollway.calls import CLAUDE, TALK, UNKNOWN, Call
from tests.tollway.limited import roads
from tests.tollway.rated import ASK, KEY, Roads, ask, counted, rates
from tests.tollway.road import Road
from tests.tollway.scraped import Shown, metrics, scrape
from tollway.hooks.budget import Budget
from tollway.model import Billing
from tollway.policy.load import load
from tollway.proxy import put_in_force

__all__ = ["metrics", "roads"]

WIDE = "name: wide, allow: 8 at once, then: [wait 60s, block]"


def most_at_once(road: Road) -> int:
    """How many calls the simulator had at one time."""
    moments = [(one.started, 1) for one in road.sim.seen] + [(one.ended or 0, -1) for one in road.sim.seen]
    flying = most = 0
    for _, more in sorted(moments):
        flying += more
        most = max(most, flying)
    return most


async def test_of_a_hundred_calls_at_once_eight_are_with_the_provider(roads: Roads) -> None:
    """None is refused: each waits for its turn."""
    async with roads(rates(WIDE)) as road, road.client() as client:
        road.sim.scenario = Scenario(ttfb=0.02)
        answers = await asyncio.gather(*(ask(client) for _ in range(100)))

        assert [answer.status_code for answer in answers] == [200] * 100
        assert most_at_once(road) <= 8
        assert await counted(road) == {"wide": 0}
        rows = await road.rows()
    assert sum(row.action == "wait" for row in rows) >= 92 - 8
    assert {row.limits for row in rows} == {("wide",)}


ONE = "name: one, allow: 1 at once, then: [block]"


@pytest.mark.parametrize(
    "scenario",
    [
        Scenario(),
        Scenario(status=400),
        Scenario(status=429),
        Scenario(status=500),
        Scenario(usage=None),
        Scenario(cut=Cut(how="reset")),
        Scenario(cut=Cut(how="close", after_bytes=10)),
    ],
    ids=["answered", "refused", "told to wait", "failed", "without usage", "reset", "cut"],
)
@pytest.mark.parametrize("call", [ASK, CLAUDE.streamed()], ids=["json", "stream"])
async def test_a_call_is_open_until_it_ends_however_it_does(
    roads: Roads, call: Call, scenario: Scenario
) -> None:
    async with roads(rates(ONE)) as road, road.client() as client:
        road.sim.scenario = scenario
        await asyncio.gather(ask(client, call), return_exceptions=True)
        await road.call()

        assert await counted(road) == {"one": 0}


async def test_a_call_that_is_admitted_and_never_leaves_is_open_no_more(roads: Roads) -> None:
    """While it waited a rule came that denies it."""
    waits = rates("name: one, allow: 1 at once, then: [wait 60s, block]")
    async with roads(waits) as road, road.client() as client:
        road.sim.scenario = Scenario(gate="open")
        first = asyncio.ensure_future(ask(client))
        await road.sim.wait_for(lambda seen: True)
        second = asyncio.ensure_future(ask(client))
        budget = road.step(Budget)
        async with asyncio.timeout(120):
            while not len(budget.line):
                await asyncio.sleep(0.001)
        denies = "version: 1\naccess: [{deny: {model: gpt-4o}}]\n" + waits
        await put_in_force(load(denies, "test.yaml"), budget.governing, budget.ledger)
        road.sim.open("open")

        assert [(await each).status_code for each in (first, second)] == [200, 403]
        assert await counted(road) == {"one": 0}


async def test_a_call_whose_client_left_is_open_until_it_is_drained(roads: Roads) -> None:
    """Under a hard limit its answer is read on to the end: until then it is one of the calls at once."""
    held = "limits: [{name: held, window: day, amount: 100 USD}]\n"
    async with roads(rates(ONE) + held) as road, road.client() as client:
        stream = CLAUDE.streamed()
        assert (await ask(client)).status_code == 200  # so that nothing is to be opened below
        road.sim.on(stream.host, stream.path, Scenario(interval=0.6), times=1)
        async with (
            road.client() as other,
            other.stream("POST", stream.url, content=stream.content, headers=KEY) as answer,
        ):
            await anext(answer.aiter_raw())
        assert (await ask(client)).status_code == 429
        await road.calls(3)
        assert await counted(road) == {"one": 0}
        assert (await ask(client)).status_code == 200
        calls = await road.calls(4)

    assert sorted(call.error or "" for call in calls) == ["", "", "abandoned", "over_rate"]


@pytest.mark.parametrize("status", [500, 429])
async def test_an_attempt_that_failed_makes_room_for_the_next(roads: Roads, status: int) -> None:
    """Or else a call would keep itself out."""
    policy = rates(ONE) + (
        "credentials: {groq: {inject: env:GROQ_KEY}}\n"
        "routes: {r: [{from: gpt-4o, to: [same, groq/openai/gpt-oss-120b], retries: 1, breaker: none}]}\n"
        "always: [{route: r}]\n"
    )
    async with roads(policy) as road, road.client() as client:
        road.sim.on(ASK.host, ASK.path, Scenario(status=status), times=2)
        answer = await ask(client)

        assert (answer.status_code, len(road.sim.seen)) == (200, 3)
        assert await counted(road) == {"one": 0}


async def test_an_attempt_that_was_cut_makes_room_for_the_next(roads: Roads) -> None:
    """Though it may have cost something."""
    policy = rates(ONE) + (
        "limits: [{name: day, amount: 10 USD, window: day}]\n"
        "routes: {r: [{from: gpt-4o, to: same, retries: 1, breaker: none}]}\nalways: [{route: r}]\n"
    )
    async with roads(policy) as road, road.client() as client:
        road.sim.on(ASK.host, ASK.path, Scenario(cut=Cut(how="reset")), times=1)

        assert (await ask(client)).status_code == 200
        assert await counted(road) == {"one": 0}


async def test_a_call_that_was_open_when_the_proxy_stopped_is_open_no_more(roads: Roads) -> None:
    async with roads(rates(ONE)) as road, road.client() as client:
        road.sim.scenario = Scenario(gate="never")
        leaves = asyncio.ensure_future(ask(client))
        await road.sim.wait_for(lambda seen: True)
    await asyncio.gather(leaves, return_exceptions=True)
    road.sim.scenario = Scenario()

    async with roads(rates(ONE)) as road, road.client() as client:
        assert await counted(road) == {"one": 0}
        assert (await ask(client)).status_code == 200


async def test_no_more_than_allowed_come_through_and_who_may_wait_does(roads: Roads) -> None:
    """Nine in windows of half a second, of which each has four: two windows have to pass."""
    async with roads(rates("name: often, allow: 4 requests / 500ms, then: [wait 60s, block]")) as road:
        began = asyncio.get_running_loop().time()  # the first may be long on its way, once it was let go
        async with road.client() as client:
            answers = await asyncio.gather(*(ask(client) for _ in range(9)))
        assert [answer.status_code for answer in answers] == [200] * 9
        assert max(one.started for one in road.sim.seen) - began >= 0.99


async def test_a_burst_is_a_part_of_what_comes_at_once(roads: Roads) -> None:
    """Sixty a minute, of which two may come at once: the third is told to come two seconds later, or what is
    left of them, and a slot of that."""
    async with roads(rates("name: even, allow: 60 requests / minute, burst: 2")) as road:
        began = asyncio.get_running_loop().time()
        async with road.client() as client:
            answers = [await ask(client) for _ in range(2)]
            waited = await ask(client)
        assert [answer.status_code for answer in (*answers, waited)] == [200] * 3
        assert road.sim.seen[2].started - began >= 1.99
        rows = await road.rows()
    assert [row.action for row in rows] == [None, None, "wait"]


OFTEN = "name: often, allow: 2 requests / 10s, then: [block]"


async def test_a_refusal_says_which_rate_and_when_to_come_again(roads: Roads) -> None:
    """In OpenAI's words; what it says of time is of the first of both, whose slot is a sixth of a second."""
    async with roads(rates(OFTEN)) as road, road.client() as client:
        for _ in range(2):
            assert (await ask(client)).status_code == 200
        answer = await ask(client)
        rows = await road.rows()

    assert answer.status_code == 429
    error, headers = answer.json()["error"], answer.headers
    said = 'Tollway: the rate "often" admits 2 requests / 10s, and has 0 left. Please retry in'
    assert error["message"].startswith(said)
    assert (error["code"], error["type"]) == ("over_rate:often", "rate_limit_error")
    assert headers["x-should-retry"] == "true"
    assert 8_000 < int(headers["retry-after-ms"]) <= 10_167
    assert int(headers["retry-after"]) == -(-int(headers["retry-after-ms"]) // 1_000)
    assert headers["x-ratelimit-limit-requests"] == "2"
    assert headers["x-ratelimit-remaining-requests"] == "0"
    assert headers["x-ratelimit-reset-requests"] in ("9s", "10s", "11s")
    assert (rows[2].error, rows[2].action, rows[2].status) == ("over_rate", "block by often", None)
    assert rows[2].limits == ("often",)


async def test_a_refusal_of_claude_has_its_headers(roads: Roads) -> None:
    rate = "name: often, allow: 2200 tokens / minute, then: [block]"
    async with roads(rates(rate)) as road, road.client() as client:
        road.sim.scenario = Scenario(gate="open")
        first = asyncio.ensure_future(ask(client, CLAUDE))
        await road.sim.wait_for(lambda seen: True)
        answer = await ask(client, CLAUDE)
        road.sim.open("open")
        await first

    assert answer.status_code == 429
    assert answer.json()["error"]["type"] == "rate_limit_error"
    assert answer.headers["anthropic-ratelimit-tokens-limit"] == "2200"
    assert int(answer.headers["anthropic-ratelimit-tokens-remaining"]) < 100
    assert answer.headers["anthropic-ratelimit-tokens-reset"].endswith("Z")


async def test_openai_s_client_waits_as_it_is_told_and_is_admitted(roads: Roads) -> None:
    """Five calls in turn, two a second: it never fails, and tries once more each time it is refused."""
    async with roads(rates("name: often, allow: 2 requests / second, then: [block]")) as road:
        http = httpx2.AsyncClient(proxy=road.proxy.url, verify=road.trust(), timeout=120)
        async with openai.AsyncOpenAI(api_key="made-up", http_client=http, max_retries=1) as client:
            for _ in range(5):
                talk: Any = TALK
                said = await client.chat.completions.create(model="gpt-4o", messages=talk)
                assert said.choices[0].message.content
        rows = await road.rows()

    assert [row.error for row in rows].count(None) == 5
    assert {row.error for row in rows} == {None, "over_rate"}


async def test_anthropic_s_client_waits_as_it_is_told_and_is_admitted(roads: Roads) -> None:
    async with roads(rates("name: often, allow: 2 requests / second, then: [block]")) as road:
        http = httpx2.AsyncClient(proxy=road.proxy.url, verify=road.trust(), timeout=120)
        async with anthropic.AsyncAnthropic(api_key="made-up", http_client=http, max_retries=1) as client:
            for _ in range(5):
                talk: Any = TALK
                said = await client.messages.create(model="claude-haiku-4-5", max_tokens=9, messages=talk)
                assert said.content
        rows = await road.rows()

    assert [row.error for row in rows].count(None) == 5
    assert {row.error for row in rows} == {None, "over_rate"}


async def test_no_call_waits_for_what_comes_too_late(roads: Roads) -> None:
    """One an hour: the second is refused at once, though it might wait for ten minutes. Its client is told
    when to come, and not to wait for it."""
    async with roads(rates("name: rare, allow: 1 requests / hour, then: [wait 10m, block]")) as road:
        async with road.client() as client:
            await ask(client)
            answer = await ask(client)

    assert (answer.status_code, answer.headers["x-should-retry"]) == (429, "false")
    assert 3_540 < int(answer.headers["retry-after"]) <= 3_660


async def test_who_finds_too_many_waiting_is_refused_at_once(roads: Roads) -> None:
    """And whoever leaves makes a place."""
    async with roads(rates("name: one, allow: 1 at once, then: [wait 60s, block]")) as road:
        line = road.step(Budget).line
        line._most = 1
        async with road.client() as client:
            road.sim.scenario = Scenario(gate="open")
            first, second = (asyncio.ensure_future(ask(client)) for _ in range(2))
            async with asyncio.timeout(120):
                while not len(line):
                    await asyncio.sleep(0.001)
            refused = await ask(client)
            road.sim.open("open")
            answers = await asyncio.gather(first, second)

    assert [answer.status_code for answer in answers] == [200, 200]
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    said = 'Tollway: the rate "one" admits 1 at once, and 1 are in flight. Please retry in 1s.'
    assert refused.json()["error"]["message"] == said


async def test_a_rate_sends_what_does_not_fit_elsewhere(roads: Roads) -> None:
    policy = rates(
        "name: few, match: {provider: openai}, allow: 1 requests / hour, then: [{route: away}]"
    ) + (
        "credentials: {groq: {inject: env:GROQ_KEY}}\n"
        "routes: {away: [{from: gpt-4o, to: groq/openai/gpt-oss-120b}]}\n"
    )
    async with roads(policy) as road, road.client() as client:
        answers = [await ask(client) for _ in range(2)]
        rows = await road.rows()

    assert [answer.status_code for answer in answers] == [200, 200]
    assert [(row.provider, row.action) for row in rows] == [("openai", None), ("groq", "route away")]


async def test_rates_and_limits_must_both_admit(roads: Roads) -> None:
    """What a limit refuses counts in no rate, and what a rate refuses costs nothing; a wall is told first."""
    policy = rates("name: often, allow: 3 requests / hour, then: [block]") + (
        "limits: [{name: two, match: {model: gpt-4o}, amount: 2 requests, window: day, then: [block]}]\n"
    )
    other = Call(ASK.host, ASK.path, {**ASK.body, "model": "gpt-4o-mini"})
    async with roads(policy) as road, road.client() as client:
        answers = [await ask(client, call) for call in (ASK, ASK, ASK, other, other, ASK)]
        await road.rows()
        assert await counted(road) == {"often": 3}

    codes = [answer.json().get("error", {}).get("code") for answer in answers]
    assert codes == [None, None, "over_limit", None, "over_rate:often", "over_limit"]


async def test_tokens_that_nothing_bounds_are_estimated_and_then_counted(roads: Roads) -> None:
    """No output maximum is known: no hard limit would take it."""
    call = Call(ASK.host, ASK.path, {"model": "nobody-knows", "messages": TALK})
    async with roads(rates("name: often, allow: 100k tokens / hour, then: [block]")) as road:
        async with road.client() as client:
            assert (await ask(client, call)).status_code == 200
        assert await counted(road) == {"often": 32}


async def test_a_call_larger_than_the_rate_takes_all_of_it(roads: Roads) -> None:
    """It reserves 3,116 tokens: it is admitted when nothing else counts, and then nothing else is."""
    async with roads(rates("name: few, allow: 1000 tokens / hour, then: [block]")) as road:
        async with road.client() as client:
            road.sim.on(ASK.host, ASK.path, Scenario(gate="open"), times=1)
            first = asyncio.ensure_future(ask(client))
            await road.sim.wait_for(lambda seen: True)
            assert (await ask(client)).status_code == 429
            road.sim.open("open")
            assert (await first).status_code == 200
            assert await counted(road) == {"few": 32}
            assert (await ask(client)).status_code == 429


async def test_calls_under_a_subscription_count(roads: Roads) -> None:
    """A rate is no money."""
    login = {"authorization": "Bearer sk-ant-oat01-" + "made-up"}
    async with roads(rates("name: once, allow: 1 requests / hour, then: [block]")) as road:
        async with road.client() as client:
            answers = [await ask(client, CLAUDE, login) for _ in range(2)]
        rows = await road.rows()

    assert [answer.status_code for answer in answers] == [200, 429]
    assert {row.billing for row in rows} == {Billing.NOTIONAL}


async def test_what_nothing_reads_passes_a_rate(roads: Roads) -> None:
    """As it does without any: a rate alone is no reason to keep a call here."""
    async with roads(rates(OFTEN)) as road, road.client() as client:
        await ask(client, UNKNOWN)
        assert len(road.sim.seen) == 1
        assert await counted(road) == {}


async def test_a_body_that_is_not_what_its_path_takes_is_a_request(roads: Roads) -> None:
    async with roads(rates(OFTEN)) as road, road.client() as client:
        answers = [await client.post(ASK.url, content=b"{", headers=KEY) for _ in range(3)]
        assert await counted(road) == {"often": 2}

    assert answers[2].status_code == 429


async def test_each_value_of_per_is_counted_apart(roads: Roads) -> None:
    once = rates("name: once, per: tag.job, allow: 1 requests / hour, then: [block]")
    async with roads(once) as road, road.client() as client:
        answers = [await ask(client, headers={"x-tollway-tags": f"job={job}"}) for job in ("a", "b", "a")]

    assert [answer.status_code for answer in answers] == [200, 200, 429]


async def test_metrics_count_refusals_by_rate(metrics: Shown) -> None:
    """As those of limits."""
    async with metrics(rates(OFTEN)) as (road, port), road.client() as client:
        for _ in range(4):
            await ask(client)
        await road.calls(4)
        found = await scrape(port)

    assert found.by("tollway_limit_refusals_total", "limit") == {"often": 2}
    assert found.by("tollway_refusals_total", "reason") == {"over_rate": 2}
