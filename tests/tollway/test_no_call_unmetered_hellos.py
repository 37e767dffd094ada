"""No provider's call passes unmetered: whatever a tunnel's address, and however its hello is cut or dressed.

The provider is a bare socket here: a byte that comes to it from the client has passed unread.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.simulator import Simulator
from tests.simulator.client import RawClient
from tests.tollway.calls import CHAT
from tests.tollway.hellos import (
    PADDING,
    encrypted_hello,
    extension,
    hello,
    pieces,
    record,
    records,
    server_name,
)
from tests.tollway.road import Road
from tests.tollway.road import road as running_road

ADDRESS = "203.0.113.7"
SIX = "2001:db8::7"
OTHER = "other.example"
TARGETS = (f"{ADDRESS}:443", f"[{SIX}]:443", f"{ADDRESS}:2053", f"{OTHER}:443", f"{OTHER}:2053")
LARGE = extension(PADDING, bytes(40_000))


@asynccontextmanager
async def catching(folder: Path, sim: Simulator) -> AsyncIterator[tuple[Road, list[bytes]]]:
    """A proxy, and what of its clients' bytes comes to the servers that it dials."""
    caught: list[bytes] = []
    tasks: list[asyncio.Task[None] | None] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.append(asyncio.current_task())
        while data := await reader.read(1 << 16):
            caught.append(data)
            writer.write(b"heard")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    everywhere = (
        f"{host}:{at}:127.0.0.1:{port}" for host in (ADDRESS, f"[{SIX}]", OTHER) for at in (443, 2053)
    )
    try:
        async with running_road(folder, sim, hosts=(), reached=tuple(everywhere)) as road:
            yield road, caught
    finally:
        server.close()
        await asyncio.gather(*(task for task in tasks if task is not None))


async def tunnel(road: Road, target: str) -> RawClient:
    raw = await road.plain()
    await raw.send(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
    await raw.receive_until(lambda data: b"\r\n\r\n" in data)
    return raw


async def said(raw: RawClient) -> bytes:
    """What the client hears through its tunnel, at first or to its end."""
    await raw.receive_until(lambda data: len(data.partition(b"\r\n\r\n")[2]) > 0)
    return raw.received.partition(b"\r\n\r\n")[2]


HELLOS = {
    "plain": records(hello(CHAT.host)),
    "upper case": records(hello(CHAT.host.upper())),
    "trailing dot": records(hello(CHAT.host + ".")),
    "two names": records(hello(OTHER, CHAT.host)),
    "two names, the provider's first": records(hello(CHAT.host, OTHER)),
    "twice": records(hello(OTHER, more=server_name(CHAT.host))),
    "many records": records(hello(CHAT.host), 1),
    "over 16 KB": records(hello(CHAT.host, first=LARGE)),
    "an alert first": record(b"\1\x5a", 21) + records(hello(CHAT.host)),
    "a change of ciphers first": record(b"\1", 20) + records(hello(CHAT.host)),
    "an empty record first": record(b"") + records(hello(CHAT.host)),
    "another version": record(hello(CHAT.host), version=b"\3\7"),
    "greased": records(hello(CHAT.host, more=encrypted_hello())),
    "a broken extension behind": records(hello(CHAT.host, more=extension(16, b"\xff\xff\xff"))),
}


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("said_so", list(HELLOS))
async def test_a_hello_that_names_a_provider_never_passes_unread(
    tmp_path: Path, home: Path, sim: Simulator, target: str, said_so: str
) -> None:
    async with catching(tmp_path, sim) as (road, caught):
        async with await tunnel(road, target) as raw:
            await raw.send(HELLOS[said_so])
            assert not (await said(raw)).startswith(b"heard")
        assert caught == []


@pytest.mark.parametrize("size", [1, 2, 5, 60])
@pytest.mark.parametrize("target", TARGETS)
async def test_a_hello_that_comes_in_pieces_never_passes_unread(
    tmp_path: Path, home: Path, sim: Simulator, target: str, size: int
) -> None:
    async with catching(tmp_path, sim) as (road, caught):
        async with await tunnel(road, target) as raw:
            await raw.send(*pieces(HELLOS["plain"], size), pause=0.001)
            assert not (await said(raw)).startswith(b"heard")
        assert caught == []


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("names", [(OTHER,), ()])
async def test_a_hello_that_names_no_provider_passes_as_it_is(
    tmp_path: Path, home: Path, sim: Simulator, target: str, names: tuple[str, ...]
) -> None:
    sent = records(hello(*names, first=LARGE, more=encrypted_hello()), 700)

    async with catching(tmp_path, sim) as (road, caught):
        async with await tunnel(road, target) as raw:
            await raw.send(*pieces(sent, 900), pause=0.0005)
            assert (await said(raw)).startswith(b"heard")
            raw.half_close()
            await raw.receive_until(lambda data: False)
    assert b"".join(caught) == sent
