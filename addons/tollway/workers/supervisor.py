"""Keeps so many workers running: starts those that ended anew, and replaces all of them one by one."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from tollway.workers.backoff import Backoff
from tollway.workers.merged import Gone
from tollway.workers.process import NotStarted, Worker

logger = logging.getLogger(__name__)

STOP_SECONDS = 90.0
"""What a worker gets that was told to stop. It takes 35 seconds at most; later it hangs, and is killed."""
START_SECONDS = 10.0
"""The same where another one could not start: they are just starting, too."""

Start = Callable[[int], Awaitable[Worker]]
"""Starts the worker of a number. Raises OSError."""


class Supervisor:
    """Belongs to one event loop."""

    def __init__(
        self,
        count: int,
        start: Start,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        stop_seconds: float = STOP_SECONDS,
    ) -> None:
        """`clock`: seconds that only go forward; `sleep` waits for the time to start one anew."""
        self._start = start
        self._sleep = sleep
        self._stop_seconds = stop_seconds
        self._backoffs = {number: Backoff(clock) for number in range(1, count + 1)}
        self._serving: dict[int, Worker] = {}
        """By their numbers, those that listen."""
        self._all: dict[Worker, None] = {}
        """Those that live: some are about to listen, and some leave."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._rolling = False
        self._stopping = asyncio.Event()
        self.has_begun = False
        """Whether all have listened."""
        self.gone = Gone()
        self.restarts = 0

    def __len__(self) -> int:
        """How many listen."""
        return len(self._serving)

    def serving(self) -> list[Worker]:
        """Those that listen."""
        return list(self._serving.values())

    @property
    def is_stopping(self) -> bool:
        """All were told to end."""
        return self._stopping.is_set()

    def workers(self) -> list[Worker]:
        """All that live."""
        return list(self._all)

    async def begin(self) -> None:
        """Start all, and wait until each listens. Raises NotStarted for the first that can't; then none is
        left."""
        starts = [asyncio.get_running_loop().create_task(self._serve(each)) for each in self._backoffs]
        try:
            await asyncio.gather(*starts)
            self.has_begun = True
        except BaseException:
            self.stop(START_SECONDS)
            await asyncio.gather(*starts, return_exceptions=True)
            await self.ended()
            raise

    def reload(self) -> None:
        """Have each read its policy again."""
        for worker in self.workers():
            worker.say("reload")

    def roll(self) -> None:
        """Replace all, one by one: each new one listens before an old one leaves."""
        if self._rolling:
            logger.warning("the workers are being replaced already")
        elif not self._stopping.is_set():
            self._rolling = True
            self._later(self._roll())

    def stop(self, seconds: float | None = None) -> None:
        """Have all finish their calls and end; who does not within `seconds` is killed."""
        self._stopping.set()
        for worker in self.workers():
            worker.say("stop")
        wait = self._stop_seconds if seconds is None else seconds
        asyncio.get_running_loop().call_later(wait, self._kill)

    def give_up(self) -> None:
        """Have none wait any longer for its calls."""
        for worker in self.workers():
            worker.say("end")

    async def ended(self) -> None:
        """Wait until all are told to stop, and all have ended."""
        await self._stopping.wait()
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _begin(self, number: int) -> Worker:
        """Start one, and wait until it listens. Raises NotStarted."""
        self._backoffs[number].started()
        try:
            worker = await self._start(number)
        except OSError as error:
            raise NotStarted(f"worker {number} can't be started: {error.strerror}", 1) from None
        self._all[worker] = None
        self._later(self._attend(worker))
        if self._stopping.is_set():
            worker.say("stop")
        await worker.listens()
        return worker

    async def _attend(self, worker: Worker) -> None:
        how = await worker.ended()
        del self._all[worker]
        self.gone.add(worker.last)
        if self._serving.get(worker.number) is not worker:
            return
        del self._serving[worker.number]
        if not self._stopping.is_set():
            await self._restart(worker.number, f"worker {worker.number} ended ({how})")

    async def _restart(self, number: int, why: str) -> None:
        while not self._stopping.is_set():
            seconds = self._backoffs[number].wait_seconds()
            logger.error("%s; it is started again in %g s", why, seconds)
            await self._until_stopped(self._sleep(seconds))
            if self._stopping.is_set():
                return
            self.restarts += 1
            try:
                await self._serve(number)
            except NotStarted as error:
                why = f"worker {number} could not be started: {error}"
            else:
                logger.info("worker %d listens again", number)
                return

    async def _serve(self, number: int) -> None:
        """Have a new one serve in this number's place; who did before leaves. Raises NotStarted."""
        worker = await self._begin(number)
        if worker not in self._all:
            raise NotStarted("it ended as soon as it listened", 1)
        if (before := self._serving.get(number)) is not None:
            before.say("leave")
        self._serving[number] = worker

    async def _roll(self) -> None:
        try:
            for number in self._backoffs:
                if self._stopping.is_set():
                    return
                if number in self._serving:  # who is not there is about to be new
                    await self._serve(number)
            logger.info("all workers are new; those before them finish what they have")
        except NotStarted as error:
            logger.error("the workers were not replaced, the former ones go on: %s", error)
        finally:
            self._rolling = False

    async def _until_stopped(self, work: Awaitable[object]) -> None:
        """Wait for work, but no longer than until all are to stop."""
        tasks = [asyncio.ensure_future(work), asyncio.ensure_future(self._stopping.wait())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()

    def _kill(self) -> None:
        for worker in self.workers():
            logger.error("worker %d does not end; it is killed", worker.number)
            worker.kill()

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
