"""Answers that are held back, streamed late, refused, made by us, or turned into something else."""

import asyncio
import re
from pathlib import Path

import pytest

from tests.simulator import Scenario, Simulator, Usage
from tests.tollway.calls import CHAT, CLAUDE, GEMINI, MISTRAL, PASSING, RESPONSES, UNKNOWN, Call, refusal
from tests.tollway.engine.test_next_layer import serving
from tests.tollway.leftovers import nothing_left, nothing_stays
from tests.tollway.road import Road
from tests.tollway.road import road as running_road
from tollway.engine.http_stream import BUFFERED
from tollway.model import Source
from tollway.money import usd

USAGE = Usage(input_tokens=70, output_tokens=33)
HTTP = pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])


def large(size: int) -> bytes:
    """A chat answer of this size: its usage stands at the end."""
    tail = b'"}}],"usage":{"prompt_tokens":70,"completion_tokens":33,"total_tokens":103}}'
    head = b'{"id":"chatcmpl-1","model":"gpt-4o","choices":[{"index":0,"message":{"content":"'
    return head + b"x" * (size - len(head) - len(tail)) + tail


@pytest.mark.parametrize("framing", ["length", "chunked"])
@pytest.mark.parametrize("more", [-1, 0, 1, 3 * 2**20])
@HTTP
async def test_an_answer_carries_its_cost_up_to_4_mb_and_is_streamed_beyond(
    road: Road, more: int, framing: str, http2: bool
) -> None:
    """Its usage is read in either case."""
    body = large(BUFFERED + more)
    road.sim.scenario = Scenario(body=body, framing=framing)  # type: ignore[arg-type]

    async with road.client(http2) as client:
        answer = await client.post(CHAT.url, json=CHAT.body)
    record = await road.call()

    assert answer.content == body
    assert (record.usage.input_tokens, record.usage.output_tokens) == (70, 33)
    assert record.cost.source is Source.COMPUTED
    assert answer.headers.get("x-tollway-cost") == (usd(record.cost.nano) if more <= 0 else None)
    assert record.response_bytes == len(body)
    assert nothing_left(road)


@pytest.mark.parametrize("call", [CHAT, CLAUDE, GEMINI, RESPONSES], ids=lambda call: call.path)
@pytest.mark.parametrize("coding", ["", "gzip", "zstd"])
async def test_the_cost_in_the_answer_is_that_in_the_ledger(road: Road, call: Call, coding: str) -> None:
    road.sim.scenario = Scenario(usage=USAGE, coding=coding)  # type: ignore[arg-type]

    async with road.client() as client:
        answer = await client.post(call.url, json=call.body)
    (row,) = await road.rows()

    assert answer.headers["x-tollway-cost"] == usd(row.cost.nano)
    assert answer.headers["x-tollway-call"] == row.id
    assert re.fullmatch(r"0\.\d*[1-9]", answer.headers["x-tollway-cost"])


@pytest.mark.parametrize(
    "kind", ["text/event-stream", "application/json", "application/x-ndjson", "text/plain"]
)
@pytest.mark.parametrize(
    "call", [CHAT.streamed(), CLAUDE.streamed(), MISTRAL.streamed()], ids=lambda c: c.host
)
@HTTP
async def test_what_was_asked_as_a_stream_is_relayed_piece_by_piece(
    road: Road, call: Call, kind: str, http2: bool
) -> None:
    """Whatever it calls itself: the first piece is with the client before the provider writes the last."""
    road.sim.scenario = Scenario(usage=USAGE, events=20, interval=0.02, content_type=kind)
    first = None

    async with road.client(http2) as client:
        async with client.stream("POST", call.url, json=call.body) as answer:
            async for _ in answer.aiter_raw():
                first = first or road.sim.seen[0].events_written
    await road.call()

    assert first is not None
    assert first < 10
    assert road.sim.seen[0].events_written >= 20
    assert "x-tollway-cost" not in answer.headers
    assert "x-tollway-call" in answer.headers


@HTTP
async def test_the_head_of_a_stream_is_relayed_before_its_first_event(road: Road, http2: bool) -> None:
    road.sim.scenario = Scenario(first_event=0.2)

    async with road.client(http2) as client:
        async with client.stream("POST", CLAUDE.url, json=CLAUDE.streamed().body) as answer:
            assert road.sim.seen[0].events_written == 0
            assert answer.status_code == 200
            await answer.aread()


@pytest.mark.parametrize("call", [PASSING, UNKNOWN], ids=["passing", "unknown"])
async def test_what_is_not_read_is_relayed_piece_by_piece_both_ways(road: Road, call: Call) -> None:
    """The simulator answers at the head: each piece of either side is with the other before the next one."""
    road.sim.scenario = Scenario(early=True, slices=10, interval=0.02, body=b"x" * 200)
    content = b"the beginning, and the end"

    async with await road.raw() as raw:
        await raw.send(call.http1(content=content)[: -len(", and the end")])
        await raw.receive_until(lambda data: data.endswith(b"xxx"))
        assert road.sim.seen[0].events_written < 15
        assert road.sim.seen[0].raw in (b"", b"the beginning")
        await raw.send(b", and the end")
        answer = await raw.response()

    assert (answer.body, answer.whole) == (b"x" * 200, True)
    assert road.sim.seen[0].raw == content


