"""Bytes both ways, over real sockets: ends, cuts, and a reader that is slow."""

import asyncio
import socket
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tollway.forwarding.relay import relay

Ends = tuple[StreamReader, StreamWriter]
SIZE = 20_000_000


@asynccontextmanager
async def relayed(idle: float = 60.0) -> AsyncIterator[tuple[Ends, Ends, "asyncio.Task[None]"]]:
    """A client's and a server's ends, and the task between them."""
    pairs = [socket.socketpair() for _ in range(2)]
    client, one = [await asyncio.open_connection(sock=end) for end in pairs[0]]
    other, server = [await asyncio.open_connection(sock=end) for end in pairs[1]]
    task = asyncio.get_running_loop().create_task(relay(one, other, idle))
    try:
        yield client, server, task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        for _, writer in (client, one, other, server):
            writer.transport.abort()


async def finished(task: "asyncio.Task[None]") -> None:
    """Wait for the end of it."""
    await asyncio.wait((task,), timeout=60)
    assert task.done()


async def test_bytes_pass_both_ways_and_each_side_ends_by_itself() -> None:
    async with relayed() as (client, server, task):
        client[1].write(b"question")
        client[1].write_eof()
        assert await server[0].read() == b"question"
        server[1].write(b"answer")
        assert await client[0].readexactly(6) == b"answer"
        assert not task.done()
        server[1].write(b", and more")
        server[1].close()
        assert await client[0].read() == b", and more"
        await finished(task)


async def test_a_server_that_has_ended_is_still_told_what_comes() -> None:
    async with relayed() as (client, server, task):
        server[1].write(b"hello")
        server[1].write_eof()
        assert await client[0].read() == b"hello"
        client[1].write(b"late")
        client[1].close()
        assert await server[0].read() == b"late"
        await finished(task)


async def test_a_client_that_does_not_notice_the_servers_end_is_not_waited_for() -> None:
    """A pool that keeps the connection for later."""
    async with relayed(idle=0.0) as (client, server, task):
        server[1].write_eof()
        assert await client[0].read() == b""
        await finished(task)


@pytest.mark.parametrize("who", ["client", "server"])
async def test_a_side_that_is_cut_ends_it(who: str) -> None:
    async with relayed() as (client, server, task):
        client[1].write(b"x")
        await server[0].read(1)
        server[1].write(b"y")
        await client[0].read(1)
        (client if who == "client" else server)[1].transport.abort()
        (server if who == "client" else client)[1].write(b"z" * SIZE)
        (server if who == "client" else client)[1].write_eof()
        await finished(task)


async def test_a_slow_reader_slows_its_sender_down() -> None:
    """Nothing is collected in between: what is not taken is not read."""
    async with relayed() as (client, server, _):
        client[1].write(b"x" * SIZE)
        draining = asyncio.ensure_future(client[1].drain())
        for _ in range(1000):
            await asyncio.sleep(0)
        assert not draining.done()
        assert client[1].transport.get_write_buffer_size() > SIZE // 2

        got = await server[0].readexactly(SIZE)
        await draining

    assert got == b"x" * SIZE


async def test_a_side_over_tls_can_not_be_told_of_an_end_so_that_is_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As long as something still comes."""
    async with relayed(idle=0.0) as (client, server, task):
        monkeypatch.setattr("asyncio.StreamWriter.can_write_eof", lambda writer: False)
        client[1].transport.write_eof()
        await finished(task)
        assert not server[0].at_eof()
