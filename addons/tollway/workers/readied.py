"""How ready all workers are, asked when somebody wants to know."""

import asyncio
from collections.abc import Sequence

from tollway.readiness import serving
from tollway.readiness.check import Check
from tollway.readiness.several import merged
from tollway.workers.process import Worker
from tollway.workers.supervisor import Supervisor

PATIENCE_SECONDS = 1.5
"""How long a worker may take to say; then it stands still. More than its ledger gets, less than all get."""


class Readied:
    """Belongs to the supervisor's event loop."""

    def __init__(
        self, supervisor: Supervisor, asked: int, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        """`asked`: how many workers there are to be."""
        self._supervisor = supervisor
        self._asked = asked
        self._patience = patience_seconds

    async def checks(self) -> Sequence[Check]:
        """Of those that listen, as one."""
        workers = self._supervisor.serving()
        if not workers and not self._supervisor.has_begun:
            return (serving.STARTING,)
        said = await asyncio.gather(*map(self._of, workers))
        if self._supervisor.is_stopping:
            return (serving.STOPPING,)
        return merged({one.number: checks for one, checks in zip(workers, said, strict=True)}, self._asked)

    async def _of(self, worker: Worker) -> Sequence[Check] | None:
        try:
            async with asyncio.timeout(self._patience):
                return await worker.readiness()
        except TimeoutError:
            return None
