"""Connections of the load, kept from call to call: how they reach a host, and what a call on one took."""

import asyncio
import ssl
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from tests.bench.calls import Call


@dataclass(frozen=True)
class Target:
    """Where calls go to."""

    port: int
    direct: bool = False
    """A base URL without TLS, and no proxy."""
    token: str = ""
    """What is shown to the proxy, if anything."""


@dataclass(frozen=True)
class Timing:
    """Seconds from the call to the first byte of the answer's body, and to the last."""

    first: float
    last: float


class Connection(Protocol):
    """One connection, with one call at a time."""

    async def call(self) -> Timing:
        """Make the call. Raises RuntimeError for an answer other than 200, or one that is cut off."""

    def close(self) -> None:
        """Drop it."""


@cache
def unverified(alpn: str) -> ssl.SSLContext:
    """Each proxy has its own CA, and trust is not what is measured."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols([alpn])
    return context


async def reach(target: Target, call: Call, alpn: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection to the call's host: through the proxy with TLS, or to the base URL as it is."""
    reader, writer = await asyncio.open_connection("127.0.0.1", target.port, limit=2**20)
    try:
        if not target.direct:
            await tunnel(target, call, alpn, reader, writer)
    except BaseException:
        writer.transport.abort()
        raise
    return reader, writer


async def tunnel(
    target: Target, call: Call, alpn: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Through the proxy, with TLS to the call's host. Raises RuntimeError if the proxy refuses."""
    shown = f"Proxy-Authorization: Bearer {target.token}\r\n" if target.token else ""
    writer.write(f"CONNECT {call.host}:443 HTTP/1.1\r\nHost: {call.host}:443\r\n{shown}\r\n".encode())
    answer = await reader.readuntil(b"\r\n\r\n")
    if b" 200 " not in answer[:20]:
        raise RuntimeError(f"no tunnel to {call.host}: {answer.decode(errors='replace')}")
    await writer.start_tls(unverified(alpn), server_hostname=call.host)


async def some(reader: asyncio.StreamReader) -> bytes:
    """What comes next. Raises RuntimeError at the end of the connection."""
    data = await reader.read(2**16)
    if not data:
        raise RuntimeError("the answer was cut off")
    return data
