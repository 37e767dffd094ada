"""A proxy whose place another one takes: its clients go there, and no call is refused or broken off for it.

Each next answer is the last on its connection, and connections without a call are closed once they have been
silent for a moment: a client that is just about to ask would have to ask again. What is tunnelled undecrypted
ends by itself.
"""

import asyncio
import time
from collections.abc import Callable, Iterable

from mitmproxy.http import HTTPFlow

from tollway.engine.connection import ConnectionHandler
from tollway.engine.last_answer import LastAnswer
from tollway.engine.occupied import close, has_call, is_tunnel

SILENT_SECONDS = 2.0
"""Clients that call on and on do so within this, and hear of it by an answer."""
LOOK_SECONDS = 0.5


class Leaving:
    """An addon, behind all others. Belongs to one event loop."""

    def __init__(
        self,
        handlers: Callable[[], Iterable[ConnectionHandler]],
        silent_seconds: float = SILENT_SECONDS,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        """`handlers`: of the connections that stand."""
        self._handlers = handlers
        self._silent = silent_seconds
        self._look = look_seconds
        self._begun = False

    def responseheaders(self, flow: HTTPFlow) -> None:
        """The provider answers."""
        self._last(flow)

    def response(self, flow: HTTPFlow) -> None:
        """We may have answered ourselves."""
        self._last(flow)

    async def leave(self, seconds: float) -> bool:
        """Have all clients go, for so long at most; False: some are still there."""
        self._begun = True
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while handlers := list(self._handlers()):
            if loop.time() >= end:
                return False
            for handler in handlers:
                if self._is_over(handler):
                    close(handler)
            await asyncio.sleep(min(self._look, max(end - loop.time(), 0.0)))
        return True

    def _last(self, flow: HTTPFlow) -> None:
        if self._begun and flow.response is not None and flow.response.status_code != 101:
            LastAnswer.mark(flow.response)

    def _is_over(self, handler: ConnectionHandler) -> bool:
        silent = time.time() - handler.timeout_watchdog.last_activity  # noqa: TID251  (mitmproxy's own clock)
        return silent >= self._silent and not has_call(handler) and not is_tunnel(handler)
