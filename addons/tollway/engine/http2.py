"""HTTP/2 connections that end as peers mean them to, and keep nothing of streams that ended.

mitmproxy 12.2 (and the h2 library under it) takes GOAWAY for the end of the connection, and breaks off every
stream on it. Providers send it to connections that they have served for long enough, and finish what they
took (RFC 9113, section 6.8); clients that ask no more send it too. Streams that wait for their turn on a
connection that ends are never heard of again, and an entry for each stream stays as long as its connection.
"""

from collections.abc import Callable, Generator
from typing import Any

import h2.errors
import h2.events
from h2.connection import H2Connection
from h2.settings import SettingCodes
from hyperframe.frame import GoAwayFrame
from mitmproxy.connection import Connection, ConnectionState
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layers.http import (
    ErrorCode,
    HttpEvent,
    RequestEndOfMessage,
    RequestHeaders,
    RequestProtocolError,
    ResponseEndOfMessage,
    ResponseHeaders,
    ResponseProtocolError,
    _http2,
)
from mitmproxy.proxy.layers.http._base import ReceiveHttp

from tollway.engine.backlog import SMALL, WINDOW, Taken, size
from tollway.engine.header_blocks import Compressor
from tollway.engine.last_answer import LastAnswer
from tollway.engine.last_piece import LastRequestData, LastResponseData

Commands = Generator[commands.Command, Any, None]


RESETS: dict[int, ErrorCode] = {
    h2.errors.ErrorCodes.CANCEL: ErrorCode.CANCEL,
    h2.errors.ErrorCodes.HTTP_1_1_REQUIRED: ErrorCode.HTTP_1_1_REQUIRED,
}


class NotTaken(ResponseProtocolError):
    """The provider says that it did not touch the request: to try again is safe, and nothing is billed."""

    def __init__(self, stream_id: int, message: str) -> None:
        super().__init__(stream_id, message, ErrorCode.GENERIC_SERVER_ERROR)


class PeerLeaves(h2.events.Event):
    """GOAWAY: the peer takes no stream after this one."""

    def __init__(self, last: int) -> None:
        self.last = last


def outlive_goaway(connection: H2Connection) -> None:
    """Have a GOAWAY told as `PeerLeaves`, and the connection go on."""
    connection._frame_dispatch_table[GoAwayFrame] = lambda frame: ([], [PeerLeaves(frame.last_stream_id)])


