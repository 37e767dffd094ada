"""What the HTTP layer keeps of connections and streams, and when it tries again."""

import asyncio
import gc
import weakref
from pathlib import Path

import pytest
from mitmproxy.flow import Flow

from tests.simulator import Host, Scenario, Simulator, Usage
from tests.tollway.calls import CHAT, PASSING, UNKNOWN, refusal
from tests.tollway.leftovers import alive, connections, nothing_left
from tests.tollway.road import Road
from tests.tollway.road import road as running_road
from tollway import exchange
from tollway.engine.http_layer import HttpLayer, _layers
from tollway.exchange import Exchange

JSON = [("content-type", "application/json")]
HTTP = pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])


def layers() -> list[HttpLayer]:
    """The HTTP layers of the one client connection, the outermost first."""
    (handler,) = connections()
    return sorted(_layers[handler.client], key=lambda layer: len(layer.context.layers))


@HTTP
async def test_a_connection_that_failed_is_tried_again(
    tmp_path: Path, home: Path, sim: Simulator, http2: bool, unused_tcp_port: int
) -> None:
    """On the same client connection; mitmproxy repeats the error for as long as it stands."""
    port = sim.port
    sim.port = unused_tcp_port  # where `--connect-to` leads: nobody listens there yet
    async with running_road(tmp_path, sim, hosts=(CHAT.host,)) as road:
        sim.port = port
        async with road.client(http2) as client:
            refused = await client.post(CHAT.url, json=CHAT.body)
            relay = await asyncio.start_server(lambda r, w: through(sim, r, w), "127.0.0.1", unused_tcp_port)
            answer = await client.post(CHAT.url, json=CHAT.body)
            assert len(connections()) == 1
        relay.close()

        first, second = await road.calls(2)
        assert (refused.status_code, answer.status_code) == (502, 200)
        assert "can't reach api.openai.com" in refusal(CHAT, refused.content)[1]
        assert (first.error, first.status, first.cost.nano) == ("not_connected", None, 0)
        assert second.status == 200


async def through(sim: Simulator, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A relay to the simulator."""
    up_reader, up_writer = await asyncio.open_connection(sim.address, sim.port)

    async def copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65536):
                target.write(data)
        except OSError:
            pass
        finally:  # also where the test ends first
            target.close()

    await asyncio.gather(copy(reader, up_writer), copy(up_reader, writer))


@pytest.mark.parametrize("host", [Host(alpn=("http/1.1",)), Host()], ids=["http1 provider", "http2 provider"])
@HTTP
async def test_ended_streams_and_closed_connections_are_forgotten(
    road: Road, http2: bool, host: Host
) -> None:
    """An HTTP/2 client's requests to an HTTP/1.1 provider take a connection each."""
    road.sim.default_host = host
    kept = []

    async with road.client(http2) as client:
        for number in range(12):
            call = (CHAT, UNKNOWN, PASSING)[number % 3]
            assert (await client.post(call.url, json=call.body)).status_code in (200, 404)
            if number in (2, 11):
                outer, inner = layers()
                await until_closed(road, but=1)
                kept.append((sizes(outer), sizes(inner)))

    assert kept[0] == kept[1]
    assert nothing_left(road)


def sizes(layer: HttpLayer) -> list[int]:
    """How much is kept in each of the layer's collections, and in those of HTTP/2 connections in it."""
    found = [len(layer.streams), len(layer.connections), len(layer.waiting_for_establishment)]
    for connection in layer.connections.values():
        bottom = connection
        while hasattr(bottom, "child_layer"):
            bottom = bottom.child_layer
        for name in ("streams", "our_stream_id", "their_stream_id", "stream_queue"):
            found.append(len(getattr(bottom, name, ())))
    return found


async def until_closed(road: Road, but: int) -> None:
    """Wait until the simulator has no more open connections than these."""
    async with asyncio.timeout(120):
        while sum(one.open for one in road.sim.connections) > but:
            await asyncio.sleep(0)


@HTTP
async def test_after_many_calls_no_exchange_is_alive(road: Road, http2: bool) -> None:
    """Of whatever kind, however they ended, on connections that still stand."""
    road.sim.scenario = Scenario(usage=Usage(input_tokens=7, output_tokens=3))
    flows: weakref.WeakSet[Flow] = weakref.WeakSet()
    begun, before = 0, alive(Exchange)
    original = exchange.begin

    def begin(flow: Flow, exchange: Exchange) -> Exchange:
        nonlocal begun
        begun += 1
        flows.add(flow)
        return original(flow, exchange)

    exchange.begin = begin
    try:
        async with road.client(http2) as client:
            for number in range(200):
                call = (CHAT, CHAT.streamed(), PASSING, UNKNOWN)[number % 4]
                await client.post(call.url, json=call.body)
            assert await road.proxy.steps.drain.stop(10)
            await road.proxy.steps.settle.idle()
            gc.collect()
            assert begun == 200
            assert len(flows) <= 1  # the last one, which the open connection still knows
            assert nothing_left(road)
    finally:
        exchange.begin = original
    assert len(alive(Exchange)) - len(before) <= 1
