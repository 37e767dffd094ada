"""HTTP/1 connections that survive trailers and informational answers.

mitmproxy 12.2 raises NotImplementedError inside the layer when a chunked body ends in trailers, which
hangs the client and fires no hook; it takes a 103 for the final answer; and after it sent a 100 Continue
of its own it believes that the answer has begun, so that an error is no longer told to the client; a
stream callable that returns nothing for a chunk ends a chunked body. And each chunk travels by itself, at
a hundred microseconds each, though many came in one read.
"""

from collections.abc import Generator
from typing import Any

from h11._readers import ChunkedReader
from mitmproxy import http
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.layers.http import (
    RequestData,
    RequestEndOfMessage,
    RequestHeaders,
    RequestTrailers,
    ResponseData,
    ResponseEndOfMessage,
    ResponseHeaders,
    ResponseTrailers,
    _http1,
)
from mitmproxy.proxy.layers.http._base import ReceiveHttp

from tollway.engine.chunks import Chunks
from tollway.engine.tls_layer import SLICE

Commands = Generator[commands.Command, Any, None]


def last_chunk(trailers: http.Headers | None) -> bytes:
    """The end of a chunked body (RFC 9112, section 7.1), with its trailers."""
    fields = trailers.fields if trailers else ()
    return b"0\r\n" + b"".join(b"%s: %s\r\n" % field for field in fields) + b"\r\n"


def is_chunked(message: http.Message | None) -> bool:
    """Whether a body is framed in chunks, so that trailers have a place."""
    return message is not None and "chunked" in message.headers.get("transfer-encoding", "").lower()


def framed(event: RequestHeaders) -> RequestHeaders:
    """A request that is to have a body, with a framing if it has none: HTTP/2 needs none, HTTP/1 does."""
    request = event.request
    if not request.is_http2 or "content-length" in request.headers:
        return event
    request = request.copy()
    if request.stream or request.trailers or request.raw_content is None:
        request.headers["transfer-encoding"] = "chunked"
    else:
        request.headers["content-length"] = str(len(request.raw_content))
    return RequestHeaders(event.stream_id, request, event.end_stream)


class _WithTrailers(_http1.Http1Connection):
    """What both directions share: trailers are read here, and kept until the body's end is written."""

    ReceiveTrailers: type[RequestTrailers | ResponseTrailers]
    unsent: http.Headers | None = None
    """Trailers to write when the message ends."""

    def read_body(self, event: events.Event) -> Commands:
        if type(self.body_reader) is ChunkedReader:
            self.body_reader = Chunks()
        reader = self.body_reader
        together: list[bytes] = []
        for command in super().read_body(event):
            received = command.event if isinstance(command, ReceiveHttp) else None
            if isinstance(received, self.ReceiveData):
                together.append(received.data)
                continue
            yield from self._received(together)
            trailers = reader.trailers if isinstance(reader, Chunks) else None
            if trailers is not None and isinstance(received, self.ReceiveEndOfMessage):
                yield ReceiveHttp(self.ReceiveTrailers(received.stream_id, trailers))
            yield command
        yield from self._received(together)

    def _received(self, together: list[bytes]) -> Commands:
        """What came in one read goes on as one piece, however many chunks it was."""
        if together and self.stream_id is not None:
            data = together[0] if len(together) == 1 else b"".join(together)
            together.clear()
            yield ReceiveHttp(self.ReceiveData(self.stream_id, data))


class Http1Server(_WithTrailers, _http1.Http1Server):
    """The client's side."""

    ReceiveTrailers = RequestTrailers
    chunked: bool = False
    """The answer is framed in chunks."""

    def send(self, event: Any) -> Commands:
        if isinstance(event, ResponseData):
            if event.data:  # an empty chunk would end the body
                yield commands.SendData(
                    self.conn, b"%x\r\n%s\r\n" % (len(event.data), event.data) if self.chunked else event.data
                )
            return
        if isinstance(event, ResponseTrailers):
            self.unsent = event.trailers
            return
        if isinstance(event, ResponseEndOfMessage) and self.unsent is not None:
            yield from self._end_with_trailers()
            return
        yield from super().send(event)
        if isinstance(event, ResponseHeaders):
            self.chunked = is_chunked(event.response)
            if event.response.status_code == 100:
                self.response = None

    def _end_with_trailers(self) -> Commands:
        if is_chunked(self.response):
            yield commands.SendData(self.conn, last_chunk(self.unsent))
        self.unsent = None
        yield from self.mark_done(response=True)


class Http1Client(_WithTrailers, _http1.Http1Client):
    """The provider's side."""

    ReceiveTrailers = ResponseTrailers

    def send(self, event: Any) -> Commands:
        if isinstance(event, RequestData) and len(event.data) > SLICE and not is_chunked(self.request):
            for start in range(0, len(event.data), SLICE):
                yield commands.SendData(self.conn, event.data[start : start + SLICE])
            return
        if isinstance(event, RequestHeaders) and not event.end_stream:
            event = framed(event)
        if isinstance(event, RequestTrailers):
            self.unsent = event.trailers
            return
        if isinstance(event, RequestEndOfMessage) and self.unsent is not None:
            trailers, self.unsent = self.unsent, None
            if is_chunked(self.request):
                yield commands.SendData(self.conn, last_chunk(trailers))
                yield from self.mark_done(request=True)
                return
        yield from super().send(event)

    def read_headers(self, event: events.ConnectionEvent) -> Commands:
        while isinstance(event, events.DataReceived) and self.request and self._swallow_informational():
            pass
        yield from super().read_headers(event)

    def _swallow_informational(self) -> bool:
        """Drop one 1xx head at the front of the buffer, as mitmproxy does on HTTP/2; never a 101.

        The client was already told to continue by the engine, and early hints are only hints.
        """
        head = bytes(self.buf)[:16]
        if not head.startswith(b"HTTP/1.") or head[8:10] != b" 1" or head[9:12] == b"101":
            return False
        return self.buf.maybe_extract_lines() is not None
