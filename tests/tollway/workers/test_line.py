"""What supervisor and worker say to each other."""

import asyncio
import socket

import pytest

from tollway.workers.line import Line, Said


async def lines() -> tuple[Line, Line]:
    """Both ends."""
    one, other = socket.socketpair()
    return await Line.on(one), await Line.on(other)


async def heard(line: Line) -> list[Said]:
    """All that is said, to the end."""
    return [said async for said in line.heard()]


async def test_what_is_said_is_heard_until_the_end() -> None:
    """However large it is."""
    one, other = await lines()
    hearing = asyncio.ensure_future(heard(other))
    one.say(do="stop")
    one.say(large="x" * 2**20, number=1)
    await one.close()

    assert await hearing == [{"do": "stop"}, {"large": "x" * 2**20, "number": 1}]
    other.say(too="late")
    await other.close()
    other.say(too="late")


async def test_what_breaks_off_was_not_said() -> None:
    ours, theirs = socket.socketpair()
    line = await Line.on(ours)
    theirs.sendall(b'{"a":1}\n{"b"')
    theirs.close()

    assert await heard(line) == [{"a": 1}]
    await line.close()


@pytest.mark.skipif(not hasattr(socket, "SO_LINGER"), reason="no reset can be made")
async def test_nor_is_an_end_without_notice_an_error() -> None:
    ours, theirs = socket.socketpair()
    line = await Line.on(ours)
    line.say(unread="x")
    theirs.close()  # what it has not read makes this a reset

    assert await heard(line) == []
    await line.close()