@pytest.mark.parametrize("call", [PASSING, UNKNOWN], ids=["passing", "unknown"])
async def test_the_same_over_http2(road: Road, call: Call) -> None:
    road.sim.scenario = Scenario(early=True, slices=10, interval=0.02, body=b"x" * 200)

    client = await road.raw2()
    stream = await client.request(call.host, call.path, [], None)
    await client.send(stream, b"the beginning")
    await client.until(stream, lambda answer: bool(answer.body))
    assert road.sim.seen[0].events_written < 15
    await client.send(stream, b", and the end", end=True)
    answer = await client.answer(stream)
    client.raw.close()

    assert (answer.body, answer.whole) == (b"x" * 200, True)
    assert road.sim.seen[0].raw == b"the beginning, and the end"


@pytest.mark.parametrize("status", [200, 404, 413])
@HTTP
async def test_a_provider_may_answer_before_the_upload_ends(road: Road, status: int, http2: bool) -> None:
    """And close: the client still gets the answer."""
    road.sim.scenario = Scenario(early=True, status=status, headers=(("connection", "close"),) * (not http2))

    async with road.client(http2) as client:
        for call in (PASSING, UNKNOWN):
            answer = await client.post(call.url, content=bytes(3_000_000))
            assert answer.status_code == (404 if status == 200 else status)
    assert await road.proxy.steps.drain.stop(10)
    await nothing_stays(road)


WEBSOCKET = (
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
)


@pytest.mark.parametrize("call", [CHAT, CLAUDE, GEMINI], ids=lambda call: call.path)
async def test_a_websocket_where_none_is_spoken_is_told_to_use_https(road: Road, call: Call) -> None:
    """At once, in the provider's own shape, and nothing is asked."""
    async with await road.raw(call.host) as raw:
        await raw.send(call.http1(*WEBSOCKET, content=b"").replace(b"POST", b"GET"))
        answer = await raw.response("GET")
        await raw.send(call.http1())
        again = await raw.response()

    assert (answer.status, again.status) == (426, 200)
    assert "HTTPS" in refusal(call, answer.body)[1]
    assert answer.header("x-should-retry") == "false"
    assert len(road.sim.seen) == 1
    assert len(await road.rows()) == 1


async def test_a_websocket_elsewhere_passes_byte_for_byte(tmp_path: Path, home: Path, sim: Simulator) -> None:
    """Also what is no WebSocket after all."""

    async def upgrade(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(
            b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\nhi"
        )
        while data := await reader.read(100):
            writer.write(data.upper())

    async with (
        serving(upgrade) as port,
        running_road(tmp_path, sim, modes=(f"reverse:http://127.0.0.1:{port}",)) as road,
        await road.plain() as raw,
    ):
        await raw.send("\r\n".join(["GET /socket HTTP/1.1", "Host: h", *WEBSOCKET, "", ""]).encode())
        await raw.receive_until(lambda data: data.endswith(b"hi"))
        assert raw.received.startswith(b"HTTP/1.1 101 ")
        await raw.send(b"not a frame")
        await raw.receive_until(lambda data: data.endswith(b"NOT A FRAME"))
        raw.half_close()
        await raw.receive_until(lambda data: False)


async def test_a_websocket_to_what_nothing_reads_passes_and_is_recorded(road: Road) -> None:
    """Translations may cost, and no form of theirs is known."""
    head = b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n"
    road.sim.scenario = Scenario(raw=head + b"server speaks")
    call = Call("api.openai.com", "/v1/realtime/translations", {})

    async with await road.raw() as raw:
        await raw.send(call.http1(*WEBSOCKET, content=b"").replace(b"POST", b"GET"))
        await raw.receive_until(lambda data: data.endswith(b"server speaks"))
    record = await road.call()

    assert (record.operation, record.status, record.cost.flags) == ("realtime", 101, ("unknown_call",))


async def test_a_body_that_nobody_reads_is_not_kept(road: Road) -> None:
    """That of a request which is answered already, here because the proxy stops."""
    assert await road.proxy.steps.drain.stop(1)

    async with await road.raw() as raw:
        await raw.send(CHAT.http1("Content-Length: 50000000", content=b""))
        for _ in range(500):
            await raw.send(bytes(100_000))
        answer = await raw.response()

    assert answer.status == 503
    assert answer.header("retry-after") == "1"
    assert "stopping" in refusal(CHAT, answer.body)[1]
    assert road.sim.seen == []
    assert await road.rows() == []
