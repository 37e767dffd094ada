"""A reader that hands over what comes at once, to whom it comes for, as long as nobody has to wait.

asyncio's buffers each piece, wakes the task that reads, and copies the piece out for it in the loop's next
turn: of a small call that is a twentieth, and more of each event of a stream.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

LARGEST = 2**16 - 1
"""Bytes that are handed over at once: larger pieces are read in several, as whoever takes them expects."""


class StraightReader(asyncio.StreamReader):
    """asyncio's, but for what comes while its task waits for it in `read`."""

    _take: Callable[[bytes], bool]
    _go_on: Callable[[], Awaitable[None]]
    _waiter: "asyncio.Future[None] | None"
    _eof: bool

    @classmethod
    def adopt(
        cls, reader: asyncio.StreamReader, take: Callable[[bytes], bool], go_on: Callable[[], Awaitable[None]]
    ) -> None:
        """Make one that asyncio has made one of these: it has no more to it than its methods.

        `take` is handed a piece; False: the next one is to wait for `go_on`, which the reading task awaits.
        """
        mine: Any = reader
        mine.__class__, mine._take, mine._go_on = cls, take, go_on

    def feed_data(self, data: Any) -> None:
        """Called by the transport; `data`: bytes, never none."""
        if self._waiter is None or self._buffer or len(data) > LARGEST:  # type: ignore[attr-defined]
            super().feed_data(data)
        elif not self._take(bytes(data)):
            self._wakeup_waiter()  # type: ignore[attr-defined]

    async def read(self, n: int = -1) -> bytes:
        """The next bytes that nobody was handed; none at the end."""
        while not (data := await super().read(n)) and not self._eof:
            await self._go_on()  # it was woken to wait
        return data
