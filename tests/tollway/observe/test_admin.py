"""The listener: in a thread of its own, and bounded."""

import asyncio
import os
import socket
import stat
import threading
from pathlib import Path

import pytest
from msgspec import structs

from tests.tollway.observe.asking import (
    GET,
    TEXT,
    ask,
    ended_without_an_answer,
    listening,
    listening_at,
    pages_of,
    parsed,
)
from tollway.errors import TollwayError
from tollway.observe.admin import Admin
from tollway.observe.door import door


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
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(TollwayError, match=rf"--admin: can't listen on 127\.0\.0\.1:{port}: .+ port 0"):
            await asyncio.to_thread(Admin(pages_of()).start, ("127.0.0.1", port))

    assert threads() == []


async def test_probes_are_answered_though_more_ask_than_there_is_room_for() -> None:
    """Two wait for a text; a load balancer hears that it lives."""
    come, go = threading.Semaphore(0), threading.Event()

    async def text() -> bytes:
        come.release()
        while not go.is_set():
            await asyncio.sleep(0.001)
        return b"text\n"

    async with listening(text, most_at_once=2) as port:
        waiting = [asyncio.ensure_future(ask(port)) for _ in range(2)]
        for _ in waiting:
            await asyncio.to_thread(come.acquire)
        assert (await ask(port))[0] == 503
        status, _, body = await ask(port, GET.replace(b"/metrics", b"/healthz"))
        go.set()
        await asyncio.gather(*waiting)

    assert (status, body) == (200, b"yes, and more\n")


async def test_a_socket_is_its_owners_and_groups_and_goes_with_the_listener(tmp_path: Path) -> None:
    """Whatever new files are allowed otherwise."""
    path = tmp_path / "admin.sock"
    before = os.umask(0o077)
    try:
        async with listening_at(path, pages_of(door=door(path, None))) as place:
            assert place == path
            assert stat.S_IMODE(path.stat().st_mode) == 0o660
            assert (await ask(path, GET.replace(b"127.0.0.1:9464", b"any.example")))[2] == TEXT
    finally:
        os.umask(before)

    assert not path.exists()


async def test_one_that_a_dead_program_left_is_taken_and_ours_is_left_to_who_came_after(
    tmp_path: Path,
) -> None:
    path = tmp_path / "admin.sock"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))

    async with listening_at(path, pages_of()):
        assert (await ask(path))[2] == TEXT
        path.unlink()
        path.write_text("another's")

    assert path.read_text() == "another's"


async def test_a_socket_that_another_program_answers_on_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "admin.sock"
    async with listening_at(path, pages_of()):
        with pytest.raises(TollwayError, match=r"--admin: can't listen on unix:.+ another program answers"):
            await asyncio.to_thread(Admin(pages_of()).start, path)

        assert (await ask(path))[2] == TEXT


async def test_a_file_that_is_no_socket_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("mine")

    with pytest.raises(TollwayError, match=r"there is a file that is no socket: remove .+notes.txt"):
        await asyncio.to_thread(Admin(pages_of()).start, path)

    assert path.read_text() == "mine"
    assert threads() == []


async def test_a_socket_in_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(TollwayError, match=r"unix:.+/none/admin.sock: No such file or directory"):
        await asyncio.to_thread(Admin(pages_of()).start, tmp_path / "none" / "admin.sock")


async def test_what_is_being_made_ends_with_it() -> None:
    pages, closed = pages_of(), threading.Event()
    pages = structs.replace(pages, close=closed.set)

    async with listening_at(("127.0.0.1", 0), pages):
        assert not closed.is_set()

    assert closed.is_set()


async def test_one_address_alone_can_not_keep_the_others_out() -> None:
    """Two of its connections say nothing; a third is closed, and another address is answered."""
    admin = Admin(pages_of(), most_of_one=2)
    _, port = await asyncio.to_thread(admin.start, ("127.0.0.1", 0))  # type: ignore[misc]
    try:
        silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        assert await ended_without_an_answer(reader)
        with socket.create_connection(("127.0.0.1", port), source_address=("127.0.0.2", 0)) as other:
            other.sendall(GET)
            assert (await asyncio.to_thread(other.recv, 65536)).startswith(b"HTTP/1.1 200 ")
        for _, one in [*silent, (reader, writer)]:
            one.close()
        answered = False
        while not answered:  # as soon as they are gone, there is room again
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(GET)
            answered = not await ended_without_an_answer(reader)
            writer.close()
    finally:
        await asyncio.to_thread(admin.stop)
