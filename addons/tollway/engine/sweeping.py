"""Closes the connections of clients that take longer than their bounds: all are looked at, once a second."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable

from mitmproxy.http import HTTPFlow

from tollway.engine.client_bounds import ClientBounds
from tollway.engine.connection import ConnectionHandler
from tollway.engine.occupied import calls_of, close, has_half_a_hello, is_tunnel

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0


class Sweeping:
    """Belongs to one event loop. Its clock is mitmproxy's, which stamps requests."""

    def __init__(self, handlers: Callable[[], Iterable[ConnectionHandler]], bounds: ClientBounds) -> None:
        """`handlers`: of the connections that stand."""
        self._handlers = handlers
        self._bounds = bounds

    async def run(self) -> None:
        """Look, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            self.look(time.time())  # noqa: TID251

    def look(self, now: float) -> int:
        """Close what is overdue; how many there were."""
        found = [(each, why) for each in self._handlers() if (why := overdue(each, self._bounds, now))]
        for handler, why in found:
            logger.info("a client's connection is closed: %s", why)
            close(handler)
        return len(found)


def overdue(handler: ConnectionHandler, bounds: ClientBounds, now: float) -> str | None:
    """Why a connection is to be closed."""
    calls = calls_of(handler)
    if any(is_late(flow, bounds, now) for flow in calls):
        return f"no whole request body in {bounds.body_time} s (body-time)"
    if calls or (is_tunnel(handler) and not has_half_a_hello(handler)):
        handler.attending.busy(now)
        return None
    return handler.attending.overdue(bounds, now, handler.client.alpn == b"h2")


def is_late(flow: HTTPFlow, bounds: ClientBounds, now: float) -> bool:
    """Whether a request's body should have been whole by now. One that is passed on as it comes is its
    receiver's to wait for: an upload of hours, or a call that both sides stream."""
    request = flow.request
    if request.stream or request.timestamp_end is not None:
        return False
    return now - request.timestamp_start > bounds.body_time
