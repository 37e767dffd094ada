"""One HTTP exchange: stream what grew too large, answer for a provider that failed, never end in silence.

Five things that mitmproxy 12.2's HttpStream does otherwise (and see `abandoned`):

- An answer that is buffered stays buffered, however large it grows. Past `BUFFERED` it is streamed from
  there on; so is one that breaks off, since the client is to see of it what it would have seen without us.
- Where no answer came, the client gets mitmproxy's own page. Here an addon may answer, in its `error` hook.
- An answer that an addon refuses at its head, or once a streamed request has left, still goes to the client.
  Here the refusal does, and the provider's side is closed.
- Over HTTP/2, whatever stands in the place of a method or a path is written into a request line. Here such a
  request is not valid.
- An exception in a layer is logged, and the flow hangs. Here it ends with a 502 and its `error` hook.
"""

import logging
import re
from collections.abc import Generator
from typing import Any, ClassVar

from mitmproxy.connection import Server
from mitmproxy.flow import Error
from mitmproxy.http import Headers, Request, Response
from mitmproxy.net.http.validate import validate_headers
from mitmproxy.proxy import commands, events, layer, layers
from mitmproxy.proxy.layers import http as http_layers
from mitmproxy.proxy.layers.http import (
    ErrorCode,
    HttpErrorHook,
    HTTPMode,
    HttpRequestHook,
    RequestData,
    RequestHeaders,
    RequestProtocolError,
    ResponseData,
    ResponseEndOfMessage,
    ResponseHeaders,
    ResponseProtocolError,
)

from tollway.engine.abandoned import AbandonedStream
from tollway.engine.failure import log_failure
from tollway.engine.http2 import NotTaken
from tollway.engine.last_piece import with_last_pieces
from tollway.engine.leading import led, way
from tollway.engine.shortcut import Shortcut
from tollway.engine.socket_layer import SocketLayer
from tollway.own_name import is_own_name

Commands = Generator[commands.Command, Any, None]

logger = logging.getLogger(__name__)

BUFFERED = 4 * 2**20
"""Bytes of an answer that are held back to be settled first (DESIGN: `x-tollway-cost`)."""

NO_LINE = "the request's method or path is none (RFC 9113, section 8.3.1)"
_METHOD = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_TARGET = re.compile(rb"/[^\0-\x20\x7f]*|\*")


def names_us(host_header: str | None) -> bool:
    """Whether a `Host` header names the proxy itself, with a port or without."""
    return host_header is not None and is_own_name(host_header.partition(":")[0])


def is_line(request: Request) -> bool:
    """Whether a request's line (RFC 9112, section 3) can be made of its parts: over HTTP/2 a client may write
    another host into them, or a whole line."""
    data = request.data
    return not request.is_http2 or bool(_METHOD.fullmatch(data.method) and _TARGET.fullmatch(data.path))


def is_packed(headers: Headers) -> bool:
    """Whether the messages of a socket that opens may be compressed."""
    return "permessage-deflate" in headers.get("sec-websocket-extensions", "").lower()


