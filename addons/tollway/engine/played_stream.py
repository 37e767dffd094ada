"""A stream whose answer is not asked of a provider, but played: as if one sent it, and none is dialled.

In mitmproxy 12.2 an answer that an addon sets is there as a whole before any of it is sent. Here it comes
piece by piece, passes the same hooks and taps as any other, waits where its client takes less than it gets,
and ends or breaks off as it does where it comes from.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from mitmproxy.http import Headers, HTTPFlow, Response
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.layers.http import (
    ErrorCode,
    RequestEndOfMessage,
    ResponseData,
    ResponseEndOfMessage,
    ResponseHeaders,
    ResponseProtocolError,
)

from tollway.engine.another_target import AnotherTarget
from tollway.engine.room import Room
from tollway.played import BrokenOff, Head, Played

Commands = Generator[commands.Command, Any, None]

AT_ONCE = 64 * 1024
"""Bytes that are sent before it is asked for room."""


@dataclass
class HttpMoreHook(commands.StartHook):
    """A played answer has no more for now: ends once it has, or its client has left."""

    flow: HTTPFlow


def response_of(head: Head) -> Response:
    """The head as HTTP/1 has it; over HTTP/2, mitmproxy leaves the framing out."""
    framing = (
        (b"transfer-encoding", b"chunked") if head.size is None else (b"content-length", b"%d" % head.size)
    )
    fields = Headers((*head.fields, framing))
    return Response(b"HTTP/1.1", head.status, b"", fields, None, None, 0, None)


class PlayedStream(AnotherTarget):
    """Our stream, which can play an answer."""

    def state_consume_request_body(self, event: events.Event) -> Commands:
        if isinstance(event, RequestEndOfMessage) and (known := self.exchange()) is not None:
            known.plays = True
        yield from super().state_consume_request_body(event)

    def make_server_connection(self) -> Generator[commands.Command, Any, bool]:
        known = self.exchange()
        if known is None or known.played is None:
            return (yield from super().make_server_connection())
        yield from self._play(known.played)
        return False

    def _play(self, played: Played) -> Commands:
        yield from self.server_state(ResponseHeaders(self.stream_id, response_of(played.head())))
        sent = 0
        while self._is_answering():
            try:
                piece = played.take()
            except BrokenOff:
                yield from self._broke_off()
                return
            if piece is None:
                yield from self.server_state(ResponseEndOfMessage(self.stream_id))
            elif piece:
                yield from self.server_state(ResponseData(self.stream_id, piece))
                sent += len(piece)
                if sent > AT_ONCE:
                    sent = 0
                    yield Room(self.context.client, self.stream_id)
            else:
                yield HttpMoreHook(self.flow)
                if self.is_refused():  # a step failed, so nobody knows whether there is more
                    yield from self._broke_off()
                    return

    def _broke_off(self) -> Commands:
        error = ResponseProtocolError(self.stream_id, "the answer broke off", ErrorCode.GENERIC_SERVER_ERROR)
        yield from self.handle_protocol_error(error)

    def _is_answering(self) -> bool:
        """Whether more of the answer may follow; of a client that left we hear once it is played no more."""
        answers = (self.state_consume_response_body, self.state_stream_response_body)
        return self.server_state in answers and not self._client_leaves()
