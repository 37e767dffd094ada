"""Receivers that take less than they are sent: their senders wait, and nobody else does."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import h2.events
import pytest

from tests.simulator import Host, Scenario, Simulator
from tests.simulator.client_http2 import Http2Client
from tests.tollway.calls import PASSING
from tests.tollway.engine.test_abandoned_before import Gate
from tests.tollway.leftovers import nothing_left
from tests.tollway.road import Road
from tests.tollway.road import road as running_road

SIZE = 100 * 2**20
BOUND = 40 * 2**20
"""What may be on its way: windows, queues, and the buffers of sockets."""
HTTP1, HTTP2 = Host(alpn=("http/1.1",)), Host()
FILE = "/v1/files/file-1/content"


class Paused(Http2Client):
    """Takes what comes, but grants no more for one stream."""

    stream = 0
    owed = 0

    def _take(self, event: h2.events.Event) -> None:
        if isinstance(event, h2.events.DataReceived) and event.stream_id == self.stream:
            self.owed += event.flow_controlled_length
            event.flow_controlled_length = 0
        super()._take(event)

    async def go_on(self) -> None:
        stream, self.stream = self.stream, 0
        self.h2.acknowledge_received_data(self.owed, stream)
        await self.flush()


async def paused(road: Road) -> Paused:
    raw = await road.raw(alpn=("h2",))
    client = Paused(raw)
    client.h2.initiate_connection()
    client.h2.increment_flow_control_window(2**24)  # of the connection: other streams have room
    await client.flush()
    return client


async def settled(count: Callable[[], int]) -> int:
    """A number, once it does not change any more."""
    last, turns = count(), 0
    async with asyncio.timeout(120):
        while turns < 300:
            await asyncio.sleep(0.001)
            last, turns = (last, turns + 1) if count() == last else (count(), 0)
    return last


@pytest.mark.parametrize("provider", [HTTP1, HTTP2], ids=["from http1", "from http2"])
async def test_a_download_that_is_paused_is_not_kept(road: Road, provider: Host) -> None:
    """And goes on where it was, to its end; another stream does not wait for it."""
    road.sim.default_host = provider
    road.sim.on("*", FILE, Scenario(fill=SIZE))

    client = await paused(road)
    client.stream = await client.request("api.openai.com", FILE, [], b"", method="GET")
    await client.until(client.stream, lambda answer: len(answer.body) == 65_535)
    seen = road.sim.seen[0]
    sent = await settled(lambda: seen.bytes_written)
    other = await client.request("api.openai.com", "/v1/models", [], b"", method="GET")
    assert (await client.answer(other)).status == 200

    assert sent < BOUND
    stream = client.stream
    await client.go_on()
    answer = await client.answer(stream)
    client.raw.close()
    assert answer.whole
    assert len(answer.body) == SIZE
    assert nothing_left(road)


class Sender:
    """Sends a body of SIZE as fast as it is taken."""

    def __init__(self) -> None:
        self.sent = 0

    async def over_http1(self, road: Road) -> None:
        async with await road.raw() as raw:
            head = f"POST {PASSING.path} HTTP/1.1\r\nHost: {PASSING.host}\r\nContent-Length: {SIZE}\r\n\r\n"
            await raw.send(head.encode())
            while self.sent < SIZE:
                await raw.send(bytes(2**16))
                self.sent += 2**16
            assert (await raw.response()).status in (200, 404)

    async def over_http2(self, road: Road) -> None:
        async with await road.raw(alpn=("h2",)) as raw:
            client = await Http2Client.on(raw)
            stream = await client.request(PASSING.host, PASSING.path, [], None)
            while self.sent < SIZE:
                self.sent += 2**16
                await client.send(stream, bytes(2**16), end=self.sent == SIZE)
            assert (await client.answer(stream)).status in (200, 404)


@pytest.mark.parametrize("provider", [HTTP1, HTTP2], ids=["to http1", "to http2"])
@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
async def test_an_upload_waits_for_the_connection_to_the_provider(
    tmp_path: Path, home: Path, sim: Simulator, monkeypatch: pytest.MonkeyPatch, http2: bool, provider: Host
) -> None:
    """However long it takes to be made."""
    sim.default_host = provider
    async with Gate(sim) as gate:
        monkeypatch.setattr(sim, "connect_to", lambda host: f"{host}:443:127.0.0.1:{gate.port}")
        async with running_road(tmp_path, sim, hosts=(PASSING.host,)) as road:
            sender = Sender()
            sending = asyncio.ensure_future(sender.over_http2(road) if http2 else sender.over_http1(road))
            await gate.reached.wait()
            sent = await settled(lambda: sender.sent)
            gate.opened.set()
            await sending

    assert sent < BOUND
    assert sim.seen[0].body.size == SIZE


@pytest.mark.parametrize("provider", [HTTP1, HTTP2], ids=["to http1", "to http2"])
@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
async def test_an_upload_waits_for_a_provider_that_reads_slowly(
    tmp_path: Path, home: Path, sim: Simulator, http2: bool, provider: Host
) -> None:
    """It takes the first of it, and then nothing for a while."""
    sim.default_host = provider
    sim.scenario = Scenario(read_rate=20_000)

    async with running_road(tmp_path, sim, drain_seconds=0.1) as road:
        sender = Sender()
        sending = asyncio.ensure_future(sender.over_http2(road) if http2 else sender.over_http1(road))
        await sim.wait_for(lambda seen: True)
        sent = await settled(lambda: sender.sent)
        sending.cancel()
        await asyncio.wait([sending])

    assert sent < BOUND
