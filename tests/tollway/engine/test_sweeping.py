"""Slow clients, and those that say nothing: real sockets, and a clock that the test sets ahead."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from mitmproxy import ctx
from mitmproxy.test import tflow

from tests.simulator import Simulator
from tests.simulator.client import RawClient
from tests.tollway.calls import CHAT
from tests.tollway.leftovers import connections, streams
from tests.tollway.road import Road
from tests.tollway.road import road as running_road
from tollway.engine.client_bounds import DEFAULTS
from tollway.engine.connection import ConnectionHandler
from tollway.engine.sweeping import is_late

HELLO = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
"""How a hello of 512 bytes begins."""
HEAD = b"POST /v1/chat/completions HTTP/1.1\r\nHost: api.openai.com\r\nAuthorization: Bearer made-up\r\n"


@pytest.fixture
async def road(tmp_path: Path, home: Path, sim: Simulator) -> AsyncIterator[Road]:
    async with running_road(tmp_path, sim) as road:
        yield road


async def until(holds: Callable[[], object]) -> None:
    """Wait for it."""
    async with asyncio.timeout(120):
        while not holds():
            await asyncio.sleep(0.001)


def look(ahead: float) -> int:
    """So many seconds later, look at all; how many were closed."""
    master: Any = ctx.master
    return int(master._sweeping.look(time.time() + ahead))  # noqa: TID251


def handler() -> ConnectionHandler:
    """Of the one connection."""
    (found,) = connections()
    return found


async def has_come(client: RawClient, *pieces: bytes) -> None:
    """Send pieces, one by one, each once the one before it was read."""
    for piece in pieces:
        before = handler().attending.count
        await client.send(piece)
        await until(lambda before=before: handler().attending.count > before)  # type: ignore[misc]


async def is_closed(client: RawClient) -> None:
    """The proxy has ended it, and keeps nothing."""
    await client.receive_until(lambda received: False)
    client.close()
    await until(lambda: not connections())


async def connected(road: Road, host: str) -> RawClient:
    """A tunnel in which nothing was said yet."""
    client = await road.plain()
    await client.send(f"CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n".encode())
    assert b" 200 " in await client.receive_until(lambda received: b"\r\n\r\n" in received)
    return client


async def test_a_connect_that_is_dribbled(road: Road) -> None:
    client = await road.plain()
    await until(connections)
    await has_come(client, b"CONNECT api.openai", b".com:443 HTTP/1.1\r\n", b"Host: api.openai.com:443\r\n")

    assert look(29) == 0
    assert look(31) == 1
    await is_closed(client)


async def test_a_connection_on_which_nothing_is_ever_said(road: Road) -> None:
    client = await road.plain()
    await until(connections)

    assert look(29) == 0
    assert look(31) == 1
    await is_closed(client)


@pytest.mark.parametrize("host", ["api.openai.com", "example.com"], ids=["provider", "tunnel"])
async def test_a_hello_that_is_dribbled(road: Road, host: str) -> None:
    client = await connected(road, host)
    assert look(31) == 0
    await has_come(client, HELLO[:5], HELLO[5:9], HELLO[9:])

    assert look(29) == 0
    assert look(31) == 1
    await is_closed(client)


async def test_headers_that_are_dribbled(road: Road) -> None:
    """On a connection that has had a call before: each request is due by itself."""
    client = await road.raw()
    await client.send(CHAT.http1())
    assert (await client.response()).status == 200
    await until(lambda: not streams())
    assert look(31) == 0
    await has_come(client, HEAD[:20], HEAD[20:60], HEAD[60:])

    assert look(29) == 0
    assert look(31) == 1
    await is_closed(client)


async def test_a_body_that_is_dribbled(road: Road) -> None:
    """Its call ends without having reached a provider."""
    client = await road.raw()
    await client.send(HEAD + b"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{")
    await until(streams)

    assert look(899) == 0
    assert look(901) == 1
    await is_closed(client)
    assert not road.sim.seen


def test_a_body_that_is_passed_on_as_it_comes_may_take_as_long_as_it_does() -> None:
    flow = tflow.tflow()
    flow.request.timestamp_start, flow.request.timestamp_end = 100.0, None
    assert is_late(flow, DEFAULTS, 100 + 901)

    flow.request.stream = True
    assert not is_late(flow, DEFAULTS, 100 + 901)


async def test_a_connection_that_is_kept_and_not_used(road: Road) -> None:
    client = await road.raw()
    await client.send(CHAT.http1())
    assert (await client.response()).status == 200
    await until(lambda: not streams())

    assert look(899) == 0
    assert look(901) == 1
    await is_closed(client)


async def test_one_of_http2_is_kept_for_as_long_whatever_its_client_sends_between_calls(road: Road) -> None:
    """It gives room for what it has read, once the call is over."""
    async with road.client(http2=True) as client:
        assert (await client.post(CHAT.url, json=CHAT.body)).http_version == "HTTP/2"
        await until(lambda: not streams())
        one = handler()
        await until(lambda: one.client.alpn == b"h2")
        one.attending.received(17, time.time())  # noqa: TID251  (a ping)

        assert look(31) == look(899) == 0
        assert look(901) == 1
        await until(lambda: not connections())


@pytest.mark.parametrize("alpn", ["http/1.1", "h2"])
async def test_a_call_that_thinks_for_an_hour_is_left_alone(road: Road, alpn: str) -> None:
    headers = {"x-sim": '{"gate": "late"}'}
    async with road.client(http2=alpn == "h2") as client:
        asked = asyncio.ensure_future(client.post(CHAT.url, json=CHAT.body, headers=headers))
        await until(lambda: len(road.sim.seen) == 1)

        assert look(3_599) == 0
        road.sim.open("late")
        assert (await asked).status_code == 200


async def test_a_tunnel_to_whom_is_no_provider_is_left_alone(road: Road) -> None:
    async with road.client(tunnel=True) as client:
        assert (await client.get("https://example.com/")).status_code
        assert len(connections()) == 1

        assert look(3_599) == 0
        assert (await client.get("https://example.com/")).status_code


@asynccontextmanager
async def bounded(tmp_path: Path, sim: Simulator, **values: int) -> AsyncIterator[Road]:
    """A proxy with these bounds."""
    async with running_road(tmp_path, sim, bounds=replace(DEFAULTS, **values)) as road:
        yield road


async def test_a_head_without_end_is_cut_off(
    tmp_path: Path, home: Path, sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    async with bounded(tmp_path, sim, head=50_000) as road:
        client = await road.raw()
        await client.send(CHAT.http1())
        assert (await client.response()).status == 200
        await client.send(HEAD + b"x-much: " + b"a" * 60_000)

        await is_closed(client)
    assert "a head of more than 50000 bytes (head)" in caplog.text


async def test_a_body_is_no_head_and_neither_is_what_is_tunnelled(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    async with bounded(tmp_path, sim, head=50_000) as road:
        async with road.client() as client:
            body = CHAT.body | {"messages": [{"role": "user", "content": "a" * 300_000}]}
            assert (await client.post(CHAT.url, json=body)).status_code == 200
        async with road.client(tunnel=True) as client:
            assert (await client.post("https://example.com/", content=b"a" * 300_000)).status_code


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
async def test_a_body_that_is_larger_than_its_bound_is_answered_with_413(
    tmp_path: Path, home: Path, sim: Simulator, http2: bool
) -> None:
    async with bounded(tmp_path, sim, body=100_000) as road, road.client(http2=http2) as client:
        body = CHAT.body | {"messages": [{"role": "user", "content": "a" * 100_000}]}
        assert (await client.post(CHAT.url, json=body)).status_code == 413
    assert not sim.seen


async def test_there_are_no_more_connections_than_their_bound(
    tmp_path: Path, home: Path, sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    """Those that are there go on, and when one leaves, there is room again."""
    async with bounded(tmp_path, sim, connections=2) as road:
        first, second = await road.plain(), await road.plain()
        await until(lambda: len(connections()) == 2)
        for _ in range(2):
            third = await road.plain()
            assert await third.receive() == b""
            third.close()
        assert caplog.text.count("2 clients are connected (connections): others are closed") == 1

        first.close()
        await until(lambda: len(connections()) == 1)
        fourth = await connected(road, "api.openai.com")
        for each in (second, fourth):
            each.close()
