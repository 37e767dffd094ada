"""Asking an admin address, over real sockets."""

import asyncio
import socket
from asyncio import StreamReader, StreamWriter
from pathlib import Path

import pytest

from tests.tollway.observe.asking import listening_at
from tests.tollway.observe.test_pages import TOLD, WELL, said
from tollway.observe.door import door
from tollway.observe.pages import pages
from tollway.observe.place import Place
from tollway.readiness.check import fail
from tollway.symptoms.admin import asked

TOKEN = "made-up-token-of-32-characters-x"
HERE = ("127.0.0.1", 0)


async def test_a_port_and_a_socket_tell_each_check(tmp_path: Path) -> None:
    for place in (HERE, tmp_path / "admin.sock"):
        async with listening_at(place, pages(door(place, None), said(*WELL, fail("store", "is full")))) as at:
            found = await asked(at, None, 60)

        assert found.status == 503
        assert found.checks is not None
        assert list(found.checks) == ["serving", "ca", "store"]
        assert found.checks["store"] == fail("store", "is full")


async def test_a_token_is_shown_where_one_is_asked_for() -> None:
    async with listening_at(HERE, pages(door(HERE, TOKEN), TOLD)) as at:
        assert (await asked(at, None, 60)).status == 401
        assert (await asked(at, TOKEN, 60)).status == 200


async def test_yes_or_no_is_no_check() -> None:
    async with listening_at(HERE, pages(door(HERE, TOKEN, open_probes=True), TOLD)) as at:
        found = await asked(at, None, 60)

    assert (found.status, found.checks) == (200, None)


async def test_nobody_there_is_said(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(HERE)
        refused = await asked(free.getsockname(), None, 60)
    missing = await asked(tmp_path / "admin.sock", None, 60)

    assert refused.failure == "Connection refused"
    assert missing.failure == "No such file or directory"


@pytest.mark.parametrize(
    ("says", "failure", "status"),
    [
        (b"SSH-2.0-made-up\r\n\r\n", "what it says is no HTTP", 0),
        (b"", "what it says is no HTTP", 0),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]", None, 200),
        (b'HTTP/1.1 200 OK\r\n\r\n{"checks": {"store": {"status": "odd", "reason": ""}}}', None, 200),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1_000_000, None, 200),
    ],
    ids=["no HTTP", "an end", "a list", "an unknown status", "much"],
)
async def test_something_else_there_is_said(says: bytes, failure: str | None, status: int) -> None:
    async def speak(reader: StreamReader, writer: StreamWriter) -> None:
        writer.write(says)
        writer.write_eof()
        writer.close()

    async with await asyncio.start_server(speak, *HERE) as server:
        found = await asked(server.sockets[0].getsockname(), None, 60)

    assert (found.failure, found.status, found.checks) == (failure, status, None)


async def test_one_that_says_nothing_is_left() -> None:
    with socket.create_server(HERE) as silent:
        place: Place = silent.getsockname()
        found = await asked(place, None, 0.2)

    assert (found.failure, found.checks) == ("not within 0.2 s", None)
