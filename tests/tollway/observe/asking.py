"""Who asks for metrics, over real sockets."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from tollway.observe.admin import Admin

GET = b"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1:9464\r\n\r\n"
TEXT = b"# the metrics\n"
LONG = 120


async def metrics() -> bytes:
    """The text."""
    return TEXT


@asynccontextmanager
async def listening(
    text: Callable[[], Awaitable[bytes]] = metrics, seconds: float = LONG, most_at_once: int = 64
) -> AsyncIterator[int]:
    """A listener; its port."""
    admin = Admin(text, seconds, most_at_once)
    _, port = await asyncio.to_thread(admin.start, "127.0.0.1", 0)
    try:
        yield port
    finally:
        await asyncio.to_thread(admin.stop)


async def ask(port: int, request: bytes = GET) -> tuple[int, dict[str, str], bytes]:
    """Status, headers in small letters, body; the connection has ended then."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
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
