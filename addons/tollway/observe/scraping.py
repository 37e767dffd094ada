"""The text of the metrics, made for whoever asks, and never more of it than a small share of a core."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from tollway.observe.flying import Now

REST = 4.0
"""After a text was made, none is for so many times as long as it took: a fifth of a core at the most."""
PATIENCE_SECONDS = 1.0
"""How long the proxy's event loop may take to say how things are; then what it said last is told. That it is
late is in its own metric."""


class Scraping:
    """Those who ask while no text may be made share the next one. Belongs to the listener's event loop."""

    def __init__(
        self,
        ask: Callable[[], Awaitable[Now]],
        make: Callable[[Now], bytes],
        clock: Callable[[], float] = time.monotonic,
        rest: float = REST,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        """`ask`: how things are now; `make`: the text, of that and of what was counted."""
        self._ask = ask
        self._make = make
        self._clock = clock
        self._rest = rest
        self._patience = patience_seconds
        self._last = Now()
        self._not_before = 0.0
        self._next: asyncio.Task[bytes] | None = None

    async def text(self) -> bytes:
        """The metrics as they are from now on: never older than the question."""
        if self._next is None:
            self._next = asyncio.get_running_loop().create_task(self._made())
        return await asyncio.shield(self._next)

    async def _made(self) -> bytes:
        try:
            await asyncio.sleep(max(self._not_before - self._clock(), 0.0))
            async with asyncio.timeout(self._patience):
                self._last = await self._ask()
        except TimeoutError:
            pass
        finally:
            self._next = None  # who asks from here on is told what is counted from here on
        began = self._clock()
        try:
            return self._make(self._last)
        finally:
            ended = self._clock()
            self._not_before = ended + (ended - began) * self._rest
