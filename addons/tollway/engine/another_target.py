"""Another target in the place of one that fails, before anything of its answer is passed on.

In mitmproxy 12.2 a request is sent once. Here a hook may, when its target fails, put another request into the
flow: that is sent as the first one was, on a connection of its own, and the client notices nothing. So that a
target which hangs after its head is the same as one that never answers, a head is kept back until the first
byte of the body has come, as long as there is anything else to be tried.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from mitmproxy.http import HTTPFlow, Response
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.layers import http as http_layers
from mitmproxy.proxy.layers.http import (
    ErrorCode,
    RequestData,
    RequestEndOfMessage,
    RequestHeaders,
    RequestProtocolError,
    RequestTrailers,
    ResponseData,
    ResponseEndOfMessage,
    ResponseHeaders,
    ResponseProtocolError,
    ResponseTrailers,
)

from tollway.engine.deadline import Deadline, StopWaiting
from tollway.engine.http_stream import HttpStream
from tollway.routing.failing import Failing, Failure
from tollway.routing.retry_after import retry_after_us
from tollway.routing.tries import Tries

Commands = Generator[commands.Command, Any, None]

_ANSWER = ResponseHeaders | ResponseData | ResponseTrailers | ResponseEndOfMessage | ResponseProtocolError
_ENDS = ResponseEndOfMessage | ResponseProtocolError
MICRO = 1_000_000


@dataclass
class HttpFailoverHook(commands.StartHook):
    """A target failed as the exchange says. Another exchange of the flow, by the end of the hook, is another
    attempt: the flow's request is sent as it is then."""

    flow: HTTPFlow


def failure_of(response: Response) -> Failure:
    """An answer that is taken for a failure."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Failure(status=response.status_code, retry_after_us=retry_after_us(headers))


class ForHead(Deadline):
    """For the answer's head alone: its body may take longer."""


