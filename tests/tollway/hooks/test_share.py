"""Identical calls at the same moment, over real sockets: one is asked of the provider, all get its answer."""

import asyncio
from contextlib import closing

import httpx
import pytest

from tests.simulator import Cut, Host, Scenario, Usage
from tests.simulator.client import RawClient
from tests.tollway.calls import CHAT, CLAUDE, Call
from tests.tollway.engine.test_backlog import paused
from tests.tollway.identified import Roads
from tests.tollway.leftovers import nothing_stays
from tests.tollway.road import Road
from tollway import clock
from tollway.hooks.look_up import LookUp
from tollway.ledger.open import open_books
from tollway.ledger.store import BucketRow

CACHE = "cache: [{match: {operation: chat}, ttl: 1h}]\n"
USAGE = Usage(input_tokens=70, output_tokens=33)
CALLS = pytest.mark.parametrize(
    "call",
    [CHAT, CHAT.streamed(), CLAUDE, CLAUDE.streamed()],
    ids=["chat", "chat stream", "claude", "claude stream"],
)
GATED = Scenario(gate="go", usage=USAGE)


STREAM = CHAT.streamed()
LIMITED = Call(CHAT.host, CHAT.path, {**STREAM.body, "max_tokens": 100})
KEY = {"authorization": "Bearer made-up"}


async def ask(client: httpx.AsyncClient, call: Call, **headers: str) -> httpx.Response:
    return await client.post(call.url, json=call.body, headers=KEY | headers)


async def waiting(road: Road, number: int) -> None:
    """Until so many calls wait for the one that they join."""
    async with asyncio.timeout(60):
        while road.step(LookUp).joined < number:
            await asyncio.sleep(0.001)


def flying(road: Road) -> int:
    """How many calls may be joined."""
    return len(road.step(LookUp)._flying._shared)


@CALLS
@pytest.mark.parametrize("http2", [False, True])
async def test_a_hundred_identical_calls_are_one(roads: Roads, call: Call, http2: bool) -> None:
    async with roads(CACHE) as road:
        road.sim.scenario = GATED
        async with road.client(http2) as client:
            asking = [asyncio.ensure_future(ask(client, call)) for _ in range(100)]
            await waiting(road, 99)
            road.sim.open("go")
            answers = await asyncio.gather(*asking)
        rows = await road.calls(100)
        await nothing_stays(road)

    assert len(road.sim.seen) == 1
    assert len({answer.content for answer in answers}) == 1
    assert {answer.status_code for answer in answers} == {200}
    assert sorted(answer.headers["x-tollway-cache"] for answer in answers) == ["join"] * 99 + ["miss"]
    (paid,) = [row for row in rows if row.cache == "miss"]
    joined = [row for row in rows if row.cache == "join"]
    assert paid.cost.nano > 0
    assert {row.cost.nano for row in joined} == {0}
    assert {row.saved_nano for row in joined} == {paid.cost.nano}
    assert {row.usage.input_tokens for row in joined} == {70}


async def test_who_comes_later_gets_what_came_and_then_the_rest(roads: Roads) -> None:
    """The one that joins in the middle of a stream has its beginning at once."""
    async with roads(CACHE) as road:
        road.sim.scenario = Scenario(events=40, interval=0.02, usage=USAGE)
        async with road.client() as client:
            first = asyncio.ensure_future(ask(client, STREAM))
            await road.sim.wait_for(lambda seen: seen.events_written >= 10)
            later = await ask(client, STREAM)
            answer = await first
        rows = await road.calls(2)

    assert answer.content == later.content
    assert {row.cache for row in rows} == {"miss", "join"}
    assert len(road.sim.seen) == 1


@pytest.mark.parametrize("abandoned", ["drain", "close"])
@pytest.mark.parametrize("when", ["before its head", "midway"])
async def test_the_first_ones_leaving_does_not_end_the_others_answer(
    roads: Roads, when: str, abandoned: str
) -> None:
    """It is read on whatever the policy says of abandoned answers, and the one who came first pays for it."""
    async with roads(f"{CACHE}faults: {{abandoned: {abandoned}}}") as road:
        scenario = Scenario(events=40, interval=0.02, usage=USAGE)
        road.sim.scenario = GATED if when == "before its head" else scenario
        async with road.client() as first, road.client() as client:
            leaving = asyncio.ensure_future(ask(first, STREAM))
            await road.sim.wait_for(lambda seen: seen.events_written >= (10 if when == "midway" else 0))
            others = [asyncio.ensure_future(ask(client, STREAM)) for _ in range(3)]
            await waiting(road, 3)
            leaving.cancel()
            await asyncio.wait([leaving])
            await first.aclose()
            road.sim.open("go")
            answers = await asyncio.gather(*others)
        rows = await road.calls(4)
        await nothing_stays(road)

    assert {answer.text.endswith("data: [DONE]\n\n") for answer in answers} == {True}
    assert len({answer.content for answer in answers}) == 1
    assert len(road.sim.seen) == 1
    (paid,) = [row for row in rows if row.cache == "miss"]
    assert (paid.error, paid.usage.input_tokens, paid.cost.nano > 0) == ("abandoned", 70, True)


