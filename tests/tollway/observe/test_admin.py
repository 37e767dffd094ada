"""The listener: in a thread of its own, and bounded."""

import asyncio
import socket
import threading

import pytest

from tests.tollway.observe.asking import GET, ask, ended_without_an_answer, listening, parsed
from tollway.errors import TollwayError
from tollway.observe.admin import Admin


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "tollway-admin"]


async def test_it_answers_while_another_event_loop_stands_still() -> None:
    """As the proxy's may; and the other way round, what is slow here holds up nothing there."""
    async with listening() as port:
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(GET)
            answer = b""
            while more := client.recv(65536):  # blocks this loop
                answer += more

    assert parsed(answer)[0] == 200


async def test_a_hundred_who_ask_at_once_are_all_answered() -> None:
    async with listening(most_at_once=100) as port:
        found = await asyncio.gather(*(ask(port) for _ in range(100)))

    assert [status for status, *_ in found] == [200] * 100


async def test_more_than_there_is_room_for_are_told_to_come_again() -> None:
    """Two wait for a text; the third hears at once."""
    come, go = threading.Event(), threading.Event()

    async def text() -> bytes:
        come.set()
        while not go.is_set():
            await asyncio.sleep(0.001)
        return b"text\n"

    async with listening(text, most_at_once=2) as port:
        waiting = [asyncio.ensure_future(ask(port)) for _ in range(2)]
        await asyncio.to_thread(come.wait)
        while True:  # both are counted once the third is one too many
            status, headers, _ = await ask(port)
            if status == 503:
                break
        go.set()
        answered = await asyncio.gather(*waiting)

    assert headers["retry-after"] == "1"
    assert [status for status, *_ in answered] == [200, 200]


async def test_connections_beyond_that_are_closed() -> None:
    """They say nothing, so that they stay as long as they may."""
    async with listening(most_at_once=1) as port:
        silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(GET)

        assert await ended_without_an_answer(reader)
        for _, one in [*silent, (reader, writer)]:
            one.close()


async def test_it_ends_with_its_connections_and_its_thread() -> None:
    async with listening() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        assert threads()

    with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
        await reader.readexactly(1)
    writer.close()
    assert threads() == []
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)


async def test_it_ends_connections_that_are_only_just_being_accepted() -> None:
    """Of a hundred, some are."""
    for _ in range(100):
        async with listening() as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        assert await ended_without_an_answer(reader)
        writer.close()


async def test_a_port_that_another_program_has_is_said() -> None:
    async def text() -> bytes:
        return b""

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(TollwayError, match=rf"--admin: can't listen on 127\.0\.0\.1:{port}: .+ port 0"):
            await asyncio.to_thread(Admin(text).start, "127.0.0.1", port)

    assert threads() == []
