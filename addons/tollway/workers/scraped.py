"""The metrics of all workers, asked for when somebody wants to see them."""

import asyncio
from collections.abc import Callable
from itertools import chain

from msgspec.structs import replace
from prometheus_client import ProcessCollector

from tollway.observe.counting import Counts
from tollway.observe.exposition import text
from tollway.observe.families import families
from tollway.observe.flying import Now
from tollway.workers.merged import now, processes, summed
from tollway.workers.process import Worker
from tollway.workers.supervisor import Supervisor
from tollway.workers.told import Told

PATIENCE_SECONDS = 0.7
"""How long a worker may take to tell; then what it told last is shown. Less than `Scraping` waits for all."""


class Scraped:
    """Belongs to the supervisor's event loop, but for `made`."""

    def __init__(self, supervisor: Supervisor, log_dropped: Callable[[], int]) -> None:
        """`log_dropped`: of the supervisor's own log."""
        self._supervisor = supervisor
        self._log_dropped = log_dropped
        self._counts: Counts = {}
        self._told: list[Told] = []
        self._gone_cpu = 0.0

    async def ask(self) -> Now:
        """How things are with all workers.

        Who is gone and who lives is looked at in one step: whoever ends from then on still lives here.
        """
        gone, workers = self._supervisor.gone, self._supervisor.workers()
        counts, dropped, self._gone_cpu = gone.counts, gone.log_dropped, gone.cpu
        self._told = await asyncio.gather(*map(_of, workers))
        self._counts = summed([counts, *(each.counts for each in self._told)])
        found = now((each.now for each in self._told), dropped + self._log_dropped())
        return replace(found, workers=len(self._supervisor), worker_restarts=self._supervisor.restarts)

    def made(self, found: Now) -> bytes:
        """The text, on any thread."""
        own = ProcessCollector(registry=None).collect()
        of_all = processes(own, (each.process for each in self._told), self._gone_cpu)
        return text(chain(families(self._counts, found), of_all))


async def _of(worker: Worker) -> Told:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await worker.metrics()
    except TimeoutError:
        return worker.last