class AnotherTarget(HttpStream):
    """Our stream, which can ask another target."""

    _head: ResponseHeaders | None = None
    """The answer's, kept back until its first byte has come."""
    _late: bool = False
    """There was no connection in time."""
    _deadlines: tuple[Deadline, ...] = ()
    """For the answer's head, for its first byte, or both."""

    def instead_of(self, event: events.Wakeup) -> Generator[commands.Command, Any, events.Event]:
        """While a stream waits for a connection, all else queues up behind it; not so the end of its time."""
        waits = self._paused.command if self._paused is not None else None
        if event.command not in self._deadlines or not isinstance(waits, http_layers.GetHttpConnection):
            return event
        self._late = True
        yield from self._no_deadlines()
        yield from self._ours().stop_connecting(waits)
        return http_layers.GetHttpConnectionCompleted(waits, (None, "no connection in time"))

    def woken(self, event: events.Wakeup) -> Commands:
        if event.command in self._deadlines:
            yield from self._is_late()
        else:
            yield from super().woken(event)

    def make_server_connection(self) -> Generator[commands.Command, Any, bool]:
        tries = self._tries()
        if tries is not None:
            yield from self._set_deadlines(tries.failing)
        return (yield from super().make_server_connection())

    def state_wait_for_response_headers(self, event: events.Event) -> Commands:
        if self._head is not None:
            yield from self._after_head(self._head, event)
            return
        tries = self._tries()
        if isinstance(event, ResponseHeaders) and tries is not None:
            if tries.failing.means(Failure(status=event.response.status_code)):
                if (yield from self._another(failure_of(event.response))):
                    return
            elif not event.end_stream:
                self._head = event
                yield from self._no_deadlines(ForHead)
                return
        yield from self._no_deadlines()
        yield from super().state_wait_for_response_headers(event)

    def _another(self, failure: Failure) -> Generator[commands.Command, Any, bool]:
        """Whether something else is done than to tell the client of the failure: another attempt, mostly."""
        known, tries = self.exchange(), self._tries()
        if known is None or tries is None or self.crashed or not tries.means(failure):
            return False
        known.failure = failure
        yield HttpFailoverHook(self.flow)
        if self.exchange() is known and not self.is_refused():
            return False
        yield from self._no_deadlines()
        if self.is_refused():
            self._head = None
            yield from self.refuse()
            return True
        yield from self._leave_target()
        if not (yield from self.check_killed(True)):
            yield from self._send_again()
        return True

    def answer_for_provider(self, event: ResponseProtocolError) -> Commands:
        self.flow.response = None  # one that was not valid
        if not (yield from self._another(Failure(late=self._late))):
            yield from self._no_deadlines()
            yield from super().answer_for_provider(event)

    def handle_protocol_error(self, event: RequestProtocolError | ResponseProtocolError) -> Commands:
        if isinstance(event, ResponseProtocolError) and self._head is not None:
            if (yield from self._another(Failure())):
                return
            yield from self._pass_on(self._head)
            if self._is_unanswered():
                return
        yield from self._no_deadlines()
        yield from super().handle_protocol_error(event)

    def _tries(self) -> Tries | None:
        """What else can be tried; None: nothing, or for nobody."""
        known = self.exchange()
        if known is None or known.tries is None or not known.tries.has_more or self.client_is_gone():
            return None
        return known.tries

    def _after_head(self, head: ResponseHeaders, event: events.Event) -> Commands:
        """Pass the head on, now that there is more."""
        if isinstance(event, ResponseData) and not event.data:
            return
        yield from self._pass_on(head)
        if not self._is_unanswered():
            yield from self.server_state(event)

    def _pass_on(self, head: ResponseHeaders) -> Commands:
        self._head = None
        yield from self._no_deadlines()
        yield from super().state_wait_for_response_headers(head)

    def _is_unanswered(self) -> bool:
        """Whether no answer has begun: after a head that was not valid another target is asked."""
        return bool(self.server_state == self.state_wait_for_response_headers)

    def _is_late(self) -> Commands:
        """If there is nothing else, it may take its time."""
        yield from self._no_deadlines()
        if self._is_unanswered():
            yield from self._another(Failure(late=True))

    def _set_deadlines(self, failing: Failing) -> Commands:
        times = ((ForHead, failing.headers_us), (Deadline, failing.first_byte_us))
        self._deadlines = tuple(kind(us / MICRO) for kind, us in times if us is not None)
        yield from self._deadlines

    def _no_deadlines(self, kind: type[Deadline] = Deadline) -> Commands:
        ended = [deadline for deadline in self._deadlines if isinstance(deadline, kind)]
        self._deadlines = tuple(deadline for deadline in self._deadlines if deadline not in ended)
        for deadline in ended:
            self._layer().command_sources.pop(deadline, None)
            yield StopWaiting(deadline)

    def _leave_target(self) -> Commands:
        """Nothing of the target's answer is for the client any more, whatever of it has come or will."""
        waiting = self._paused_event_queue
        ended = any(isinstance(event, _ENDS) for event in waiting)
        kept = [event for event in waiting if not isinstance(event, _ANSWER)]
        waiting.clear()
        waiting.extend(kept)
        if self.connected and not ended:
            error = RequestProtocolError(self.stream_id, "another target is asked", ErrorCode.CANCEL)
            yield http_layers.SendHttp(error, self.context.server)
            self._ours().forget(self.context.server)
        self.connected, self._late, self._head = False, False, None

    def _ours(self) -> Any:
        """The layer above, an `HttpLayer` of ours: that knows of this class, so this does not of it."""
        return self._layer()

    def _send_again(self) -> Commands:
        """Send the flow's request, as mitmproxy does the first time."""
        self.flow.response = self.flow.error = None
        self.server_state = self.state_wait_for_response_headers
        if not (yield from self.make_server_connection()):
            return
        request, server = self.flow.request, self.context.server
        content, trailers = request.raw_content, request.trailers
        yield http_layers.SendHttp(
            RequestHeaders(self.stream_id, request, end_stream=not (content or trailers)), server
        )
        if content:
            yield http_layers.SendHttp(RequestData(self.stream_id, content), server)
        if trailers:
            yield http_layers.SendHttp(RequestTrailers(self.stream_id, trailers), server)
        yield http_layers.SendHttp(RequestEndOfMessage(self.stream_id), server)
        if not self.keeps_requests:
            request.data.content = None  # it was written; what is still needed is kept with the attempt
