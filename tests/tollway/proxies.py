"""Proxies that are no Tollway: they say to every request what a test wants, and keep what they were sent."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Other:
    """A server that has one answer."""

    port: int = 0
    heads: list[str] = field(default_factory=list)
    """Of the requests, in their order."""

    @property
    def url(self) -> str:
        """What HTTPS_PROXY would be."""
        return f"http://127.0.0.1:{self.port}"


@asynccontextmanager
async def saying(answer: bytes, tls: ssl.SSLContext | None = None) -> AsyncIterator[Other]:
    """A server that answers so, and closes, for as long as the context lasts."""
    other = Other()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            other.heads.append((await reader.readuntil(b"\r\n\r\n")).decode("latin-1"))
            writer.write(answer)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    other.port = server.sockets[0].getsockname()[1]
    try:
        yield other
    finally:
        server.close()


def answer(status: int, body: str, kind: str = "text/plain") -> bytes:
    """Bytes of an answer."""
    head = f"HTTP/1.1 {status} x\r\nContent-Type: {kind}\r\nContent-Length: {len(body.encode())}\r\n"
    return f"{head}Connection: close\r\n\r\n{body}".encode()
