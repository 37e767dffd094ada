"""What targets do that fail at odd moments, and clients that leave them: nothing of one gets to another."""

import asyncio
from collections.abc import Iterator
from typing import Any, Literal

import httpx
import pytest

from tests.simulator import Cut, Host, Scenario, Simulator
from tests.simulator.tunnel import Tunnel
from tests.tollway.failing_targets import ASK, GROQ, GROQ_KEY, KEY, OPENAI, STREAM
from tests.tollway.identified import Roads
from tests.tollway.leftovers import alive, nothing_stays
from tollway import clock
from tollway.engine.another_target import AnotherTarget
from tollway.exchange import Exchange, Origin
from tollway.ledger.open import open_books

POLICY = """
credentials: {groq: {inject: env:GROQ_KEY}}
routes: {resilient: [{from: gpt-4o, to: %s, on: [429, 5xx, connect%s], breaker: none}]}
always: [{route: resilient}]
"""
BOTH = "[same, groq/openai/gpt-oss-120b]"
CHAIN = POLICY % (BOTH, "")
TIMED = POLICY % (BOTH, ", timeout 300ms")
AGAIN = POLICY % ("same, retries: 1", "")
LIMIT = "limits: [{name: day, amount: 1 USD, window: day, then: [block]}]\n"
HTTP = pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])


@pytest.fixture(autouse=True)
def groq_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator's key of the second target."""
    monkeypatch.setenv("GROQ_KEY", GROQ_KEY)


