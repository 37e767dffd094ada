"""A proxy's admin address, from before its start to after its end: who is to send it calls learns at once
that it was told to stop, and may ask while calls in flight go on."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import chain

from prometheus_client import ProcessCollector

from tollway import clock
from tollway.observe.counting import Counting
from tollway.observe.door import Entrance
from tollway.observe.exposition import text
from tollway.observe.families import families
from tollway.observe.flying import Now, behind_us, held
from tollway.observe.listening import On, listening
from tollway.observe.measuring import Measuring
from tollway.observe.pages import Told
from tollway.observe.place import Place
from tollway.observe.pulse import Pulse
from tollway.observe.readying import Readying
from tollway.observe.scraping import Scraping
from tollway.proxy import Proxy


@asynccontextmanager
async def showing(
    entrance: Entrance,
    measuring: Measuring,
    readying: Readying,
    budgets: Callable[[], bytes],
    log_dropped: Callable[[], int] = lambda: 0,
) -> AsyncIterator[Place]:
    """Listen there; where, with the port that it got. To be entered on the proxy's event loop. Raises
    TollwayError where that can't be. `budgets` may block, and raise TollwayError."""

    async def asked() -> Now:
        return now(readying.proxy, log_dropped())

    def late(us: int) -> None:
        """A start stands still for a while, and no call waits for it."""
        if readying.proxy is not None:
            measuring.late(us)

    on_loop, pulse = On(asyncio.get_running_loop()), Pulse(time.monotonic, late)
    told = Told(
        metrics=Scraping(lambda: on_loop(asked()), lambda found: made(measuring.counting, found)).text,
        checks=lambda: on_loop(readying.checks()),
        is_stopping=lambda: readying.is_stopping,
        stands_still=pulse.stands_still,
        budgets=budgets,
    )
    async with listening(entrance, told, pulse) as place:
        yield place


def now(proxy: Proxy | None, log_dropped: int) -> Now:
    """How things are, as the proxy's event loop knows; None: it does not listen yet."""
    if proxy is None:
        return Now(log_dropped=log_dropped, workers=0)
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