class HttpStream(AbandonedStream):
    """mitmproxy's stream, with draining, late streaming, answers for others, and a crash that is told."""

    keeps_requests: ClassVar[bool] = False
    """Whether requests stay in memory once they are written, for somebody who looks at them."""
    crashed: bool = False
    connected: bool = False
    """A connection to the provider stands, or stood."""

    def handle_event(self, event: events.Event) -> Commands:
        if isinstance(event, RequestProtocolError) and (known := self.exchange()) is not None:
            known.leaves()  # the event itself queues up behind the hook that waits
        elif isinstance(event, events.Wakeup):
            event = yield from self.instead_of(event)
        try:
            yield from with_last_pieces(super().handle_event(event))
        except Exception:
            log_failure(logger, "the engine failed in an HTTP stream; its call is ended")
            self.relaying = False
            if not self.crashed:
                self.crashed = True
                self._paused = None
                self._paused_event_queue.clear()
                self._handle_event = self._crash  # type: ignore[method-assign, assignment]
                yield from super().handle_event(events.Start())

    def instead_of(self, event: events.Wakeup) -> Generator[commands.Command, Any, events.Event]:
        """What a deadline comes to while something is waited for, behind which all else queues up."""
        yield from ()
        return event

    def let_go(self) -> None:
        """Refer to oneself no more: nothing more comes to a stream that was dropped."""
        if self._paused is None:
            self.context.layers.clear()
            for state in ("client_state", "server_state", "_handle_event"):
                vars(self).pop(state, None)

    def state_done(self, _: events.Event) -> Commands:
        """What comes after the end is dropped (mitmproxy asserts that nothing does)."""
        yield from ()

    # The request

    def state_wait_for_request_headers(self, event: RequestHeaders) -> Commands:
        """As mitmproxy has it, but only a request that goes by way of a proxy gets to the proxy's own name.

        Where the target names no host, mitmproxy takes that of the `Host` header: of such a request it is
        unknown then, and the answer is 400 (see `own_name`).
        """
        request = event.request
        if self.mode is HTTPMode.regular and not request.host and names_us(request.host_header):
            del request.headers["host"]
        yield from super().state_wait_for_request_headers(event)

    def state_consume_request_body(self, event: events.Event) -> Commands:
        if isinstance(event, RequestData) and self.flow.response:
            return  # it is answered already, so nobody reads it: not to be kept
        yield from super().state_consume_request_body(event)
        if self.connected and not self.keeps_requests:
            self.flow.request.data.content = None  # it was written; the exchange keeps what it needs

    def check_body_size(self, request: bool) -> Any:
        """Of requests that are kept in memory, as they grow: what is streamed is no client's to fill us with,
        and answers are the provider's."""
        if request and self.request_body_buf:
            return (yield from super().check_body_size(True))
        return False

    def state_stream_request_body(self, event: events.Event) -> Commands:
        for command in super().state_stream_request_body(event):
            yield command
            if isinstance(command, HttpRequestHook) and self.is_refused():
                yield from self.refuse()
                return

    def make_server_connection(self) -> Generator[commands.Command, Any, bool]:
        via = way(self.context, self.flow.request.host)
        if self.flow.server_conn.via != via:
            self.flow.server_conn = Server(address=None)
            self.flow.server_conn.via = via
        connected = yield from super().make_server_connection()
        self.connected = self.connected or connected  # by way of another target, if this one failed
        return connected

    # The answer

    def state_wait_for_response_headers(self, event: events.Event) -> Commands:
        yield from super().state_wait_for_response_headers(event)
        if self.is_refused() and self.server_state == self.state_consume_response_body:
            yield from self.refuse()

    def check_invalid(self, request: bool) -> Generator[commands.Command, Any, bool]:
        """As mitmproxy has it, but an answer that is not valid is answered for like one that failed, and a
        request of HTTP/2 that HTTP/1 could not carry as what it is, is not valid."""
        if request and not is_line(self.flow.request):
            self.flow.live, self.client_state = False, self.state_errored
            error = ResponseProtocolError(self.stream_id, NO_LINE, ErrorCode.REQUEST_VALIDATION_FAILED)
            yield http_layers.SendHttp(error, self.context.client)
            yield http_layers.DropStream(self.stream_id)
            return True
        if request or not self.context.options.validate_inbound_headers:
            return (yield from super().check_invalid(request))
        assert self.flow.response
        try:
            validate_headers(self.flow.response)
        except ValueError as error:
            yield from self._close_provider("invalid headers")
            message = f"its answer's headers are invalid: {error}"
            code = ErrorCode.RESPONSE_VALIDATION_FAILED
            yield from self.answer_for_provider(ResponseProtocolError(self.stream_id, message, code))
            return True
        return False

    def state_consume_response_body(self, event: events.Event) -> Commands:
        yield from super().state_consume_response_body(event)
        if isinstance(event, ResponseData) and len(self.response_body_buf) > BUFFERED:
            yield from self._stream_from_here()

    def _stream_from_here(self) -> Commands:
        known = self.exchange()
        assert self.flow.response
        self.flow.response.stream = (known.tap if known else None) or True
        if known:
            known.buffered = False
        so_far = bytes(self.response_body_buf)
        self.response_body_buf.clear()
        yield from self.start_response_stream()
        if so_far:
            yield from self.state_stream_response_body(ResponseData(self.stream_id, so_far))

    def is_refused(self) -> bool:
        """Whether an answer of ours stands in the place of the provider's."""
        known = self.exchange()
        return known is not None and known.refused

    def refuse(self) -> Commands:
        """Send what stands in the flow's answer, in the place of what the provider says."""
        yield from self._close_provider("refused by Tollway")
        begun = self.server_state == self.state_stream_response_body
        self.client_state = self.state_done
        yield from self.send_response(already_streamed=begun)

    def _close_provider(self, why: str) -> Commands:
        if self.connected:
            yield http_layers.SendHttp(
                RequestProtocolError(self.stream_id, why, ErrorCode.CANCEL), self.context.server
            )

    def flow_done(self) -> Commands:
        """As mitmproxy has it, but of what follows a 101 nothing is kept: somebody looks at the messages of a
        socket as they pass, or it passes byte for byte."""
        assert self.flow.response
        if self.flow.response.status_code != 101:
            yield from super().flow_done()
            return
        known = self.exchange()
        if known is not None and known.socket is not None:
            may_pack = is_packed(self.flow.response.headers)
            self.child_layer = SocketLayer(self.context, self.flow, known.socket, may_pack)
        else:
            self.flow.live = False
            self.child_layer = layers.TCPLayer(self.context, ignore=True)
        self._handle_event = self.passthrough  # type: ignore[method-assign]
        yield from self.child_layer.handle_event(events.Start())
        yield http_layers.SendHttp(ResponseEndOfMessage(self.stream_id), self.context.client)

    # No answer, or half of one

    def handle_protocol_error(self, event: RequestProtocolError | ResponseProtocolError) -> Commands:
        if isinstance(event, RequestProtocolError) or self.client_is_gone():
            yield from super().handle_protocol_error(event)
        elif self.server_state == self.state_consume_response_body:
            yield from self._stream_from_here()
            yield from super().handle_protocol_error(event)
        elif self.server_state in (self.state_uninitialized, self.state_wait_for_response_headers):
            if isinstance(event, NotTaken) and (known := self.exchange()) is not None:
                known.left, known.error = False, "not_taken"
            yield from self.answer_for_provider(event)
        else:
            yield from super().handle_protocol_error(event)

    def answer_for_provider(self, event: ResponseProtocolError) -> Commands:
        """No answer came, and none will: the client gets that of the `error` hook, else mitmproxy's."""
        self.server_state = self.state_errored
        self.flow.response, self.flow.error = None, Error(event.message)
        yield HttpErrorHook(self.flow)
        self.flow.live = False
        if self.flow.response is None:
            yield http_layers.SendHttp(event, self.context.client)
            yield http_layers.DropStream(self.stream_id)
        else:
            yield from self._send_made(self.flow.response)

    def _send_made(self, response: Response) -> Commands:
        """Send an answer of ours, whole, without a hook."""
        self.client_state = self.state_errored  # what still comes of the request is dropped
        client = self.context.client
        yield http_layers.SendHttp(ResponseHeaders(self.stream_id, response), client)
        yield http_layers.SendHttp(ResponseData(self.stream_id, response.raw_content or b""), client)
        yield http_layers.DropStream(self.stream_id)
        yield http_layers.SendHttp(ResponseEndOfMessage(self.stream_id), client)

    # The engine fails

    def _crash(self, _: events.Event) -> Commands:
        """End the flow: its `error` hook settles it, the client is told 502, the provider is closed."""
        self._handle_event = self._silent  # type: ignore[method-assign, assignment]
        event = ResponseProtocolError(self.stream_id, "Tollway's engine failed", ErrorCode.CONNECT_FAILED)
        unanswered = (
            self.state_uninitialized,
            self.state_wait_for_response_headers,
            self.state_consume_response_body,
        )
        if getattr(self, "flow", None) is None:
            yield http_layers.SendHttp(event, self.context.client)
            yield http_layers.DropStream(self.stream_id)
        elif self.server_state in unanswered and not self.unheard:
            yield from self._close_provider(event.message)
            yield from self.answer_for_provider(event)
        else:
            yield from self._close_provider(event.message)
            yield from self._break_off(event)

    def _break_off(self, event: ResponseProtocolError) -> Commands:
        """The answer has begun, so all that can be told is that it does not go on."""
        self.flow.error = Error(event.message)
        if self.flow.live:
            yield HttpErrorHook(self.flow)
        self.flow.live = False
        if not self.unheard:
            yield http_layers.SendHttp(event, self.context.client)
        yield http_layers.DropStream(self.stream_id)

    def _silent(self, _: events.Event) -> Commands:
        yield from ()

    # A tunnel opens

    def handle_connect_regular(self) -> Commands:
        """Where an addon chose the next layer already, connect at once: a dead host is a failed CONNECT."""
        chosen = layer.NextLayer(self.context)
        yield layer.NextLayerHook(chosen)
        if chosen.layer is None:
            yield from super().handle_connect_regular()
            return
        if not self.flow.response:
            if err := (yield commands.OpenConnection(self.context.server)):
                self.flow.response = Response.make(502, f"Cannot connect: {err}")
        self.child_layer = chosen.layer
        yield from self.handle_connect_finish()

    def handle_connect_upstream(self) -> Commands:
        """As without another proxy, but by way of it, unless the host is reached past it."""
        assert self.context.server.address is not None
        self.context.server.via = way(self.context, self.context.server.address[0])
        if self.context.server.via is None:
            yield from self.handle_connect_regular()
            return
        chosen = layer.NextLayer(self.context)
        yield layer.NextLayerHook(chosen)
        if chosen.layer is None:
            yield from super().handle_connect_regular()
            return
        self.child_layer = led(self.context, chosen.layer)
        yield from self.handle_connect_finish()

    def handle_connect_finish(self) -> Commands:
        yield from super().handle_connect_finish()
        opened = self._handle_event == self.passthrough and self.mode is HTTPMode.regular
        if self.child_layer is not None and opened and not self.context.client.tls:
            yield Shortcut(self.child_layer)
