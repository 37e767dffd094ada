"""Calls whose client left: the provider is read on to its usage report, or closed.

A client that leaves ends the provider's answer as well in mitmproxy 12.2. Where the provider bills on, it is
read to its usage instead, within bounds of time and size, with nothing sent to the client any more.
"""

from collections.abc import Generator
from typing import Any

from mitmproxy.flow import Error
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.layers import http as http_layers
from mitmproxy.proxy.layers.http import (
    ErrorCode,
    HttpErrorHook,
    RequestProtocolError,
    ResponseData,
    ResponseProtocolError,
)

from tollway import exchange
from tollway.engine.deadline import Deadline, StopWaiting
from tollway.exchange import Exchange, Patience

Commands = Generator[commands.Command, Any, None]


class AbandonedStream(http_layers.HttpStream):
    """mitmproxy's stream, which can go on without its client."""

    unheard: bool = False
    """The client is gone: nothing is sent to it any more."""
    _patience: Patience | None = None
    _deadline: Deadline | None = None

    def exchange(self) -> Exchange | None:
        """What Tollway knows of the flow; None before there is one."""
        flow = getattr(self, "flow", None)
        return exchange.of(flow) if flow is not None else None

    def _handle_event(self, event: events.Event) -> Commands:
        if isinstance(event, events.Wakeup):
            yield from self.woken(event)
        elif self.unheard:
            yield from self._without_client(super()._handle_event(event))
            yield from self._bound(event)
        else:
            yield from super()._handle_event(event)

    def woken(self, event: events.Wakeup) -> Commands:
        """A deadline has come."""
        if event.command is self._deadline:  # and not another, which waited behind a hook meanwhile
            yield from self._end_drain("the answer did not end in time")

    def _without_client(self, answers: Commands) -> Commands:
        """All commands but those that would speak to the client, who is gone."""
        for command in answers:
            to_client = (
                isinstance(command, http_layers.SendHttp) and command.connection is self.context.client
            )
            if not to_client:
                yield command

    def check_killed(self, emit_error_hook: bool) -> Generator[commands.Command, Any, bool]:
        """As mitmproxy has it, but a client that left while a hook ran does not end what is drained."""
        known, killed = self.exchange(), self.flow.error and self.flow.error.msg == Error.KILLED_MESSAGE
        if known is not None and self._client_leaves():
            known.abandoned = known.abandoned or not known.settled
            if not killed and self._drains() is not None:
                return False
        return (yield from super().check_killed(emit_error_hook))

    def client_is_gone(self) -> bool:
        """Whether there is nobody any more to answer."""
        return self.unheard or self.client_state == self.state_errored or self._client_leaves()

    def _client_leaves(self) -> bool:
        """Whether the client's leaving waits in the queue, behind a hook or a connection."""
        return any(isinstance(event, RequestProtocolError) for event in self._paused_event_queue)

    def make_server_connection(self) -> Generator[commands.Command, Any, bool]:
        """As mitmproxy has it, but nothing is asked for a client that left meanwhile."""
        connected = yield from super().make_server_connection()
        known = self.exchange()
        if connected and self._client_leaves() and (yield from self.check_killed(True)):
            return False
        if connected and known is not None:
            known.left = True
        return connected

    def handle_protocol_error(self, event: RequestProtocolError | ResponseProtocolError) -> Commands:
        known = self.exchange()
        leaves = isinstance(event, RequestProtocolError)
        if known is not None and (leaves or self._client_leaves()):
            known.abandoned = known.abandoned or not known.settled
        if leaves:
            if (patience := self._drains()) is not None:
                yield from self._drain(patience)
                return
        elif self.unheard:
            yield from self._end_drain(event.message)
            return
        self.read_rest()
        yield from super().handle_protocol_error(event)

    def read_rest(self) -> None:
        """Let the reader see what there is of an answer that was held back and will not end."""
        known = self.exchange()
        if known is not None and known.buffered and known.tap is not None and self.response_body_buf:
            known.tap(bytes(self.response_body_buf))
            self.response_body_buf.clear()

    def _drains(self) -> Patience | None:
        """How long to read on without a client; None: do not."""
        known = self.exchange()
        if known is None or known.may_drain is None or self.unheard or not known.left:
            return None
        answering = self.server_state in (
            self.state_wait_for_response_headers,
            self.state_consume_response_body,
            self.state_stream_response_body,
        )
        if not answering or self.client_state != self.state_done:
            return None
        return known.may_drain(known)

    def _drain(self, patience: Patience) -> Commands:
        known = self.exchange()
        assert known is not None
        known.draining = self.unheard = True
        self.client_state = self.state_errored
        self._patience, self._deadline = patience, Deadline(patience.seconds)
        yield self._deadline

    def _bound(self, event: events.Event) -> Commands:
        """Read no more than there is patience for."""
        known = self.exchange()
        if not isinstance(event, ResponseData) or known is None or self._patience is None:
            return
        if known.response_bytes + len(self.response_body_buf) > self._patience.size:
            yield from self._end_drain("the answer is too large")

    def _end_drain(self, why: str) -> Commands:
        """Close the provider's side of an answer that did not end by itself; settle with what was read."""
        if self.server_state in (self.state_done, self.state_errored):
            return
        self.read_rest()
        self.server_state = self.state_errored
        yield http_layers.SendHttp(
            RequestProtocolError(self.stream_id, why, ErrorCode.CANCEL), self.context.server
        )
        self.flow.error = Error(f"the client left, and {why}")
        yield HttpErrorHook(self.flow)
        yield from self._drained()

    def _drained(self) -> Commands:
        self.flow.live = False
        if self._deadline is not None:
            self._layer().command_sources.pop(self._deadline, None)
            yield StopWaiting(self._deadline)
        yield http_layers.DropStream(self.stream_id)

    def _layer(self) -> http_layers.HttpLayer:
        above = self.context.layers[self.context.layers.index(self) - 1]
        assert isinstance(above, http_layers.HttpLayer)
        return above

    def send_response(self, already_streamed: bool = False) -> Commands:
        yield from super().send_response(already_streamed)
        if self.unheard:
            yield from self._drained()
