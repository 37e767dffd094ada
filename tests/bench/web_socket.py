"""The load's WebSockets: calls one after another on one socket."""

import asyncio
import time
from typing import Self

from tests.bench.calls import Call
from tests.bench.connection import Target, Timing, reach, some
from tollway.engine.assembly import Assembly
from tollway.engine.frames import TEXT, Frames, framed

PACKED = "Sec-WebSocket-Extensions: permessage-deflate\r\n"
ENDS = b'"type":"response.completed"'


class WebSocket:
    """One socket on which OpenAI's Responses are spoken; each message from the client is plain."""

    offers = ""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: bytes) -> None:
        self._reader = reader
        self._writer = writer
        self._asked = asked
        self._frames = Frames(False, bool(self.offers))
        self._assembly = Assembly()

    @classmethod
    async def open(cls, target: Target, call: Call) -> Self:
        """Connect to the target, and open a socket."""
        reader, writer = await reach(target, call, "http/1.1")
        head = (
            f"GET {call.path} HTTP/1.1\r\nHost: {call.host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        )
        head += f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n{cls.offers}"
        head += "".join(
            f"{name}: {value}\r\n" for name, value in (*call.credential, ("x-sim", call.scenario))
        )
        writer.write(head.encode() + b"\r\n")
        answer = await reader.readuntil(b"\r\n\r\n")
        if not answer.startswith(b"HTTP/1.1 101"):
            answer += await reader.read(1000)
            writer.transport.abort()
            raise RuntimeError(f"answered: {answer.decode(errors='replace')}")
        return cls(reader, writer, call.body)

    async def call(self) -> Timing:
        """Make the call, and read all of its answer."""
        start = time.perf_counter()
        self._writer.write(framed(TEXT, self._asked, True))
        first = 0.0
        while True:
            data = await some(self._reader)
            first = first or time.perf_counter()
            for frame in self._frames.feed(data):
                message = self._assembly.take(frame)
                if message is not None and ENDS in message.content[:64]:
                    return Timing(first - start, time.perf_counter() - start)

    def close(self) -> None:
        """Drop the connection."""
        self._writer.transport.abort()


class PackedSocket(WebSocket):
    """The same with permessage-deflate."""

    offers = PACKED
