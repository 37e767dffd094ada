"""Proxies that are no Tollway: they do what a test says."""

import asyncio
import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

SECRET = "s3cret"
"""Of who logs in at a company's."""
Serve = Callable[[StreamReader, StreamWriter], Awaitable[None]]
"""What becomes of one connection; it is closed then."""


@dataclass
class Other:
    """A server that has one answer."""

    url: str
    """What HTTPS_PROXY would be."""
    heads: list[str] = field(default_factory=list)
    """Of the requests, in their order."""

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.url.rpartition(":")[2])


@asynccontextmanager
async def served(serve: Serve, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """The URL of a server that serves each connection so, for as long as the context lasts."""
    tasks: set[asyncio.Task[None]] = set()

    async def one(reader: StreamReader, writer: StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            await serve(reader, writer)

    def take(reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(one(reader, writer))
        tasks.add(task)
        task.add_done_callback(lambda _: writer.close())

    server = await asyncio.start_server(take, "127.0.0.1", 0, ssl=tls)
    scheme = "https" if tls else "http"
    try:
        yield f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


@asynccontextmanager
async def saying(said: bytes) -> AsyncIterator[Other]:
    """A server that answers so, and closes."""

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        other.heads.append((await reader.readuntil(b"\r\n\r\n")).decode("latin-1"))
        writer.write(said)

    async with served(serve) as url:
        other = Other(url)
        yield other


def answer(status: int, body: str, kind: str = "text/plain") -> bytes:
    """Bytes of an answer."""
    head = f"HTTP/1.1 {status} x\r\nContent-Type: {kind}\r\nContent-Length: {len(body.encode())}\r\n"
    return f"{head}Connection: close\r\n\r\n{body}".encode()


@dataclass
class Company:
    """A proxy that leads to the simulator, whatever is asked of it."""

    url: str = ""
    asked: list[str] = field(default_factory=list)
    """The first lines of what it was asked."""
    shown: set[str | None] = field(default_factory=set)
    """Log-ins, in lower case."""

    @property
    def login(self) -> str:
        """Its URL, with a log-in."""
        return self.url.replace("://", f"://me:{SECRET}@")

    @property
    def mode(self) -> str:
        """Of a proxy that goes by way of it."""
        return f"upstream:{self.login}"


@asynccontextmanager
async def company(
    address: str, tls_port: int, plain_port: int, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Company]:
    """One: what is for ports 443 and 80 goes to these, all else to its own port there."""
    found = Company()

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        line, *fields = head.split("\r\n")
        found.asked.append(line)
        shown = dict(each.lower().split(": ", 1) for each in fields if ": " in each)
        found.shown.add(shown.get("proxy-authorization"))
        method, target, _ = line.split(" ")
        port = tls_port if target.endswith(":443") else plain_port
        if not target.endswith((":443", ":80")) and method == "CONNECT":
            port = int(target.rpartition(":")[2])
        their_reader, their_writer = await asyncio.open_connection(address, port)
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        else:
            path = "/" + target.split("/", 3)[3]
            their_writer.write(head.replace(target, path, 1).encode("latin-1"))
        try:
            await asyncio.gather(relayed(reader, their_writer), relayed(their_reader, writer))
        finally:
            their_writer.close()

    async with served(serve, tls) as url:
        found.url = url
        yield found


async def relayed(reader: StreamReader, writer: StreamWriter) -> None:
    """All that comes here goes there."""
    while data := await reader.read(1 << 16):
        writer.write(data)
        await writer.drain()
    writer.close()
