"""What supervisor and worker say to each other: JSON objects, one a line, over a pair of sockets.

It ends with either of them, however it ends; the other reads that.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from typing import Any

import orjson

LONGEST = 64 * 2**20
"""Bytes of a line: a worker's metrics are some hundred kilobytes."""

Said = Mapping[str, Any]


class Line:
    """One end of it. Belongs to one event loop."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def on(cls, end: socket.socket) -> "Line":
        """Over this socket, which is closed with it."""
        return cls(*await asyncio.open_connection(sock=end, limit=LONGEST))

    def say(self, **said: Any) -> None:
        """Have it sent; whoever is gone hears nothing."""
        if not self._writer.is_closing():
            self._writer.write(orjson.dumps(said) + b"\n")

    async def heard(self) -> AsyncIterator[Said]:
        """What the other says, until its end. The end may come within a line, which then was not said."""
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                yield orjson.loads(await self._reader.readuntil(b"\n"))

    async def close(self) -> None:
        """Say what is still to be said, and hang up."""
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()
