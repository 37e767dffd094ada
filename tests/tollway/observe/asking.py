"""Who asks for metrics, over real sockets."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from tollway.observe.admin import Admin
from tollway.observe.answering import Answer, Asked, Page, Pages
from tollway.observe.door import Door
from tollway.observe.exposition import CONTENT_TYPE
from tollway.observe.place import Place

GET = b"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1:9464\r\n\r\n"
TEXT = b"# the metrics\n"
LONG = 120


async def metrics() -> bytes:
    """The text."""
    return TEXT


def pages_of(text: Callable[[], Awaitable[bytes]] = metrics, door: Door | None = None) -> Pages:
    """The metrics, and a probe that says yes, and whether it may say more."""

    async def tell(asked: Asked) -> Answer:
        return Answer(200, await text(), CONTENT_TYPE)

    async def probe(asked: Asked) -> Answer:
        return Answer(200, b"yes, and more\n" if asked.is_known else b"yes\n")

    return Pages(
        door=door or Door(),
        by_path={
            b"/metrics": Page(name="the metrics", tell=tell),
            b"/healthz": Page(name="whether it lives", tell=probe, is_probe=True),
        },
    )


@asynccontextmanager
async def listening(
    text: Callable[[], Awaitable[bytes]] = metrics, seconds: float = LONG, most_at_once: int = 64
) -> AsyncIterator[int]:
    """A listener; its port."""
    async with listening_at(("127.0.0.1", 0), pages_of(text), seconds, most_at_once) as place:
        assert isinstance(place, tuple)
        yield place[1]


@asynccontextmanager
async def listening_at(
    place: Place, pages: Pages, seconds: float = LONG, most_at_once: int = 64
) -> AsyncIterator[Place]:
    """A listener anywhere; where."""
    admin = Admin(pages, seconds, most_at_once)
    found = await asyncio.to_thread(admin.start, place)
    try:
        yield found
    finally:
        await asyncio.to_thread(admin.stop)


async def ask(place: int | Path, request: bytes = GET) -> tuple[int, dict[str, str], bytes]:
    """Of a port or a socket: status, headers in small letters, body; the connection has ended then."""
    if isinstance(place, Path):
        reader, writer = await asyncio.open_unix_connection(place)
    else:
        reader, writer = await asyncio.open_connection("127.0.0.1", place)
    try:
        writer.write(request)
        async with asyncio.timeout(LONG):
            return parsed(await reader.read())
    finally:
        writer.close()


def parsed(answer: bytes) -> tuple[int, dict[str, str], bytes]:
    """Of a whole answer."""
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    found = re.fullmatch(r"HTTP/1\.1 (\d+) [A-Z].*", first)
    assert found
    return (
        int(found[1]),
        {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)},
        body,
    )


async def ended_without_an_answer(reader: asyncio.StreamReader) -> bool:
    """Whether the connection's end comes, and nothing before it."""
    async with asyncio.timeout(LONG):
        try:
            return await reader.read() == b""
        except ConnectionResetError:
            return True
