"""What is done every minute while a proxy runs: leases are renewed, the dead are found, news is learnt."""

import asyncio
import logging
from collections.abc import Callable, Sequence

from tollway.ledger.fault import LedgerError
from tollway.ledger.holding import LEASE_US
from tollway.ledger.store import Store
from tollway.quarantine import Quarantine

logger = logging.getLogger(__name__)

EVERY_SECONDS = 60.0
"""A lease lasts five times as long."""


class Upkeep:
    """Keeps what calls in flight hold from being taken for a dead process's."""

    def __init__(
        self,
        store: Store,
        in_flight: Callable[[], Sequence[str]],
        quarantine: Quarantine,
        now_us: Callable[[], int],
        every_seconds: float = EVERY_SECONDS,
    ) -> None:
        """`in_flight`: the ids of the calls that hold something."""
        self._store = store
        self._in_flight = in_flight
        self._quarantine = quarantine
        self._now_us = now_us
        self._every = every_seconds

    async def run(self) -> None:
        """Do it, until cancelled. What fails is tried again the next time."""
        while True:
            await asyncio.sleep(self._every)
            try:
                await self.once()
            except LedgerError as error:
                logger.warning("leases were not renewed, they will be: %s", error)

    async def once(self) -> None:
        """Do it now. Raises LedgerError."""
        now_us = self._now_us()
        if ids := self._in_flight():
            await self._store.extend(ids, now_us + LEASE_US)
        await self._store.reap(now_us)
        self._quarantine.learn(await self._store.quarantined())
