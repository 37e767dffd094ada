"""Taking connections from sockets that others take from, too."""

import asyncio
import errno
import logging
import socket
import tempfile
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from tollway.engine import accepting
from tollway.engine.accepting import Accepting
from tollway.engine.shares import BYTES, Page, Share

LONG = 60.0


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    """A socket that listens already."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        yield one


@pytest.fixture
def page() -> Iterator[Page]:
    """Where nobody has a place."""
    with tempfile.TemporaryFile() as file:
        file.truncate(BYTES)
        found = Page(file.fileno())
        found.clear()
        yield found


class Echo:
    """Says what it hears; knows who it has."""

    def __init__(self) -> None:
        self.has = 0

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        """A connection, until its client leaves."""
        self.has += 1
        with suppress(OSError):
            while data := await reader.read(1000):
                writer.write(data)
        writer.close()
        self.has -= 1


async def echoed(port: int) -> tuple[StreamReader, StreamWriter]:
    """A connection that works."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"hello")
    assert await reader.readexactly(5) == b"hello"
    return reader, writer


async def until(holds: Callable[[], bool]) -> None:
    """Wait for it."""
    async with asyncio.timeout(LONG):
        while not holds():
            await asyncio.sleep(0.001)


async def test_what_is_taken_outlives_the_end_of_taking(listening: socket.socket) -> None:
    """And nobody listens then: it is the last that has the socket."""
    echo, port = Echo(), listening.getsockname()[1]
    server = Accepting([listening], echo.serve, Share())
    assert server.sockets == (listening,)
    _, writer = await echoed(port)

    server.close()
    server.close()

    writer.write(b"x")
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)
    writer.close()
    await until(lambda: echo.has == 0)


async def test_several_take_about_as_many(listening: socket.socket, page: Page) -> None:
    """On one loop here, where whoever was made first would always be the first to look."""
    echoes = [Echo(), Echo(), Echo()]
    servers = [
        Accepting([listening.dup()], echo.serve, page.share(place)) for place, echo in enumerate(echoes)
    ]
    clients = [await echoed(listening.getsockname()[1]) for _ in range(30)]

    assert [echo.has for echo in echoes] == [10, 10, 10]
    for _, writer in clients:
        writer.close()
    await until(lambda: page.counts() == [0, 0, 0])
    for server in servers:
        server.close()
    assert page.counts() == []


async def test_one_that_others_do_not_take_is_taken_after_all(listening: socket.socket, page: Page) -> None:
    """Who has fewer may be busy, or stopped."""
    page.share(1)
    echo, port = Echo(), listening.getsockname()[1]
    server = Accepting([listening], echo.serve, page.share(0))

    clients = [await echoed(port) for _ in range(3)]

    assert echo.has == 3
    for _, writer in clients:
        writer.close()
    await until(lambda: echo.has == 0)
    server.close()


class Full(socket.socket):
    """A socket of a process that has no room, so many times."""

    times = 1

    def accept(self) -> Any:
        """As often as asked."""
        if self.times:
            self.times -= 1
            raise OSError(errno.EMFILE, "Too many open files")
        return super().accept()


async def test_where_there_is_no_room_it_is_said_and_tried_again(
    listening: socket.socket, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(accepting, "FULL_SECONDS", 0.01)
    full, echo = Full(fileno=listening.dup().detach()), Echo()
    server = Accepting([full], echo.serve, Share())

    _, writer = await echoed(listening.getsockname()[1])

    assert [(one.levelno, one.getMessage()) for one in caplog.records if "accept" in one.name] == [
        (logging.ERROR, "no connection can be taken: Too many open files; tried again in a second")
    ]
    writer.close()
    await until(lambda: echo.has == 0)
    server.close()


async def test_nothing_is_taken_any_more_by_who_closed_while_it_waited(
    listening: socket.socket, page: Page
) -> None:
    page.share(1)
    echo, port = Echo(), listening.getsockname()[1]
    share = page.share(0)
    share.taken()
    server = Accepting([listening.dup()], echo.serve, share)
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    await until(lambda: bool(server._later))

    server.close()

    taken, _ = listening.accept()  # it is still there for somebody else
    taken.close()
    writer.close()
    assert echo.has == 0
