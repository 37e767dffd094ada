"""A client's connection: what it opens, how it ends, and that its streams do not wait for each other."""

import asyncio
import logging
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.simulator import Cut, Host, Scenario, Simulator, Usage
from tests.tollway.calls import CHAT as CALL
from tests.tollway.calls import GEMINI_SSE, MISTRAL, PASSING
from tests.tollway.engine.test_abandoned_before import Gate
from tests.tollway.leftovers import connections, nothing_left
from tests.tollway.road import Road, road
from tollway.engine.connection import ConnectionHandler
from tollway.engine.http2 import Http2Server
from tollway.model import Source

CHAT = "https://api.openai.com/v1/chat/completions"
JSON = [("content-type", "application/json")]
ASKED = {"model": "gpt-4o", "messages": [{"role": "user", "content": "hi"}]}


async def test_streams_of_one_connection_do_not_wait_for_each_other(road: Road) -> None:
    """Fifty at once over HTTP/2, each metered."""
    async with road.client(http2=True) as client:
        answers = await asyncio.gather(*(client.post(CHAT, json=ASKED) for _ in range(50)))

    assert {answer.status_code for answer in answers} == {200}
    assert len({record.id for record in await road.calls(50)}) == 50


async def test_a_host_that_can_not_be_reached_is_502_and_costs_nothing(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    """The name leads to a port where nobody listens."""
    dead = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = dead.sockets[0].getsockname()[1]
    dead.close()
    await dead.wait_closed()
    sim_port, sim.port = sim.port, port
    try:
        async with road(tmp_path, sim) as running, running.client() as client:
            answer = await client.post(CHAT, json=ASKED)
            record = await running.call()
    finally:
        sim.port = sim_port

    assert answer.status_code == 502
    assert answer.json()["error"]["code"] == "not_connected"
    assert (record.cost.nano, record.error) == (0, "not_connected")


async def test_a_client_that_leaves_while_the_provider_is_dialled_leaves_nothing(
    tmp_path: Path, home: Path, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No task, no timer, no connection; and nothing is asked for it."""
    async with Gate(sim) as gate:
        monkeypatch.setattr(sim, "connect_to", lambda host: f"{host}:443:127.0.0.1:{gate.port}")
        async with road(tmp_path, sim, hosts=(CALL.host,)) as running:
            raw = await running.raw(CALL.host)
            await raw.send(CALL.http1())
            await gate.reached.wait()
            raw.reset()
            record = await running.call()
            assert nothing_left(running)

    assert sim.seen == []
    assert (record.cost.nano, record.cost.source) == (0, Source.NONE)


async def test_streams_over_http1_to_the_provider_have_a_connection_each(road: Road) -> None:
    """mitmproxy opens five at once, behind which the sixth waits for an answer that may take minutes."""
    road.sim.default_host = Host(alpn=("http/1.1",))
    road.sim.scenario = Scenario(cut=Cut(how="hang"))

    client = await road.raw2(CALL.host)
    for _ in range(20):
        await client.request(CALL.host, CALL.path, JSON, CALL.content)
    await road.sim.wait_for(lambda seen: len(road.sim.seen) == 20)

    assert len(road.sim.connections) == 20
    client.raw.close()


async def test_a_proxy_asked_for_itself_does_not_answer_for_ever(road: Road) -> None:
    """It would ask itself, which would ask itself."""
    async with road.client() as client:
        answer = await client.get(f"{road.proxy.url}/x")

    assert answer.status_code == 502
    assert nothing_left(road)


@contextmanager
def full() -> Iterator[int]:
    """The port of a provider whose queue is full, so that it neither takes nor refuses."""
    with ExitStack() as opened:
        provider = opened.enter_context(socket.socket())
        provider.bind(("127.0.0.1", 0))
        provider.listen(0)
        for _ in range(4):
            filler = opened.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(provider.getsockname())
        yield provider.getsockname()[1]


async def test_a_proxy_stops_while_a_provider_is_being_dialled(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    with full() as sim.port:
        async with road(tmp_path, sim, drain_seconds=0.1) as running:
            raw = await running.raw(CALL.host)
            await raw.send(CALL.http1())
            while not running.proxy.steps.drain.in_flight():
                await asyncio.sleep(0)
        record = await running.call()
        raw.close()

    assert (record.state, record.cost.nano) == ("done", 0)


async def test_a_call_that_the_engine_lost_sight_of_ends_with_its_clients_connection(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it holds would else be held for as long as the proxy lives.

    As mitmproxy has it, a request that is taken back with its last frame is forgotten, and told of nothing:
    its hook ends when its client is long gone, and it is about to dial.
    """
    monkeypatch.setattr(
        Http2Server, "_ended", lambda self, event: super(Http2Server, self).handle_h2_event(event)
    )
    client = await road.raw2(CALL.host)
    stream = client.h2.get_next_available_stream_id()
    pseudo = [(":method", "POST"), (":scheme", "https"), (":authority", CALL.host), (":path", CALL.path)]
    client.h2.send_headers(stream, [*pseudo, *JSON])
    client.h2.send_data(stream, CALL.content, end_stream=True)
    client.h2.reset_stream(stream)
    with closing(sqlite3.connect(road.ledger_url.removeprefix("sqlite:"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await client.flush()
        async with asyncio.timeout(20):
            while not road.proxy.steps.drain.in_flight():
                await asyncio.sleep(0.001)
            client.raw.close()
            while connections():
                await asyncio.sleep(0.001)
        other.execute("ROLLBACK")
    record = await road.call()

    assert (record.state, record.cost.nano, road.sim.seen) == ("done", 0, [])
    assert await road.proxy.steps.drain.stop(10)


async def test_an_upload_waits_for_a_provider_that_reads_slowly(road: Road) -> None:
    """And arrives whole."""
    size = 4_000_000
    road.sim.on("*", PASSING.path, Scenario(read_rate=8_000_000))

    async with road.client(http2=True) as client:
        await client.post(PASSING.url, content=bytes(size))

    assert road.sim.seen[0].body.size == size


async def test_an_abandoned_stream_is_read_on_and_its_timers_are_called_off(road: Road) -> None:
    """Where the provider bills on: the wait is over when the answer is."""
    road.sim.scenario = Scenario(usage=Usage(input_tokens=70, output_tokens=33), events=12, interval=0.02)
    client = await road.raw2(GEMINI_SSE.host)
    stream = await client.request(GEMINI_SSE.host, GEMINI_SSE.path, JSON, GEMINI_SSE.content)
    await client.until(stream, lambda answer: bool(answer.body))
    await client.cancel(stream)
    record = await road.call()

    assert (record.usage.output_tokens, record.error) == (33, "abandoned")
    assert nothing_left(road)
    client.raw.close()


@pytest.mark.parametrize("alpn", [("http/1.1",), ("h2", "http/1.1")], ids=["http1", "http2"])
async def test_a_download_waits_for_a_client_that_reads_slowly(road: Road, alpn: tuple[str, ...]) -> None:
    """And comes whole."""
    size = 20_000_000
    road.sim.default_host = Host(alpn=alpn)
    road.sim.on("*", "/v1/files/file-1/content", Scenario(fill=size))

    async with (
        road.client() as client,
        client.stream("GET", f"https://{CALL.host}/v1/files/file-1/content") as answer,
    ):
        chunks = answer.aiter_raw()
        received = len(await anext(chunks))
        for _ in range(200):
            await asyncio.sleep(0)
        written = road.sim.seen[0].bytes_written
        async for chunk in chunks:
            received += len(chunk)

    assert received == size
    assert written < size


async def test_a_provider_without_a_name_is_said_and_asked_for_nothing(
    road: Road,
) -> None:
    async with await road.plain() as raw:
        await raw.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = await raw.response("GET")

    assert 400 <= answer.status < 600
    assert road.sim.seen == []
    assert nothing_left(road)


@pytest.mark.parametrize("call", [CALL, MISTRAL.streamed()], ids=["json", "stream"])
async def test_an_engine_that_fails_closes_the_connection_and_its_calls_are_settled(
    road: Road, call: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The client does not hang, the row is not lost, and the next connection is as good as ever."""
    original = ConnectionHandler._obey
    failing = True

    def obey(handler: ConnectionHandler, command: Any) -> None:
        if failing and road.sim.seen:
            raise RuntimeError("a prompt")
        original(handler, command)

    monkeypatch.setattr(ConnectionHandler, "_obey", obey)
    with caplog.at_level(logging.DEBUG, "tollway"):
        async with await road.raw(call.host) as raw:
            await raw.send(call.http1())
            answer = await raw.response()
        (record,) = await road.calls(1)
    failing = False

    assert not answer.whole
    assert (record.state, record.cost.source) == ("done", Source.ESTIMATED)
    assert record.cost.nano > 0
    assert "the engine failed; the connection is closed" in caplog.text
    assert "a prompt" not in caplog.text
    async with road.client() as client:
        assert (await client.post(CHAT, json=ASKED)).status_code == 200


async def test_a_call_whose_hook_runs_while_the_engine_fails_ends_after_it(road: Road) -> None:
    """What the hook does, to write that the call is about to leave, would come after the call's end."""
    with closing(sqlite3.connect(road.ledger_url.removeprefix("sqlite:"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        async with await road.raw(CALL.host) as raw:
            await raw.send(CALL.http1())
            async with asyncio.timeout(20):
                while not (connections() and connections()[0]._in_hooks):
                    await asyncio.sleep(0.001)
            connections()[0]._crash()
            other.execute("ROLLBACK")
            await raw.receive()
    record = await road.call()
    rows = await road.rows()

    assert (record.state, record.cost.nano, road.sim.seen) == ("done", 0, [])
    assert [row.state for row in rows] == ["done"]
    assert await road.proxy.steps.drain.stop(10)


async def test_what_fails_in_the_engine_without_a_call_closes_the_connection(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command that nobody knows."""
    raw = await road.plain()
    while not connections():
        await asyncio.sleep(0)
    monkeypatch.setattr(ConnectionHandler, "_obey", ConnectionHandler._obey_rarely)
    await raw.send(b"CONNECT api.openai.com:443 HTTP/1.1\r\n\r\n")

    assert await raw.receive() == b""
    raw.close()
