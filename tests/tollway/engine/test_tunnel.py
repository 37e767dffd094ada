"""A tunnel is open at once; what its client says first decides whether it stays one."""

import asyncio
from pathlib import Path

import pytest

from tests.simulator import Simulator
from tests.simulator.client import RawClient
from tests.tollway.calls import CHAT
from tests.tollway.engine.test_next_layer import serving, through, tunnel
from tests.tollway.hellos import hello, record, records
from tests.tollway.leftovers import nothing_left
from tests.tollway.road import Road
from tests.tollway.road import road as running_road


async def greeting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 ready\r\n")
    writer.write(await reader.read())


async def test_a_hello_for_a_provider_behind_a_servers_greeting_ends_the_tunnel(road: Road) -> None:
    """What the client hears has begun elsewhere, so that nobody could go on in that server's place."""
    async with serving(greeting) as port, await tunnel(road, "127.0.0.1", port) as raw:
        await raw.receive_until(lambda data: data.endswith(b"ready\r\n"))
        await raw.send(records(hello(CHAT.host)))
        await raw.receive_until(lambda data: False)

        assert through(raw) == b"220 ready\r\n"
    assert nothing_left(road)


async def test_a_hello_that_never_ends_ends_the_tunnel(road: Road) -> None:
    async with serving(greeting) as port, await tunnel(road, "127.0.0.1", port) as raw:
        await raw.receive_until(lambda data: data.endswith(b"ready\r\n"))
        await raw.send(record(b"\1\x5a", 21) * 20_000)
        await raw.receive_until(lambda data: False)

        assert through(raw) == b"220 ready\r\n"
    assert nothing_left(road)


async def test_half_a_hello_is_passed_on_once_its_client_has_ended(road: Road) -> None:
    half = records(hello(CHAT.host))[:-1]

    async with serving(greeting) as port, await tunnel(road, "127.0.0.1", port) as raw:
        await raw.send(half)
        raw.half_close()
        await raw.receive_until(lambda data: False)

        assert through(raw) == b"220 ready\r\n" + half


async def test_a_server_that_leaves_before_its_client_spoke_ends_the_tunnel(road: Road) -> None:
    async def leave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"221 closing\r\n")

    async with serving(leave) as port, await tunnel(road, "127.0.0.1", port) as raw:
        await raw.receive_until(lambda data: False)
        assert through(raw) == b"221 closing\r\n"


@pytest.mark.parametrize("greets", [False, True])
async def test_what_is_no_hello_passes_byte_for_byte(road: Road, greets: bool) -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if greets:
            writer.write(b"220 ready\r\n")
        writer.write(await reader.read())

    said = b"\x16 is no TLS\r\n" + bytes(70_000)
    async with serving(echo) as port, await tunnel(road, "127.0.0.1", port) as raw:
        await raw.send(said)
        raw.half_close()
        await raw.receive_until(lambda data: False)

        assert through(raw) == b"220 ready\r\n" * greets + said


async def test_the_server_that_was_dialled_first_is_not_spoken_to(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    """Its connection is given up for one with TLS, as which the call is metered."""
    heard: list[bytes] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read())

    async with serving(listen) as port:
        async with running_road(tmp_path, sim, elsewhere={"other.example": port}) as road:
            raw = await RawClient.open("other.example", 443, proxy=(road.proxy.host, road.proxy.port))
            await raw.send(records(hello(CHAT.host)))
            await raw.receive()
            raw.close()
    assert heard == [b""]