FAILURES = {
    "429": Scenario(status=429, gate="go"),
    "500": Scenario(status=500, gate="go"),
    "reset": Scenario(cut=Cut(how="reset"), gate="go"),
}


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("call", [CHAT, STREAM], ids=["json", "stream"])
async def test_if_the_shared_call_fails_each_goes_on_by_itself(
    roads: Roads, call: Call, failure: str
) -> None:
    """What the first one gets is its own affair."""
    async with roads(CACHE) as road:
        road.sim.on("*", "*", FAILURES[failure], times=1)
        async with road.client() as first, road.client() as client:
            failing = asyncio.ensure_future(ask(first, call))
            await road.sim.wait_for(lambda seen: True)
            others = [asyncio.ensure_future(ask(client, call)) for _ in range(5)]
            await waiting(road, 5)
            road.sim.open("go")
            answers = await asyncio.gather(*others)
            (failed,) = await asyncio.gather(failing, return_exceptions=True)
        rows = await road.calls(6)
        await nothing_stays(road)

    assert {answer.status_code for answer in answers} == {200}
    assert isinstance(failed, BaseException) or failed.status_code in (429, 500, 502)
    assert len(road.sim.seen) == 6
    assert [row.cache for row in rows] == ["miss"] * 6
    assert sum(row.cost.nano > 0 for row in rows if row.status == 200) == 5


async def test_what_breaks_off_midway_breaks_off_for_all(roads: Roads) -> None:
    async with roads(CACHE) as road:
        road.sim.scenario = Scenario(cut=Cut(how="reset", after_events=3), gate="go")
        async with road.client() as client:
            asking = [asyncio.ensure_future(got(client, STREAM)) for _ in range(4)]
            await waiting(road, 3)
            road.sim.open("go")
            answers = await asyncio.gather(*asking)
        rows = await road.calls(4)
        await nothing_stays(road)

    assert len(set(answers)) == 1
    assert answers[0][1] is False
    assert b"[DONE]" not in answers[0][0]
    assert len(road.sim.seen) == 1
    assert {row.error for row in rows} == {"cut"}


async def got(client: httpx.AsyncClient, call: Call) -> tuple[bytes, bool]:
    """What came of an answer, and whether it came whole."""
    body = b""
    try:
        async with client.stream("POST", call.url, json=call.body, headers=KEY) as answer:
            async for piece in answer.aiter_raw():
                body += piece
    except httpx.RemoteProtocolError:
        return body, False
    return body, True


async def test_a_joined_client_may_leave_alone(roads: Roads) -> None:
    """While it waits, or as it listens; its row says so, and costs nothing."""
    async with roads(CACHE) as road:
        road.sim.scenario = GATED
        async with road.client() as first, road.client() as client, road.client() as other:
            asking = asyncio.ensure_future(ask(first, STREAM))
            await road.sim.wait_for(lambda seen: True)
            leaving, staying = (asyncio.ensure_future(ask(each, STREAM)) for each in (client, other))
            await waiting(road, 2)
            leaving.cancel()
            await asyncio.wait([leaving])
            await waiting_again(road, 1)
            road.sim.open("go")
            answers = await asyncio.gather(asking, staying)
        rows = await road.calls(3)
        await nothing_stays(road)

    assert answers[0].content == answers[1].content
    (left,) = [row for row in rows if row.error == "abandoned"]
    assert (left.cost.nano, left.saved_nano) == (0, 0)


async def waiting_again(road: Road, number: int) -> None:
    """Until no more than so many wait."""
    async with asyncio.timeout(60):
        while road.step(LookUp).joined > number:
            await asyncio.sleep(0.001)


