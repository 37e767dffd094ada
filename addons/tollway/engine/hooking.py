"""Running hooks: in order, fail closed, and at once as long as nothing waits.

mitmproxy logs an exception in a hook and goes on with the next addon, so that the flow leaves as if the
failed step had agreed. Here an exception before the answer refuses the call and ends the walk; one in a
later event never keeps the steps behind it (settling is the last) from running.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from mitmproxy import flow as mitmproxy_flow
from mitmproxy import http
from mitmproxy.connection import Client
from mitmproxy.proxy import commands, events, layer, server_hooks

from tollway.engine.failure import log_failure

logger = logging.getLogger(__name__)

Function = Callable[[Any], Awaitable[None] | None]

BEFORE_THE_ANSWER = frozenset({"http_connect", "http_connect_upstream", "requestheaders", "request"})
CLOSED = "Tollway's engine failed"
WITH_THE_ANSWER = frozenset({"responseheaders", "response", "http_failover", "http_more"})


class Hooking:
    """The addons' hooks by event name, in the order of the chain."""

    def __init__(self, addons: Sequence[object], refuse: Callable[[http.HTTPFlow], None]) -> None:
        """`refuse(flow)` puts Tollway's own refusal (503) in the place of the flow's answer."""
        self._addons = addons
        self._refuse = refuse
        self._functions: dict[str, tuple[Function, ...]] = {}
        self._waiting: set[asyncio.Future[None]] = set()

    def of(self, event: str) -> tuple[Function, ...]:
        """The functions of one event."""
        found = self._functions.get(event)
        if found is None:
            named = (getattr(addon, event, None) for addon in self._addons)
            found = self._functions[event] = tuple(f for f in named if callable(f))
        return found

    def run(self, event: str, data: Any, done: Callable[[], None]) -> bool:
        """Run an event's functions. False: one of them waits, and `done` is called once all have run."""
        return self._walk(event, data, 0, done)

    def fail(self, flow: http.HTTPFlow) -> None:
        """End a flow that the engine lost: its `error` functions run, unless they already did."""
        if flow.live:
            flow.live = False
            flow.error = mitmproxy_flow.Error("Tollway's engine failed")
            self._walk("error", flow, 0, lambda: None)

    def _walk(self, event: str, data: Any, start: int, done: Callable[[], None]) -> bool:
        functions = self.of(event)
        for index in range(start, len(functions)):
            try:
                waits = functions[index](data)
                if waits is None:
                    continue
                waiting = started(waits)
                if waiting.done():
                    waiting.result()
                    continue
            except Exception:
                if self._ends_the_walk(event, data):
                    return True
                continue
            self._waiting.add(waiting)
            waiting.add_done_callback(lambda ended, index=index: self._go_on(ended, event, data, index, done))  # type: ignore[misc]
            return False
        return True

    def _go_on(
        self, ended: asyncio.Future[None], event: str, data: Any, index: int, done: Callable[[], None]
    ) -> None:
        self._waiting.discard(ended)
        try:
            ended.result()
        except (Exception, asyncio.CancelledError):
            if self._ends_the_walk(event, data):
                done()
                return
        if self._walk(event, data, index + 1, done):
            done()

    def _ends_the_walk(self, event: str, data: object) -> bool:
        """After an exception: log it, refuse what can still be refused."""
        log_failure(logger, f"a step of the chain failed in {event}")
        if not isinstance(data, http.HTTPFlow):
            return close(event, data)
        if event in BEFORE_THE_ANSWER or event in WITH_THE_ANSWER:
            self._refuse(data)
        return event in BEFORE_THE_ANSWER


def started[T](waits: Awaitable[T]) -> asyncio.Future[T]:
    """What a hook does, begun at once: up to where it first waits, no turn of the event loop goes by."""
    if asyncio.iscoroutine(waits):
        return asyncio.Task(waits, loop=asyncio.get_running_loop(), eager_start=True)
    return asyncio.ensure_future(waits)


def close(event: str, data: object) -> bool:
    """See to it that a connection on which a step failed comes to nothing; whether this event is so early.

    (Where a TLS step fails there is no TLS context, and mitmproxy closes the connection itself.)
    """
    if event == "client_connected" and isinstance(data, Client):
        data.error = CLOSED
    elif event == "server_connect" and isinstance(data, server_hooks.ServerConnectionHookData):
        data.server.error = CLOSED
    elif event == "next_layer" and isinstance(data, layer.NextLayer):
        data.layer = Closed(data.context)
    else:
        return False
    return True


class Closed(layer.Layer):
    """Closes the client's connection, whatever it is about."""

    def _handle_event(self, event: events.Event) -> layer.CommandGenerator[None]:
        if isinstance(event, events.Start):
            yield commands.CloseConnection(self.context.client)
