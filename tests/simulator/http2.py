"""HTTP/2 as a server. Its own framing, because the h2 library would be slower than the proxy under test."""

import asyncio
import struct
from collections.abc import Callable
from typing import cast

from tests.simulator.desk import Desk
from tests.simulator.exchange import Exchange
from tests.simulator.http1_channel import reset
from tests.simulator.http2_frames import (
    ACK,
    CONTINUATION,
    DATA,
    END_STREAM,
    GOAWAY,
    HEADERS,
    PING,
    PUSH,
    RST_STREAM,
    SETTINGS,
    WINDOW_UPDATE,
    Http2Error,
    frame,
    goaway,
    settings,
    unpadded,
    window_update,
)
from tests.simulator.http2_reader import Block, FrameReader, HeaderBlocks
from tests.simulator.http2_stream import WINDOW, Stream
from tests.simulator.seen import Connection

CONNECTION_WINDOW = 1 << 24
MAX_STREAMS, INITIAL_WINDOW = 3, 4
"""Settings."""
FORBIDDEN = {"connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"}


class Http2(asyncio.Protocol):
    """One connection and its streams."""

    def __init__(self, desk: Desk, connection: Connection, transport: asyncio.Transport) -> None:
        self.paused = False
        self.window = 65_535
        """What may still be sent on the connection."""
        self.initial_window = 65_535
        """What a new stream may send."""
        self.last = False
        """The connection closes with its last stream."""
        self._desk = desk
        self._connection = connection
        self._transport = transport
        self._frames = FrameReader()
        self._blocks = HeaderBlocks()
        self._out: list[bytes] = []
        self._streams: dict[int, Stream] = {}
        self._highest = 0
        self._taken = 0
        self._first_block = True
        self.write(settings({MAX_STREAMS: desk.max_streams, INITIAL_WINDOW: WINDOW}))
        self.write(window_update(0, CONNECTION_WINDOW))
        self.flush()

    # The connection's events.

    def data_received(self, data: bytes) -> None:
        """Take what arrived, in whatever pieces."""
        try:
            for frame_ in self._frames.feed(data):
                self._take(*frame_)
        except Http2Error as error:
            self._fail(error)
        self.flush()

    def connection_lost(self, error: Exception | None) -> None:
        """The client is gone, and with it all streams."""
        self._connection.open = False
        self._desk.transports.discard(self._transport)
        for stream in list(self._streams.values()):
            if stream.exchange is not None:
                stream.exchange.left("eof" if error is None else "lost")

    def pause_writing(self) -> None:
        """The client takes less than it is given."""
        self.paused = True

    def resume_writing(self) -> None:
        """The client caught up."""
        self.paused = False
        for stream in list(self._streams.values()):
            stream.wake()

    # What streams use.

    def write(self, data: bytes) -> None:
        """Queue frames."""
        self._out.append(data)

    def write_headers(self, frames: Callable[..., bytes], number: int, block: bytes, *, end: bool) -> None:
        """Queue a header block. The first one says that no dynamic table is used, whatever the peer set."""
        if self._first_block:
            block, self._first_block = b"\x20" + block, False
        self.write(frames(number, block, end=end))

    def flush(self) -> None:
        """Send what was queued, if anybody is there."""
        if self._out and self._connection.open and not self._transport.is_closing():
            self._transport.write(b"".join(self._out))
        self._out.clear()

    def close(self) -> None:
        """Close in order."""
        self._transport.close()

    def break_off(self, how: str) -> None:
        """Do to the connection what a cut asks for."""
        if how == "abrupt":
            self._transport.abort()
        elif how == "reset":
            reset(self._transport)
        elif how in ("close", "goaway_lost"):
            self.close()

    def forget(self, stream: Stream) -> None:
        """A stream is over once both sides are, and nothing waits for its window."""
        if stream.done and stream.received and not stream.waiting:
            self._streams.pop(stream.number, None)
        if self.last and not self._streams:
            self.flush()
            self.close()

    # Frames.

    def _take(self, kind: int, flags: int, number: int, payload: bytes) -> None:
        if self._blocks.open_on not in (None, number) or (self._blocks.open_on and kind != CONTINUATION):
            raise Http2Error("a header block is interrupted")
        reader = READERS.get(kind)
        if reader is not None:
            reader(self, flags, number, payload)

    def _headers(self, flags: int, number: int, payload: bytes) -> None:
        if number % 2 == 0:
            raise Http2Error(f"stream {number} is not the client's")
        self._block(number, self._blocks.begin(flags, number, payload))

    def _continuation(self, flags: int, number: int, payload: bytes) -> None:
        self._block(number, self._blocks.go_on(flags, payload))

    def _block(self, number: int, block: Block | None) -> None:
        if block is None:
            return
        stream = self._streams.get(number)
        if stream is not None:
            self._request_ends(stream, block.headers)
        elif number > self._highest:
            self._highest = number
            self._open(number, block.headers, block.end)

    def _open(self, number: int, headers: tuple[tuple[str, str], ...], end: bool) -> None:
        stream = self._streams[number] = Stream(self, number)
        pseudo = {name: value for name, value in headers if name.startswith(":")}
        rest = tuple([pair for pair in headers if not pair[0].startswith(":")])
        seen = self._desk.see(
            self._connection,
            protocol="HTTP/2",
            method=pseudo.get(":method", ""),
            target=pseudo.get(":path", ""),
            origin=pseudo.get(":path", ""),
            host=pseudo.get(":authority") or dict(rest).get("host", ""),
            headers=rest,
            fault=_fault(rest),
        )
        length = dict(rest).get("content-length")
        stream.length = int(length) if length is not None and length.isdecimal() else None
        stream.exchange = Exchange(self._desk, seen, stream)
        stream.exchange.begin()
        if end:
            self._request_ends(stream, ())

    def _data(self, flags: int, number: int, payload: bytes) -> None:
        self._taken += len(payload)
        if self._taken >= CONNECTION_WINDOW // 2:
            self.write(window_update(0, self._taken))
            self._taken = 0
        stream = self._streams.get(number)
        if stream is None or stream.received:
            return
        exchange = cast(Exchange, stream.exchange)
        exchange.seen.frames += 1
        if payload:
            exchange.feed(unpadded(flags, payload))
            stream.took(len(payload))
        if flags & END_STREAM:
            self._request_ends(stream, ())

    def _request_ends(self, stream: Stream, trailers: tuple[tuple[str, str], ...]) -> None:
        exchange = cast(Exchange, stream.exchange)
        stream.received = True
        size = exchange.seen.body.size
        if stream.length is not None and stream.length != size:
            exchange.seen.fault = f"content-length says {stream.length}, the body has {size} bytes"
        exchange.received(trailers)
        self.forget(stream)

    def _rst_stream(self, flags: int, number: int, payload: bytes) -> None:
        stream = self._streams.pop(number, None)
        if stream is not None and stream.exchange is not None:
            stream.received = True
            stream.exchange.left(f"rst_stream:{int.from_bytes(payload)}")

    def _settings(self, flags: int, number: int, payload: bytes) -> None:
        if flags & ACK:
            return
        for key, value in struct.iter_unpack(">HI", payload):
            if key == INITIAL_WINDOW:
                for stream in self._streams.values():
                    stream.window += value - self.initial_window
                self.initial_window = value
        self.write(frame(SETTINGS, ACK, 0))
        self._push_all()

    def _window_update(self, flags: int, number: int, payload: bytes) -> None:
        increment = int.from_bytes(payload) & 0x7FFFFFFF
        if number == 0:
            self.window += increment
            self._push_all()
        elif (stream := self._streams.get(number)) is not None:
            stream.window += increment
            stream.push()

    def _push_all(self) -> None:
        for stream in list(self._streams.values()):
            stream.push()

    def _ping(self, flags: int, number: int, payload: bytes) -> None:
        if not flags & ACK:
            self.write(frame(PING, ACK, 0, payload))

    def _goaway(self, flags: int, number: int, payload: bytes) -> None:
        self.last = True
        if not self._streams:
            self.close()

    def _push_promise(self, flags: int, number: int, payload: bytes) -> None:
        raise Http2Error("clients must not push")

    def _fail(self, error: Http2Error) -> None:
        self._connection.fault = str(error)
        self.write(goaway(self._highest, error.code))
        self.flush()
        self.close()


def _fault(headers: tuple[tuple[str, str], ...]) -> str:
    """What RFC 9113, 8.2 forbids in a request's headers."""
    bad = [name for name, _ in headers if name in FORBIDDEN or name != name.lower()]
    return f"HTTP/2 forbids these headers: {', '.join(bad)}" if bad else ""


READERS: dict[int, Callable[[Http2, int, int, bytes], None]] = {
    DATA: Http2._data,
    HEADERS: Http2._headers,
    CONTINUATION: Http2._continuation,
    RST_STREAM: Http2._rst_stream,
    SETTINGS: Http2._settings,
    PUSH: Http2._push_promise,
    PING: Http2._ping,
    GOAWAY: Http2._goaway,
    WINDOW_UPDATE: Http2._window_update,
}
"""The rest (PRIORITY, unknown kinds) is passed over, as RFC 9113, 4.1 says."""
