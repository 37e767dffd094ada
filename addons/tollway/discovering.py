"""What passes to AI services that Tollway does not read, while a proxy runs: counted at once, written later.

A process that is killed loses what it counted since it wrote last, EVERY_SECONDS at most; no tunnel waits for
a ledger, nor fails of it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from tollway.discovery.services import Found, Services
from tollway.discovery.sighting import Sighting, Who
from tollway.discovery.tally import Seen, Tally
from tollway.ledger.fault import LedgerError

logger = logging.getLogger(__name__)

EVERY_SECONDS = 5.0

Told = Callable[[str, Sighting], None]
"""Hears what was written, each time only what is new of it, with the service's name."""


def of_nothing() -> "Discovering":
    """Where no service is known, nothing is seen."""

    async def note(sightings: Sequence[Sighting]) -> None:
        """There are none."""

    return Discovering(Services(()), note, lambda: ZoneInfo("UTC"), lambda: 0)


class Counting:
    """Counts one connection. `engine.passing.Counter`."""

    def __init__(self, tally: Tally, seen: Seen, now_us: Callable[[], int]) -> None:
        self._tally = tally
        self._seen = seen
        self._now_us = now_us

    def sent(self, size: int) -> None:
        """As `Counter.sent`."""
        if size:
            self._tally.add(self._seen, self._now_us(), sent=size)

    def received(self, size: int) -> None:
        """As `Counter.received`."""
        if size:
            self._tally.add(self._seen, self._now_us(), received=size)


class Discovering:
    """Belongs to the proxy's event loop."""

    def __init__(
        self,
        services: Services,
        note: Callable[[Sequence[Sighting]], Awaitable[None]],
        zone: Callable[[], ZoneInfo],
        now_us: Callable[[], int],
        told: Told = lambda service, sighting: None,
        every_seconds: float = EVERY_SECONDS,
    ) -> None:
        """`note` writes it down; `zone`: whose days are counted by."""
        self._services = services
        self._note = note
        self._zone = zone
        self._now_us = now_us
        self._told = told
        self._every = every_seconds
        self._tally = Tally()
        self._fails = False

    def opened(self, found: Found, who: Who, is_new: bool = True) -> Counting:
        """Somebody reaches a service; what counts the bytes. `is_new`: on a connection of its own."""
        seen = self._tally.known_as(found.host, found.entry, who)
        self._tally.add(seen, self._now_us(), connections=int(is_new))
        return Counting(self._tally, seen, self._now_us)

    def refused(self, found: Found, who: Who) -> None:
        """Somebody was kept from it."""
        seen = self._tally.known_as(found.host, found.entry, who)
        self._tally.add(seen, self._now_us(), refused=1)

    async def run(self) -> None:
        """Write what was seen, every few seconds until cancelled."""
        while True:
            await asyncio.sleep(self._every)
            await self.write()

    async def write(self) -> None:
        """Write it now; what can't be written is written with what comes next."""
        day = datetime.fromtimestamp(self._now_us() / 1_000_000, self._zone()).date().isoformat()
        sightings = self._tally.take(day)
        if not sightings:
            return
        try:
            await self._note(sightings)  # cancelled here, it is written all the same
        except LedgerError as error:
            self._tally.put_back(sightings)
            if not self._fails:
                logger.warning("the ledger did not take what passed to AI services, it is kept: %s", error)
            self._fails = True
            return
        self._fails = False
        for one in sightings:
            if (found := self._services.find(one.host)) is not None:
                self._told(found.service.name, one)
