"""A proxy's metrics, shown to this machine for as long as a context lasts."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from itertools import chain

from prometheus_client import ProcessCollector

from tollway import clock
from tollway.observe.admin import Address, Admin
from tollway.observe.beating import beat
from tollway.observe.counting import Counting
from tollway.observe.exposition import text
from tollway.observe.families import families
from tollway.observe.flying import Now, behind_us, held
from tollway.observe.measuring import Measuring
from tollway.observe.scraping import Scraping
from tollway.proxy import Proxy


@asynccontextmanager
async def showing(
    measuring: Measuring, proxy: Proxy, host: str, port: int, log_dropped: Callable[[], int] = lambda: 0
) -> AsyncIterator[Address]:
    """Listen there; where, with the port that it got. To be entered on the proxy's event loop. Raises
    TollwayError where that can't be."""
    loop = asyncio.get_running_loop()

    async def asked() -> Now:
        return now(proxy, log_dropped())

    async def ask() -> Now:
        """On the listener's loop, of the proxy's."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(asked(), loop))

    admin = Admin(Scraping(ask, lambda found: made(measuring.counting, found)).text)
    address = await asyncio.to_thread(admin.start, host, port)
    beating = loop.create_task(beat(measuring.late, time.monotonic))
    try:
        yield address
    finally:
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating
        await asyncio.to_thread(admin.stop)


def now(proxy: Proxy, log_dropped: int) -> Now:
    """How things are, as the proxy's event loop knows."""
    steps = proxy.steps
    in_flight, nano = held(known.ruling.bound for known in steps.drain.flying())
    return Now(
        in_flight=in_flight,
        held_nano=nano,
        lag_us=behind_us(proxy.ledger.lag_seconds(), steps.holds.oldest_us(), clock.now_us()),
        unwritten=steps.holds.unwritten(),
        log_dropped=log_dropped,
        plans=proxy.planning.used(),
    )


def made(counting: Counting, found: Now) -> bytes:
    """The text, with what prometheus-client knows of a process."""
    return text(chain(families(counting.snapshot(), found), ProcessCollector(registry=None).collect()))
