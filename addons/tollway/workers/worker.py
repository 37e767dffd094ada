"""A worker: a proxy that listens on what it inherited, and does what its supervisor says.

`stop`: take no more calls, let those in flight finish, end. `end`: wait for them no longer. `leave`: another
worker listens by now; let clients go there, and end. `reload`: read the policy again. `tell`: say what was
counted. `ready`: say how ready it is. A supervisor that is gone, however it ended, means `stop`: nobody would
start this worker anew.
"""

import asyncio
import logging
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any

import msgspec

from tollway.engine.proxyserver import Inherited
from tollway.engine.shares import Page
from tollway.master import Master, freeze
from tollway.observe.beating import beat
from tollway.observe.flying import Now
from tollway.observe.measuring import Measuring
from tollway.observe.readying import Readying
from tollway.observe.showing import now
from tollway.proxy import Proxy, Setup, running
from tollway.workers.line import Line, Said
from tollway.workers.place import Place
from tollway.workers.told import Told, of_process, told

logger = logging.getLogger(__name__)

LEAVE_SECONDS = 3_600.0
"""What connections get to end by themselves once another worker has taken over: an answer that thinks for
long, a voice session, a download."""


class Working:
    """One worker. Belongs to one event loop."""

    def __init__(self, line: Line, measuring: Measuring | None, log_dropped: Callable[[], int]) -> None:
        """`measuring`: what counts; None: nothing is counted."""
        self._line = line
        self._measuring = measuring
        self._log_dropped = log_dropped
        self._proxy: Proxy | None = None
        self._master: Master | None = None
        self._stopped = asyncio.Event()
        self._leaving = asyncio.Event()
        self._signalled = False
        self._telling: set[asyncio.Task[None]] = set()
        self._readying = Readying()

    def engine(self, *values: Any, **named: Any) -> Master:
        """As `Setup.engine`."""
        self._master = Master(*values, **named)
        return self._master

    async def serve(self, proxy: Proxy) -> None:
        """Until it is to end."""
        self._proxy = proxy
        self._readying.serves(proxy)
        self._line.say(listens=True)
        await first(self._stopped.wait(), self._leaving.wait())
        self._readying.stops()
        if self._leaving.is_set() and not self._stopped.is_set():
            assert self._master is not None
            await first(self._stopped.wait(), self._master.leave(LEAVE_SECONDS))
        if left := proxy.steps.drain.in_flight():
            calls = f"{left} call{'s' * (left != 1)}"
            logger.info("waiting for the end of %s; a second signal ends them now", calls)

    def signalled(self) -> None:
        """A signal says stop; a second one: now. Who ends all processes of a service sends the first to us
        and to the supervisor, whose own word is then no second one."""
        if self._signalled:
            self._give_up()
        self._signalled = True
        self._stopped.set()

    async def hear(self) -> None:
        """Do as the supervisor says, until it is gone."""
        async for said in self._line.heard():
            self._do(said)
        if not self._stopped.is_set():
            logger.warning("the supervisor is gone: calls in flight finish, and this worker ends")
            self._stopped.set()

    def last_words(self) -> None:
        """Tell what was counted, now that nothing is any more."""
        if self._measuring is not None:
            self._line.say(told=told(self._told(Now(log_dropped=self._log_dropped()))))

    def _do(self, said: Said) -> None:
        do = said["do"]
        if do == "stop":
            self._stopped.set()
        elif do == "end":
            self._stopped.set()
            self._give_up()
        elif do == "leave":
            self._leaving.set()
        elif do == "reload" and self._proxy is not None and self._proxy.reloading is not None:
            self._proxy.reloading.ask()
        elif do == "tell":
            self._later(self._tell(said["number"]))
        elif do == "ready":
            self._later(self._tell_how())

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _tell_how(self) -> None:
        self._line.say(ready=msgspec.to_builtins(await self._readying.checks()))

    def _give_up(self) -> None:
        if self._proxy is not None:
            self._proxy.steps.drain.give_up()

    async def _tell(self, number: int) -> None:
        """In a thread: of thousands of series it takes milliseconds."""
        found = Now() if self._proxy is None else now(self._proxy, self._log_dropped())
        said = await asyncio.to_thread(lambda: told(self._told(found)))
        self._line.say(told=said, number=number)

    def _told(self, found: Now) -> Told:
        counts = {} if self._measuring is None else self._measuring.counting.snapshot()
        return Told(counts=counts, now=found, process=of_process())


async def work(
    setup: Setup, place: Place, measuring: Measuring | None, log_dropped: Callable[[], int]
) -> None:
    """Be the worker of this place until its end. Raises TollwayError where it can't listen."""
    inherited = Inherited(place.listening(), Page(place.page).share(place.share))
    line = await Line.on(socket.socket(fileno=place.line))
    working = Working(line, measuring, log_dropped)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, working.signalled)
    setup = replace(setup, listening=replace(setup.listening, inherited=inherited), engine=working.engine)
    hearing = loop.create_task(working.hear())
    try:
        async with running(setup) as proxy, beating(measuring):
            freeze()
            await working.serve(proxy)
        working.last_words()
    finally:
        hearing.cancel()
        await line.close()


@asynccontextmanager
async def beating(measuring: Measuring | None) -> AsyncIterator[None]:
    """Measure how late the event loop is, if anything is measured."""
    if measuring is None:
        yield
        return
    task = asyncio.get_running_loop().create_task(beat(measuring.late, time.monotonic))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def first(*works: Any) -> None:
    """Wait for whichever ends first; the others are cancelled."""
    tasks = [asyncio.ensure_future(each) for each in works]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
