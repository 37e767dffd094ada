"""An admin address, for as long as a context lasts, beside the event loop that it asks."""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

from tollway.observe.admin import MOST_OF_ONE, Admin
from tollway.observe.beating import beat
from tollway.observe.door import Entrance
from tollway.observe.loopback import is_loopback
from tollway.observe.pages import Told, pages
from tollway.observe.place import Place
from tollway.observe.pulse import Pulse


class On:
    """What is asked on one event loop, of another."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    async def __call__[T](self, question: Coroutine[Any, Any, T]) -> T:
        """Its answer."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(question, self._loop))


@asynccontextmanager
async def listening(entrance: Entrance, told: Told, pulse: Pulse) -> AsyncIterator[Place]:
    """Tell it there; where, with the port that it got. To be entered on the event loop whose pulse it is."""
    is_open = isinstance(entrance.place, tuple) and not is_loopback(entrance.place[0])
    admin = Admin(pages(entrance.door, told), most_of_one=MOST_OF_ONE if is_open else None)
    place = await asyncio.to_thread(admin.start, entrance.place)
    beating = asyncio.get_running_loop().create_task(beat(pulse.beat, time.monotonic))
    try:
        yield place
    finally:
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating
        await asyncio.to_thread(admin.stop)