class _Connection(_http2.Http2Connection):
    """What both sides share: streams are dropped before others hear of their end, and their senders wait."""

    is_full: Callable[[Connection, int], bool]
    """Whether what this connection sends on a stream (as the client numbers it) waits for its receiver."""
    _unlooked: int = 0
    _held: dict[int, int]
    """Bytes by stream that are not given back yet to who sent them."""

    def hold_back(self, is_full: Callable[[Connection, int], bool]) -> None:
        """From now on, senders wait for receivers."""
        self.h2_conn.encoder = Compressor(self.h2_conn.encoder.header_table_size)
        self.is_full = is_full
        self._held = {}
        self.h2_conn.update_settings({SettingCodes.INITIAL_WINDOW_SIZE: WINDOW})
        self.h2_conn.local_settings.acknowledge()  # it is told before any stream is opened

    def queued(self, stream_id: int) -> int:
        """Bytes of a stream, as the client numbers it, that wait to be sent here."""
        return size(self.h2_conn.stream_buffers.get(stream_id, ()))

    def theirs(self, stream_id: int) -> int:
        """A stream as the client numbers it."""
        return stream_id

    def _ended_with(self, piece: LastRequestData | LastResponseData) -> bool:
        """Send a body's last piece in a frame that ends its stream; not if it would not be one frame, now."""
        connection, stream_id, size = self.h2_conn, piece.stream_id, len(piece.data)
        if not self.is_open_for_us(stream_id) or connection.stream_buffers.get(stream_id):
            return False
        if size > min(connection.max_outbound_frame_size, connection.local_flow_control_window(stream_id)):
            return False
        connection.send_data(stream_id, piece.data, end_stream=True)
        return True

    def _received(self, event: h2.events.DataReceived) -> Generator[commands.Command, Any, bool]:
        """As mitmproxy, but what was received is not given back at once while its receiver is behind."""
        state, stream_id = self.streams.get(event.stream_id), event.stream_id
        if state is _http2.StreamState.EXPECTING_HEADERS:
            yield from self.protocol_error("Received HTTP/2 data frame, expected headers.")
            return True
        if state is not None and event.data:
            yield ReceiveHttp(self.ReceiveData(stream_id, event.data))
        length = event.flow_controlled_length
        self._unlooked += length
        if stream_id in self._held or (self._unlooked > SMALL and self._is_behind(stream_id)):
            self._held[stream_id] = self._held.get(stream_id, 0) + length
        else:
            self.h2_conn.acknowledge_received_data(length, stream_id)
        return False

    def _is_behind(self, stream_id: int) -> bool:
        self._unlooked = 0
        return self.is_full(self.conn, self.theirs(stream_id))

    def _give_back(self, stream_id: int) -> Commands:
        if length := self._held.pop(stream_id, 0):
            self.h2_conn.acknowledge_received_data(length, stream_id)
            yield commands.SendData(self.conn, self.h2_conn.data_to_send())

    def close_connection(self, msg: str) -> Commands:
        yield commands.CloseConnection(self.conn)
        streams, self.streams = self.streams, {}
        self._handle_event = self.done  # type: ignore[method-assign]
        for stream_id in streams:
            yield ReceiveHttp(self.ReceiveProtocolError(stream_id, msg, self.ReceiveProtocolError.code))

    def handle_h2_event(self, event: h2.events.Event) -> Generator[commands.Command, Any, bool]:
        if isinstance(event, h2.events.DataReceived):
            return (yield from self._received(event))
        if not isinstance(event, h2.events.StreamReset):
            return (yield from super().handle_h2_event(event))
        if self.streams.pop(event.stream_id, None):
            yield ReceiveHttp(self.reset(event))
        return False

    def reset(self, event: h2.events.StreamReset) -> RequestProtocolError | ResponseProtocolError:
        """What a RST_STREAM means."""
        name = getattr(event.error_code, "name", event.error_code)
        code = RESETS.get(event.error_code or 0, self.ReceiveProtocolError.code)
        return self.ReceiveProtocolError(event.stream_id, f"the stream was reset ({name})", code)


