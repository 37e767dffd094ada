"""What takes a while to be read, made in a thread of its own for whoever asks, and never more of it than a
share of a core."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread

from tollway.observe.scraping import REST


class Shared:
    """Those who ask while none may be made share the next one. Belongs to the listener's event loop."""

    def __init__(
        self,
        make: Callable[[], bytes],
        clock: Callable[[], float] = time.monotonic,
        rest: float = REST,
    ) -> None:
        """`make` may block, and raise. After a text was made, none is for `rest` times as long as it took."""
        self._make = make
        self._clock = clock
        self._rest = rest
        self._not_before = 0.0
        self._at_once = asyncio.Lock()
        self._tasks: set[asyncio.Task[bytes]] = set()
        self._next: asyncio.Task[bytes] | None = None

    async def text(self) -> bytes:
        """As it is from now on: never older than the question."""
        if self._next is None:
            self._next = task = asyncio.get_running_loop().create_task(self._made())
            self._tasks.add(task)
            task.add_done_callback(self._ended)
        return await asyncio.shield(self._next)

    def close(self) -> None:
        """Wait for none any more; a thread that still reads ends with the process."""
        for task in self._tasks:
            task.cancel()

    def _ended(self, task: "asyncio.Task[bytes]") -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # there may be nobody any more who asks

    async def _made(self) -> bytes:
        async with self._at_once:
            await asyncio.sleep(max(self._not_before - self._clock(), 0.0))
            self._next = None  # who asks from here on is told what is so from here on
            began = self._clock()
            try:
                return await asyncio.wrap_future(in_thread(self._make))
            finally:
                ended = self._clock()
                self._not_before = ended + (ended - began) * self._rest


def in_thread[T](make: Callable[[], T]) -> "Future[T]":
    """What it makes, in a thread that nothing waits for at the process's end."""
    made: Future[T] = Future()

    def run() -> None:
        made.set_running_or_notify_cancel()
        try:
            made.set_result(make())
        except BaseException as error:
            made.set_exception(error)

    Thread(target=run, name="tollway-told", daemon=True).start()
    return made
