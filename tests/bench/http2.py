"""The load's HTTP/2."""

import asyncio
import time
from typing import Self

import h2.config
import h2.connection
import h2.events

from tests.bench.calls import Call
from tests.bench.connection import Target, Timing, reach, some

STATUS = b":status"


class Http2:
    """Calls one after another on one HTTP/2 connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, call: Call) -> None:
        self._reader = reader
        self._writer = writer
        self._call = call
        self._h2 = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding=None))
        self._h2.initiate_connection()
        self._h2.increment_flow_control_window(2**24)
        self._first = 0.0

    @classmethod
    async def open(cls, target: Target, call: Call) -> Self:
        """Connect to the target."""
        return cls(*await reach(target, call, "h2"), call)

    async def call(self) -> Timing:
        """Make the call, and read all of its answer."""
        start = time.perf_counter()
        self._first = 0.0
        stream = self._h2.get_next_available_stream_id()
        pseudo = [(":method", "POST"), (":authority", self._call.host), (":scheme", "https")]
        self._h2.send_headers(stream, [*pseudo, (":path", self._call.path), *self._call.headers()])
        await self._send(stream)
        while not self._ended(await some(self._reader)):
            pass
        return Timing(self._first - start, time.perf_counter() - start)

    def close(self) -> None:
        """Drop the connection."""
        self._writer.transport.abort()

    async def _send(self, stream: int) -> None:
        """The body, as far as flow control lets it."""
        body = self._call.body
        while body:
            room = min(self._h2.local_flow_control_window(stream), self._h2.max_outbound_frame_size)
            if room == 0:
                self._flush()
                self._h2.receive_data(await some(self._reader))
                continue
            self._h2.send_data(stream, body[:room], end_stream=len(body) <= room)
            body = body[room:]
        self._flush()

    def _ended(self, data: bytes) -> bool:
        ended = False
        for event in self._h2.receive_data(data):
            if isinstance(event, h2.events.ResponseReceived):
                if dict(event.headers).get(STATUS) != b"200":
                    raise RuntimeError(f"answered: {event.headers}")
            elif isinstance(event, h2.events.DataReceived):
                self._first = self._first or time.perf_counter()
                self._h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            elif isinstance(event, h2.events.StreamReset | h2.events.ConnectionTerminated):
                raise RuntimeError(f"the answer was cut off: {event}")
            ended = ended or isinstance(event, h2.events.StreamEnded)
        self._flush()
        return ended

    def _flush(self) -> None:
        self._writer.write(self._h2.data_to_send())
