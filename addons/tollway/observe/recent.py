"""An answer that is asked for once in a while, however many want it."""

import asyncio
import time
from collections.abc import Callable


class Recent[T]:
    """Those who ask while it is on its way share it, and so do those who ask soon after. Belongs to one event
    loop."""

    def __init__(self, kept_seconds: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        """`kept_seconds`: how old it may be, from when it was asked for."""
        self._kept = kept_seconds
        self._monotonic = monotonic
        self._asked: asyncio.Future[T] | None = None
        self._asked_at = 0.0

    async def of(self, ask: "Callable[[], asyncio.Future[T]]") -> T:
        """The answer; what was raised, too. Who gives up waiting has nobody else wait in vain."""
        now, asked = self._monotonic(), self._asked
        if asked is None or (asked.done() and now - self._asked_at >= self._kept):
            self._asked = asked = ask()
            self._asked_at = now
            asked.add_done_callback(_heard)
        return await asyncio.shield(asked)

    def close(self) -> None:
        """Wait for none any more."""
        if self._asked is not None:
            self._asked.cancel()


def _heard[T](answer: "asyncio.Future[T]") -> None:
    """There may be nobody any more who asks."""
    if not answer.cancelled():
        answer.exception()
