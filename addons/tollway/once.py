"""Alerts that are told once over all processes of a ledger, several of a kind as one message."""

import asyncio
import logging
from collections.abc import Callable, Collection
from typing import Protocol

from tollway.alerts.alert import Alert, Kind
from tollway.alerts.grouped import grouped
from tollway.alerts.news import News, known_as
from tollway.engine.failure import log_failure
from tollway.ledger.fault import LedgerError

logger = logging.getLogger(__name__)

EVERY_SECONDS = 5.0
"""How long news is gathered before it is told."""
MOST_WAITING = 1_000
"""News that waits for the ledger; more is dropped."""
REMEMBERED = 100_000
"""Names that are known to be told; then all are forgotten, and the ledger is asked again."""
LISTED_US = 0
"""What is told at once is remembered for who lists it, and keeps nothing from being told again."""


class Memory(Protocol):
    """Where it is remembered what was told."""

    def first_told(
        self, name: str, at_us: int, again_after_us: int | None = None, text: str = ""
    ) -> "asyncio.Future[bool]":
        """As of `ledger.store.Incidents`."""


class Once:
    """Gathers news. Belongs to one event loop, and never makes it wait."""

    def __init__(
        self,
        memory: Memory,
        tell: Callable[[Alert], None],
        kinds: Callable[[], Collection[Kind]],
        now_us: Callable[[], int],
        every_seconds: float = EVERY_SECONDS,
    ) -> None:
        """`kinds`: what the policy in force wants to be told."""
        self._memory = memory
        self._tell = tell
        self._kinds = kinds
        self._now_us = now_us
        self._every = every_seconds
        self._waiting: dict[str, News] = {}
        self._flushing: asyncio.Task[None] | None = None
        self._known: dict[str, int | None] = {}
        """Until when each is not to be told again; None: never again."""

    def at_once(self, alert: Alert) -> None:
        """Tell it now: somebody else has made sure that it is told once. Its text is kept, to be listed."""
        self._tell(alert)
        name = known_as(alert.kind, alert.text, str(alert.at_us))
        self._memory.first_told(name, alert.at_us, LISTED_US, alert.text).add_done_callback(_overlooked)

    def add(self, news: News) -> None:
        """Have this told, unless it was."""
        if news.alert.kind not in self._kinds() or self.knows(news.name):
            return
        if len(self._waiting) < MOST_WAITING:
            self._waiting.setdefault(news.name, news)

    def knows(self, name: str) -> bool:
        """Whether this process knows that it was told, and is not to be told again yet."""
        if name not in self._known:
            return False
        until_us = self._known[name]
        return until_us is None or self._now_us() < until_us

    async def run(self) -> None:
        """Tell what was gathered, every few seconds until cancelled."""
        while True:
            await asyncio.sleep(self._every)
            try:
                await self.flush()
            except Exception:
                log_failure(logger, "alerts could not be told")

    async def flush(self) -> None:
        """Tell it now. What the ledger does not take waits for the next time.

        Cancelled, what was asked is told all the same: the ledger says only once that it is the first time.
        """
        if self._flushing is not None:
            await asyncio.wait([self._flushing])
        self._flushing = asyncio.get_running_loop().create_task(self._flush())
        await asyncio.shield(self._flushing)

    async def _flush(self) -> None:
        waiting, self._waiting = self._waiting, {}
        asked = [self._first(news) for news in waiting.values()]
        found = await asyncio.gather(*asked)
        firsts = [news.alert for news, first in zip(waiting.values(), found, strict=True) if first]
        for alert in grouped(firsts):
            self._tell(alert)

    async def _first(self, news: News) -> bool:
        alert, again = news.alert, news.again_after_us
        try:
            first = await self._memory.first_told(news.name, alert.at_us, again, alert.text)
        except LedgerError as error:
            logger.debug("an alert of kind %s waits for the ledger: %s", alert.kind, error)
            self._waiting.setdefault(news.name, news)
            return False
        if len(self._known) >= REMEMBERED:
            self._known.clear()
        self._known[news.name] = None if again is None else alert.at_us + again
        return first


def _overlooked(done: "asyncio.Future[bool]") -> None:
    """It was told: that its text is not kept changes nothing."""
    if not done.cancelled():
        done.exception()