class Http2Server(_Connection, _http2.Http2Server):
    """The client's side."""

    leaving: bool = False
    """The client asks no more, or is to ask on another connection; it still takes answers."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        outlive_goaway(self.h2_conn)

    def _handle_event(self, event: events.Event) -> Commands:
        if isinstance(event, Taken):
            yield from self._give_back(event.stream_id)
            return
        if isinstance(event, ResponseHeaders) and isinstance(event.response, LastAnswer):
            self.leaving = True
            event.response.headers.pop("connection", None)  # HTTP/2 has none (RFC 9113, section 8.2.2)
        if isinstance(event, LastResponseData) and self._ended_with(event):
            yield commands.SendData(self.conn, self.h2_conn.data_to_send())
            return
        yield from super()._handle_event(event)
        if isinstance(event, ResponseEndOfMessage | ResponseProtocolError) and self.is_closed(
            event.stream_id
        ):
            self.streams.pop(event.stream_id, None)
            yield from self._leave()

    def handle_h2_event(self, event: h2.events.Event) -> Generator[commands.Command, Any, bool]:
        if isinstance(event, PeerLeaves):
            self.leaving = True
        elif isinstance(event, h2.events.StreamEnded):
            if (yield from self._ended(event)):
                return True
        elif (yield from super().handle_h2_event(event)):
            return True
        yield from self._leave()
        return self.leaving and not self.streams

    def _ended(self, event: h2.events.StreamEnded) -> Generator[commands.Command, Any, bool]:
        """As mitmproxy, but a stream that was reset in the same read is still there for its reset."""
        stream_id, state = event.stream_id, self.streams.get(event.stream_id)
        failed = yield from super().handle_h2_event(event)
        if state is not None and self.h2_conn._stream_is_closed_by_reset(stream_id):
            self.streams[stream_id] = state
        return failed

    def _leave(self) -> Commands:
        if self.leaving and not self.streams:
            self.h2_conn.close_connection()
            yield commands.SendData(self.conn, self.h2_conn.data_to_send())
            yield from self.close_connection("the client asks no more here")


class Http2Client(_Connection, _http2.Http2Client):
    """The provider's side: mitmproxy's, adopted, since it has begun by the time that it can be replaced."""

    leaving: bool = False
    """The provider takes no more streams on this connection."""

    @classmethod
    def adopt(cls, connection: _http2.Http2Client) -> "Http2Client":
        """Make a connection one of ours."""
        connection.__class__ = cls
        assert isinstance(connection, Http2Client)
        outlive_goaway(connection.h2_conn)
        return connection

    def _handle_event(self, event: events.Event) -> Commands:
        if not isinstance(event, HttpEvent):
            yield from super()._handle_event(event)
        elif isinstance(event, Taken):
            yield from self._give_back(self.our_stream_id.get(event.stream_id, 0))
        elif isinstance(event, RequestProtocolError) and event.stream_id in self.stream_queue:
            del self.stream_queue[event.stream_id]  # it was not sent yet
        elif self._knows(theirs := event.stream_id) or isinstance(event, RequestHeaders):
            if isinstance(event, RequestHeaders):
                yield from self._end_former(theirs)
            yield from super()._handle_event(event)
            if isinstance(event, RequestEndOfMessage | RequestProtocolError):
                yield from self._sent(self.our_stream_id.get(theirs, 0))

    def _handle_event2(self, event: events.Event) -> Commands:
        if isinstance(event, LastRequestData) and self._ended_with(event):
            yield commands.SendData(self.conn, self.h2_conn.data_to_send())
        else:
            yield from super()._handle_event2(event)

    def queued(self, stream_id: int) -> int:
        """Those that wait for their turn on this connection, too."""
        waiting = size(self.stream_queue.get(stream_id, ()))
        return waiting + super().queued(self.our_stream_id.get(stream_id, 0))

    def theirs(self, stream_id: int) -> int:
        return self.their_stream_id.get(stream_id, 0)

    def _knows(self, theirs: int) -> bool:
        """Whether a stream is there; for one that has ended mitmproxy would open another."""
        return theirs in self.our_stream_id or theirs in self.stream_queue

    def _end_former(self, theirs: int) -> Commands:
        """A request that was sent here before, and failed, is sent again: on a stream of its own."""
        if (former := self.our_stream_id.get(theirs)) is not None:
            yield from self._give_back(former)
            self._forget(former)

    def _sent(self, stream_id: int) -> Commands:
        """Nothing more is sent on a stream; if nothing more comes either, it is forgotten."""
        if stream_id in self.streams and self.is_closed(stream_id):
            del self.streams[stream_id]
            self._forget(stream_id)
            yield from self._leave()

    def handle_h2_event(self, event: h2.events.Event) -> Generator[commands.Command, Any, bool]:
        if isinstance(event, PeerLeaves):
            yield from self._provider_leaves(event.last)
        elif (yield from super().handle_h2_event(event)):
            return True
        if isinstance(event, h2.events.StreamEnded | h2.events.StreamReset):
            self._forget(event.stream_id)
        yield from self._leave()
        return self.leaving and not self.streams

    def _leave(self) -> Commands:
        if self.leaving and not self.streams:
            yield from self.close_connection("the provider takes no more requests")

    def reset(self, event: h2.events.StreamReset) -> RequestProtocolError | ResponseProtocolError:
        if event.error_code == h2.errors.ErrorCodes.REFUSED_STREAM:
            return NotTaken(event.stream_id, "it refused the stream")
        return super().reset(event)

    def _provider_leaves(self, last: int) -> Commands:
        self.leaving = True
        self.conn.state &= ~ConnectionState.CAN_WRITE  # so that new requests open another connection
        for stream_id in [stream_id for stream_id in self.streams if stream_id > last]:
            yield from self._not_taken(stream_id, "it ends the connection")
        yield from self._end_queue()

    def close_connection(self, msg: str) -> Commands:
        yield from super().close_connection(msg)
        yield from self._end_queue()

    def _end_queue(self) -> Commands:
        """Tell the streams that wait for their turn that it does not come."""
        for theirs in list(self.stream_queue):
            del self.stream_queue[theirs]
            self.their_stream_id[-theirs] = theirs  # it never got a number here
            yield from self._not_taken(-theirs, "it ends the connection")

    def _not_taken(self, stream_id: int, why: str) -> Commands:
        self.streams.pop(stream_id, None)
        yield ReceiveHttp(NotTaken(stream_id, why))

    def _forget(self, stream_id: int) -> None:
        """Drop what is kept of a stream, if both sides have ended it."""
        if stream_id not in self.streams and stream_id not in self._held:
            self.our_stream_id.pop(self.their_stream_id.pop(stream_id, 0), None)
