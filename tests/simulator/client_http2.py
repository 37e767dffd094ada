"""HTTP/2 on a RawClient, frame by frame, with the h2 library as the judge of what is legal."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import h2.config
import h2.connection
import h2.errors
import h2.events

from tests.simulator.client import Chunk, RawClient

type Headers = list[tuple[str, str]]


@dataclass(slots=True)
class Answer:
    """What came on one stream so far."""

    status: int = 0
    headers: Headers = field(default_factory=list)
    informational: list[int] = field(default_factory=list)
    chunks: list[Chunk] = field(default_factory=list)
    trailers: Headers = field(default_factory=list)
    whole: bool = False
    """END_STREAM came."""
    reset: int | None = None
    """The code of RST_STREAM."""

    @property
    def body(self) -> bytes:
        """All DATA, content coding untouched."""
        return b"".join(chunk.data for chunk in self.chunks)


class Http2Client:
    """Streams on one connection. Make it with `await Http2Client.on(raw)`; alpn must have been h2."""

    def __init__(self, raw: RawClient) -> None:
        self.raw = raw
        self.answers: dict[int, Answer] = {}
        self.goaway: int | None = None
        """The code of GOAWAY."""
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding=None))

    @classmethod
    async def on(cls, raw: RawClient) -> "Http2Client":
        """Begin HTTP/2 on an open connection."""
        client = cls(raw)
        client.h2.initiate_connection()
        await client.flush()
        return client

    async def request(
        self, host: str, path: str, headers: Headers, body: bytes | None, *, method: str = "POST"
    ) -> int:
        """Send a request; the stream's number. Body None: the stream is left open for `send`."""
        stream = self.h2.get_next_available_stream_id()
        pseudo = [(":method", method), (":scheme", "https"), (":authority", host), (":path", path)]
        self.answers[stream] = Answer()
        self.h2.send_headers(stream, pseudo + headers, end_stream=body == b"")
        await self.flush()
        if body:
            await self.send(stream, body, end=True)
        return stream

    async def send(self, stream: int, data: bytes, *, end: bool = False) -> None:
        """Send DATA in frames as large as the windows allow, waiting for them."""
        while data:
            size = min(len(data), self.h2.local_flow_control_window(stream), self.h2.max_outbound_frame_size)
            if size <= 0:
                await self.pump()
                continue
            self.h2.send_data(stream, data[:size], end_stream=end and size == len(data))
            data = data[size:]
            await self.flush()

    async def cancel(self, stream: int, code: int = h2.errors.ErrorCodes.CANCEL) -> None:
        """RST_STREAM."""
        self.h2.reset_stream(stream, code)
        await self.flush()

    async def answer(self, stream: int) -> Answer:
        """The answer once it is whole, reset, or the connection has ended."""
        return await self.until(stream, lambda answer: answer.whole or answer.reset is not None)

    async def until(self, stream: int, done: Callable[[Answer], bool]) -> Answer:
        """The answer once `done` says so, or the connection has ended."""
        answer = self.answers[stream]
        while not done(answer) and await self.pump():
            pass
        return answer

    async def pump(self) -> bool:
        """Take in the next bytes; False once the peer has ended. Raises h2's ProtocolError."""
        data = await self.raw.receive()
        for event in self.h2.receive_data(data) if data else ():
            self._take(event)
        await self.flush()
        return bool(data)

    async def flush(self) -> None:
        """Send the frames that h2 has made."""
        data = self.h2.data_to_send()
        if data and not self.raw.ended:
            await self.raw.send(data)

    def _take(self, event: h2.events.Event) -> None:
        if isinstance(event, h2.events.ConnectionTerminated):
            self.goaway = int(event.error_code or 0)
            return
        answer = self.answers.get(getattr(event, "stream_id", None) or 0, Answer())
        match event:
            case h2.events.InformationalResponseReceived():
                answer.informational.append(int(dict(_text(event.headers))[":status"]))
            case h2.events.ResponseReceived():
                answer.status = int(dict(_text(event.headers))[":status"])
                answer.headers = [pair for pair in _text(event.headers) if not pair[0].startswith(":")]
            case h2.events.DataReceived():
                answer.chunks.append(Chunk(asyncio.get_running_loop().time(), event.data))
                self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            case h2.events.TrailersReceived():
                answer.trailers = _text(event.headers)
            case h2.events.StreamEnded():
                answer.whole = True
            case h2.events.StreamReset():
                answer.reset = int(event.error_code)


def _text(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
