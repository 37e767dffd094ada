"""Work that blocks, in a thread of its own: the loop has few, which look names up for all calls, and which a
process waits for at its end, however long they hang."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread


async def apart[T](work: Callable[[], T]) -> T:
    """What the work returns, or raises. Who waits no longer does not end it; the process's end does."""
    done: Future[T] = Future()
    done.set_running_or_notify_cancel()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:
            done.set_exception(error)

    Thread(target=run, daemon=True).start()
    return await asyncio.wrap_future(done)