async def test_calls_that_differ_do_not_join(roads: Roads) -> None:
    """In what they say, in whether they stream, in the key that their caller adds, or in who pays."""
    other = Call(CHAT.host, CHAT.path, {**CHAT.body, "temperature": 0.5})
    async with roads(CACHE) as road:
        road.sim.scenario = GATED
        async with road.client() as client:
            asking = [
                asyncio.ensure_future(ask(client, CHAT)),
                asyncio.ensure_future(ask(client, other)),
                asyncio.ensure_future(ask(client, STREAM)),
                asyncio.ensure_future(ask(client, CHAT, **{"x-tollway-cache-key": "mine"})),
                asyncio.ensure_future(ask(client, CHAT, **{"x-tollway-skip-cache": "true"})),
                asyncio.ensure_future(ask(client, CHAT, authorization="Bearer another one")),
            ]
            async with asyncio.timeout(60):
                while len(road.sim.seen) < len(asking):
                    await asyncio.sleep(0.001)
            road.sim.open("go")
            answers = await asyncio.gather(*asking)
        rows = await road.calls(len(asking))

    assert [answer.headers.get("x-tollway-cache") for answer in answers] == ["miss"] * 4 + [None, "miss"]
    assert sorted(row.cache or "" for row in rows) == ["", *["miss"] * 5]


async def test_a_limit_that_refuses_the_first_leaves_the_others_to_theirs(roads: Roads) -> None:
    """The first waits for room that does not come; each of the others is refused for itself."""
    limits = "limits: [{name: day, amount: 1 requests, window: day, then: [wait 1s, block]}]"
    async with roads(CACHE + limits) as road:
        async with road.client() as client:
            await client.post(CLAUDE.url, json=CLAUDE.body)
            answers = await asyncio.gather(*[ask(client, CHAT) for _ in range(3)])
        await road.calls(4)
        await nothing_stays(road)

    assert {answer.status_code for answer in answers} == {429}
    assert road.step(LookUp).joined == 0


async def test_joined_calls_are_requests_and_tokens_but_no_dollars(roads: Roads) -> None:
    """A limit in USD holds nothing for them, one of requests counts each."""
    limits = """
limits:
  - {name: dollars, amount: 10 USD, window: day}
  - {name: many, amount: 3 requests, window: day}
  - {name: tokens, amount: 1M tokens, window: day}
"""
    async with roads(CACHE + limits) as road:
        road.sim.scenario = GATED
        async with road.client() as client:
            asking = [asyncio.ensure_future(ask(client, LIMITED)) for _ in range(5)]
            await waiting(road, 4)
            road.sim.open("go")
            answers = await asyncio.gather(*asking)
        rows = await road.calls(5)
        await road.proxy.steps.settle.idle()
        settled = {row.bucket.limit: row.settled for row in buckets(road)}

    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 429, 429]
    (paid,) = [row for row in rows if row.cost.nano]
    assert settled == {"dollars": paid.cost.nano, "many": 3, "tokens": 3 * 103}


def buckets(road: Road) -> list[BucketRow]:
    with closing(open_books(road.ledger_url)) as books:
        return list(books.buckets(clock.now_us()))


@pytest.mark.parametrize("provider", [Host(alpn=("http/1.1",)), Host()], ids=["from http1", "from http2"])
@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
async def test_a_first_one_that_reads_nothing_holds_up_nobody(
    roads: Roads, provider: Host, http2: bool
) -> None:
    """What it does not take waits for it, within bounds."""
    async with roads("cache: [{ttl: 1h, max_size: 8 MB}]") as road:
        road.sim.default_host = provider
        road.sim.scenario = Scenario(events=60, text="x" * 50_000, usage=USAGE, gate="go")
        slow = await (stuck(road) if http2 else silent(road))
        await road.sim.wait_for(lambda seen: True)
        async with road.client() as client:
            asking = asyncio.ensure_future(ask(client, STREAM))
            await waiting(road, 1)
            road.sim.open("go")
            answer = await asking
        slow.close()
        await road.calls(2)
        await nothing_stays(road)

    assert len(answer.content) > 60 * 50_000
    assert answer.content.endswith(b"data: [DONE]\n\n")


async def silent(road: Road) -> RawClient:
    """A client that asks, and does not read."""
    raw = await road.raw()
    await raw.send(STREAM.http1(f"Authorization: {KEY['authorization']}", "Accept: */*"))
    return raw


async def stuck(road: Road) -> RawClient:
    """The same over HTTP/2: it grants nothing beyond what it did at first."""
    client = await paused(road)
    headers = [*KEY.items(), ("content-type", "application/json"), ("accept", "*/*")]
    client.stream = await client.request(STREAM.host, STREAM.path, headers, STREAM.content)
    return client.raw