@pytest.fixture(autouse=True)
def sound(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """The engine does not fail on the way, which would be told."""
    yield
    assert not [record for record in caplog.records if "engine failed" in record.getMessage()]


@HTTP
@pytest.mark.parametrize("on", [", headers 200ms", ", headers 200ms, timeout 5s"])
async def test_a_time_for_the_head_ends_with_it(roads: Roads, on: str, http2: bool) -> None:
    """The body may take longer."""
    async with roads(POLICY % (BOTH, on)) as road:
        road.sim.on(OPENAI, "*", Scenario(first_event=0.6))
        async with road.client(http2) as client:
            answer = await client.post(STREAM.url, content=STREAM.content, headers=KEY)
        await nothing_stays(road)

    assert (answer.status_code, answer.text.count("[DONE]")) == (200, 1)
    assert "x-tollway-route" not in answer.headers
    assert [one.host for one in road.sim.seen] == [OPENAI]


Framing = Literal["length", "chunked"]


@HTTP
@pytest.mark.parametrize("size", [0, 10_000, 3 * 2**20])
@pytest.mark.parametrize("framing", ["length", "chunked"])
async def test_a_target_may_be_tried_again_whatever_the_size_of_its_error(
    roads: Roads, size: int, framing: Framing, http2: bool
) -> None:
    """On the same connection, too."""
    async with roads(AGAIN) as road:
        error = Scenario(status=429, fill=size, body=None if size else b"", framing=framing)
        road.sim.on(OPENAI, "*", error, times=1)
        async with road.client(http2) as client:
            answer = await client.post(STREAM.url, content=STREAM.content, headers=KEY)
            other = await client.post(ASK.url, content=ASK.content, headers=KEY)
        await nothing_stays(road)

    assert (answer.status_code, answer.text.count("[DONE]"), other.status_code) == (200, 1, 200)


INVALID = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"


@HTTP
@pytest.mark.parametrize("raw", [INVALID, b"HTTP/1.1 200 OK\r\nbad name: x\r\ncontent-length: 2\r\n\r\n{}"])
async def test_a_head_that_is_invalid_is_no_answer(roads: Roads, raw: bytes, http2: bool) -> None:
    """The attempt in its place is in the ledger."""
    async with roads(CHAIN) as road:
        road.sim.on(OPENAI, "*", Scenario(raw=raw))
        async with road.client(http2) as client:
            answer = await client.post(ASK.url, content=ASK.content, headers=KEY)
        first, second = await road.calls(2)
        await nothing_stays(road)

    assert (answer.status_code, answer.headers["x-tollway-call"]) == (200, second.id)
    assert (first.provider, first.status, second.provider, second.status) == ("openai", None, "groq", 200)


@pytest.mark.parametrize("how", [Cut(how="goaway_lost"), Cut(how="rst_stream", code=7)])
async def test_what_a_target_did_not_take_is_not_charged(roads: Roads, how: Cut) -> None:
    """Under a hard limit all else that was sent is."""
    async with roads(CHAIN + LIMIT) as road:
        road.sim.on(OPENAI, "*", Scenario(cut=how))
        async with road.client(http2=True) as client:
            answer = await client.post(ASK.url, content=ASK.content, headers=KEY)
        first, _ = await road.calls(2)

    assert answer.status_code == 200
    assert (first.cost.nano, first.error) == (0, "not_taken")


@HTTP
async def test_an_attempt_that_the_ledger_refuses_ends_the_call_once(
    roads: Roads, http2: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though bytes of the first target's answer came by then."""
    async with roads(TIMED) as road:
        ledger, release = road.proxy.ledger, asyncio.get_running_loop().create_future()
        record = ledger.record

        def later(row: Any, **how: Any) -> Any:
            if row.provider != "groq" or row.state != "open":
                return record(row, **how)
            return asyncio.ensure_future(fail())

        async def fail() -> None:
            await release
            raise OSError("the disk is full")

        monkeypatch.setattr(ledger, "record", later)
        road.sim.on(OPENAI, "*", Scenario(first_event=0.5))
        async with road.client(http2) as client:
            asked = asyncio.ensure_future(client.post(STREAM.url, content=STREAM.content, headers=KEY))
            await road.sim.wait_for(lambda one: one.host == OPENAI and one.events_written > 2)
            release.set_result(None)
            answer = await asked
            again = await client.post(ASK.url, content=ASK.content, headers=KEY)
        await nothing_stays(road)

    assert answer.status_code == 503
    assert again.status_code in (200, 503)


ODD = {
    "hints before a 429": Scenario(status=429, informational=(100, 103)),
    "a 429 with trailers": Scenario(status=429, framing="chunked", trailers=(("x-end", "1"),)),
    "a 500 without a body": Scenario(status=500, body=b""),
    "a 500 that never ends": Scenario(status=500, fill=9 * 2**20, cut=Cut(how="hang", after_bytes=2**20)),
    "a 500 that breaks off": Scenario(status=500, fill=2**20, cut=Cut(how="reset", after_bytes=10)),
    "a 503 until the end": Scenario(status=503, http10=True),
    "a 529 before the request is read": Scenario(status=529, early=True),
    "a 500 whose length is wrong": Scenario(status=500, length_error=7),
    "a stream that ends at once": Scenario(cut=Cut(how="reset", after_bytes=0)),
}


@HTTP
@pytest.mark.parametrize("again", [False, True], ids=["other", "again"])
@pytest.mark.parametrize("odd", ODD)
async def test_whatever_a_target_fails_with_the_client_gets_one_whole_answer(
    roads: Roads, odd: str, again: bool, http2: bool
) -> None:
    """Of several calls on one connection, too; and nothing stays."""
    async with roads((AGAIN if again else TIMED) + LIMIT) as road:
        road.sim.on(OPENAI, "*", ODD[odd], times=3)
        async with road.client(http2) as client:
            asked = [client.post(STREAM.url, content=STREAM.content, headers=KEY) for _ in range(3)]
            answers = await asyncio.gather(*asked)
            answers.append(await client.post(ASK.url, content=ASK.content, headers=KEY))
        await nothing_stays(road)
        rows = await road.rows()

    assert [answer.status_code for answer in answers] == [200] * 4
    assert all(answer.text.count("[DONE]") == 1 for answer in answers[:3])
    assert len(rows) == 7


@HTTP
@pytest.mark.parametrize("empty", [Scenario(status=204, body=b""), Scenario(body=b"", framing="chunked")])
async def test_an_answer_of_nothing_is_one(roads: Roads, empty: Scenario, http2: bool) -> None:
    """It comes to its end, so there is nothing to try again for."""
    async with roads(TIMED) as road:
        road.sim.on(OPENAI, "*", empty)
        async with road.client(http2) as client:
            answer = await client.post(ASK.url, content=ASK.content, headers=KEY)
        await nothing_stays(road)

    assert (answer.status_code, answer.content) == (empty.status, b"")
    assert len(road.sim.seen) == 1


@HTTP
@pytest.mark.parametrize("http1", [(OPENAI,), (GROQ,), (OPENAI, GROQ)], ids=["first", "second", "both"])
@pytest.mark.parametrize(
    "how", [Scenario(status=429), Scenario(first_event=0.6), Scenario(cut=Cut(how="reset"))]
)
async def test_each_target_is_asked_in_its_own_protocol(
    roads: Roads, http1: tuple[str, ...], how: Scenario, http2: bool
) -> None:
    """Whichever the client speaks."""
    async with roads(TIMED) as road:
        road.sim.hosts |= dict.fromkeys(http1, Host(alpn=("http/1.1",)))
        road.sim.on(OPENAI, "*", how)
        async with road.client(http2) as client:
            asked = [client.post(STREAM.url, content=STREAM.content, headers=KEY) for _ in range(3)]
            answers = await asyncio.gather(*asked)
        await nothing_stays(road)

    assert [answer.status_code for answer in answers] == [200] * 3
    assert all(answer.text.count("[DONE]") == 1 for answer in answers)
    assert {one.host for one in road.sim.seen if one.protocol == "HTTP/1.1"} >= set(http1)


FAILURES = [Scenario(status=429), Scenario(first_event=0.6), Scenario(cut=Cut(how="reset"))]


@pytest.mark.parametrize("how", FAILURES)
@HTTP
async def test_behind_another_proxy_it_is_the_same(
    roads: Roads, sim: Simulator, how: Scenario, http2: bool
) -> None:
    """With `--mode upstream:`, all targets are reached through that proxy."""
    sim.on(OPENAI, "*", how)
    async with Tunnel(sim.address, sim.port) as tunnel:
        async with roads(TIMED, modes=(f"upstream:http://127.0.0.1:{tunnel.port}",)) as road:
            async with road.client(http2) as client:
                answer = await client.post(STREAM.url, content=STREAM.content, headers=KEY)
                other = await client.post(ASK.url, content=ASK.content, headers=KEY)
            await nothing_stays(road)

    assert (answer.status_code, answer.text.count("[DONE]"), other.status_code) == (200, 1, 200)
    assert {target.partition(":")[0] for target in tunnel.targets} == {OPENAI, GROQ}


@pytest.mark.parametrize("how", FAILURES)
async def test_a_reverse_proxy_goes_to_another_target_too(
    roads: Roads, sim: Simulator, how: Scenario
) -> None:
    sim.on(OPENAI, "*", how)
    async with roads(TIMED, modes=(f"reverse:https://{OPENAI}",)) as road:
        async with httpx.AsyncClient(timeout=60) as client:
            url = road.proxy.url + STREAM.path
            answers = [
                await client.post(url, content=one.content, headers=KEY) for one in (STREAM, ASK, STREAM)
            ]
        await nothing_stays(road)

    assert [answer.status_code for answer in answers] == [200] * 3
    assert [one.host for one in sim.seen] == [OPENAI, GROQ] * 3


@HTTP
async def test_a_proxy_that_stops_ends_calls_that_pause(roads: Roads, http2: bool) -> None:
    """Once it waits no longer; they hold nothing."""
    async with roads(AGAIN + LIMIT, drain_seconds=0.2) as road:
        road.sim.on(OPENAI, "*", Scenario(status=429, headers=(("retry-after", "29"),)))
        client = road.client(http2)
        asked = asyncio.ensure_future(client.post(ASK.url, content=ASK.content, headers=KEY))
        await road.sim.wait_for(lambda one: one.complete)
    with pytest.raises(httpx.HTTPError):
        await asked
    await client.aclose()
    books = open_books(road.ledger_url)
    try:
        rows, buckets = list(books.calls()), list(books.buckets(clock.now_us()))
    finally:
        books.close()

    assert [(row.state, row.cost.nano) for row in rows] == [("done", 0)]
    assert [bucket.held for bucket in buckets] == [0]


@HTTP
async def test_after_many_attempts_nothing_of_them_is_kept(roads: Roads, http2: bool) -> None:
    """On a connection that still stands: their exchanges and requests are gone, but the last one's."""
    kinds = {Exchange: 2, Origin: 1, AnotherTarget: 2}
    before = {kind: alive(kind) for kind in kinds}
    async with roads(TIMED + LIMIT) as road:
        hows = (Scenario(status=429), Scenario(cut=Cut(how="reset")), Scenario(first_event=0.4), Scenario())
        for number in range(40):
            road.sim.on(OPENAI, "*", hows[number % 4], times=1)
        async with road.client(http2) as client:
            for number in range(40):
                call = (ASK, STREAM)[number // 4 % 2]
                assert (await client.post(call.url, content=call.content, headers=KEY)).status_code == 200
            await nothing_stays(road)
            await road.proxy.steps.settle.idle()
            for kind, most in kinds.items():
                assert len(alive(kind)) - len(before[kind]) <= most
