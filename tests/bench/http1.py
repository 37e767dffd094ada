"""The load's HTTP/1.1."""

import asyncio
import time
from typing import Self

from tests.bench.calls import Call
from tests.bench.connection import Target, Timing, reach, some


class Http1:
    """Calls one after another on one HTTP/1.1 connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> None:
        self._reader = reader
        self._writer = writer
        self._request = request

    @classmethod
    async def open(cls, target: Target, call: Call) -> Self:
        """Connect to the target."""
        return cls(*await reach(target, call, "http/1.1"), request(call))

    async def call(self) -> Timing:
        """Make the call, and read all of its answer."""
        start = time.perf_counter()
        head = (await self.begin()).lower()
        if b"\r\ncontent-length:" in head:
            first = await self._counted(int(head.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0]))
        else:
            first = await self._chunked()
        return Timing(first - start, time.perf_counter() - start)

    async def begin(self) -> bytes:
        """Send the request; the answer's head."""
        self._writer.write(self._request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"answered: {head.decode(errors='replace')}")
        return head

    async def rest(self) -> None:
        """Read until the connection ends."""
        while await self._reader.read(2**16):
            pass

    def close(self) -> None:
        """Drop the connection."""
        self._writer.transport.abort()

    async def _counted(self, length: int) -> float:
        left = length - len(await some(self._reader))
        first = time.perf_counter()
        await self._reader.readexactly(left)
        return first

    async def _chunked(self) -> float:
        tail = (await some(self._reader))[-5:]
        first = time.perf_counter()
        while tail != b"0\r\n\r\n":
            tail = (tail + await some(self._reader))[-5:]
        return first


def request(call: Call) -> bytes:
    """The call as it goes out."""
    head = f"POST {call.path} HTTP/1.1\r\nHost: {call.host}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in call.headers())
    return head.encode() + b"\r\n" + call.body
