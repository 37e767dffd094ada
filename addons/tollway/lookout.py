"""Looks at the ledger every minute: which limits will be exceeded, and who spends unusually much.

One process of all looks, as long as it lives: who looked last may look again after 50 seconds, and others
only once it has not for 95. What is read is read in a thread, and no call waits for it.
"""

import asyncio
import logging
from collections.abc import Callable, Collection
from functools import partial
from typing import Protocol
from zoneinfo import ZoneInfo

from msgspec import Struct

from tollway.alerts import anomaly, outlook
from tollway.alerts.alert import Kind
from tollway.alerts.anomaly import Before, Unusual, Who, dear, unusual, who
from tollway.alerts.forecast import Forecast, standing
from tollway.alerts.hours import HOUR_US, Span, alike, hour_of
from tollway.alerts.news import News
from tollway.alerts.outlook import Courses
from tollway.apart import apart
from tollway.engine.failure import log_failure
from tollway.ledger.fault import LedgerError
from tollway.ledger.store import Books

logger = logging.getLogger(__name__)

EVERY_SECONDS = 60.0
LEASE_US = 50_000_000
YIELDS_US = 45_000_000
"""How much longer others wait than who looked last."""
LOOK, NOTE = "look", "alerts: what buckets had settled"
"""What it is called that somebody looks, and where it is noted what was seen."""
LOOKED_FOR = frozenset({Kind.FORECAST, Kind.ANOMALY})
BY = ("user", "service", "client")


class Memory(Protocol):
    """What is asked of the ledger that the process writes to: as of `ledger.store`."""

    def first_told(
        self, name: str, at_us: int, again_after_us: int | None = None, text: str = ""
    ) -> "asyncio.Future[bool]":
        """As of `Incidents`."""

    def note(self, name: str, text: str, at_us: int) -> "asyncio.Future[None]":
        """As of `Awaiting`."""

    def noted(self, name: str) -> "asyncio.Future[str | None]":
        """As of `Awaiting`."""


class Seen(Struct, frozen=True, kw_only=True):
    """What a look found."""

    courses: Courses = {}
    forecasts: tuple[Forecast, ...] = ()
    unusual: tuple[Unusual, ...] = ()


class Lookout:
    """Belongs to one event loop, and never makes it wait."""

    def __init__(
        self,
        memory: Memory,
        open_books: Callable[[], Books],
        zone: Callable[[], ZoneInfo],
        kinds: Callable[[], Collection[Kind]],
        add: Callable[[News], None],
        now_us: Callable[[], int],
        every_seconds: float = EVERY_SECONDS,
    ) -> None:
        """`open_books` raises LedgerError; it is called in a thread. `zone`, `kinds`: of the policy."""
        self._memory = memory
        self._open = open_books
        self._zone = zone
        self._kinds = kinds
        self._add = add
        self._now_us = now_us
        self._every = every_seconds
        self._looks = False
        self._usual: tuple[int, Before] = (-1, Before())
        """An hour, and what there is to compare it with."""

    async def run(self) -> None:
        """Look every minute, until cancelled. What fails is tried again the next time."""
        while True:
            await asyncio.sleep(self._every)
            try:
                await self.look()
            except LedgerError as error:
                logger.debug("the ledger was not looked at for alerts, it will be: %s", error)
            except Exception:
                log_failure(logger, "a look at the ledger for alerts failed")

    async def look(self) -> None:
        """Look now, if it is this process's turn. Raises LedgerError."""
        kinds = LOOKED_FOR.intersection(self._kinds())
        if not kinds:
            return
        now_us = self._now_us()
        # By the hour: a clock that was ahead, and was set back, keeps nobody from looking for longer.
        self._looks = await self._memory.first_told(
            f"{LOOK} {hour_of(now_us)}", now_us - (0 if self._looks else YIELDS_US), LEASE_US
        )
        if not self._looks:
            return
        before = outlook.unpacked(await self._memory.noted(NOTE)) if Kind.FORECAST in kinds else {}
        seen = await apart(partial(self._seen, kinds, before, now_us))
        if Kind.FORECAST in kinds and seen.courses != before:
            await self._memory.note(NOTE, outlook.packed(seen.courses), now_us)
        for forecast in seen.forecasts:
            self._add(outlook.told(forecast, now_us))
        for hour in seen.unusual:
            self._add(anomaly.told(hour, now_us))

    def _seen(self, kinds: Collection[Kind], before: Courses, now_us: int) -> Seen:
        """What is to be seen now. Blocks. Raises LedgerError."""
        books = self._open()
        try:
            courses: Courses = {}
            forecasts: tuple[Forecast, ...] = ()
            if Kind.FORECAST in kinds:
                courses, forecasts = foreseen(books, before, now_us)
            hours = self._unusual(books, now_us) if Kind.ANOMALY in kinds else ()
            return Seen(courses=courses, forecasts=forecasts, unusual=hours)
        finally:
            books.close()

    def _unusual(self, books: Books, now_us: int) -> tuple[Unusual, ...]:
        """Of this hour, and in its first minutes of the one before: its last ones were not looked at."""
        recent_us = 2 * int(self._every * 1_000_000)
        hours = sorted({hour_of(now_us - recent_us), hour_of(now_us)})
        return tuple([found for hour_us in hours for found in self._unusual_in(books, hour_us)])

    def _unusual_in(self, books: Books, hour_us: int) -> tuple[Unusual, ...]:
        spent = spent_in(books, Span(hour_us, hour_us + HOUR_US))
        now = {each: nano for (each, _), nano in spent.items()}
        if not dear(now):
            return ()
        if self._usual[0] != hour_us:
            days = [spent_in(books, span) for span in alike(hour_us, self._zone())]
            self._usual = hour_us, anomaly.before(days)
        return unusual(now, self._usual[1], hour_us)


def foreseen(books: Books, before: Courses, now_us: int) -> tuple[Courses, tuple[Forecast, ...]]:
    """What buckets look like now. Raises LedgerError."""
    found = [standing(row.bucket, row.amount, row.settled, row.started_us) for row in books.buckets(now_us)]
    return outlook.look(before, filter(None, found), now_us)


def spent_in(books: Books, span: Span) -> dict[tuple[Who, int], int]:
    """What each hour of a span cost each, in nano-dollars: by caller, and by where the hour begins. Raises
    LedgerError."""
    found: dict[tuple[Who, int], int] = {}
    sums = books.sums(BY, span.since_us, span.until_us, lambda us: hour_of(us) + HOUR_US)
    for (us, group), each in sums.items():
        caller = who(*[None if value is None else str(value) for value in group])
        if caller is not None and each.cost_nano:
            known = caller, hour_of(us)
            found[known] = found.get(known, 0) + each.cost_nano
    return found
