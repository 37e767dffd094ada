"""The rows of the proxy's calls: `charging`, with a clock, and estimates off the event loop."""

import asyncio
import logging
from collections.abc import Callable

from tollway.charging import Charging, guess_by_size
from tollway.engine.failure import log_failure
from tollway.exchange import Exchange
from tollway.model import CallRecord, Report, Usage
from tollway.prices.book import PriceBook
from tollway.prices.ceiling import Ceiling

logger = logging.getLogger(__name__)


class Accounting:
    """Makes the rows. It reads the exchange, and changes nothing of it."""

    def __init__(self, book: PriceBook, clock: Callable[[], float]) -> None:
        self._book = book
        self._clock = clock
        self._charging = Charging(book)

    def warm(self) -> None:
        """Load what the first call would have to wait for."""
        self._book.warm()

    def opened(self, known: Exchange) -> CallRecord:
        """The row before the request leaves: charged as if only the input will ever be known."""
        return self._charging.opened(known)

    def ceiling(self, known: Exchange, dearest: bool) -> Ceiling | None:
        """The dearest that a call may be charged at whose request was read: as `Charging.ceiling`."""
        return self._charging.ceiling(known, known.parsed or {}, dearest)

    def likely(self, known: Exchange, usage: Usage) -> int:
        """What such a usage would cost: as `Charging.likely`."""
        return self._charging.likely(known, known.parsed or {}, usage)

    def closed(self, known: Exchange, status: int | None, cut: bool) -> CallRecord | None:
        """The row of a call that ended; None where that takes an estimate, which takes a while."""
        return self._charging.closed(known, status, cut, self._now_us())

    def late(self) -> list[CallRecord]:
        """Rows of earlier calls whose usage has come with the last one that was closed; each only once."""
        return self._charging.late()

    async def estimated(self, known: Exchange, status: int | None, cut: bool) -> CallRecord:
        """The row of a call whose usage is estimated from its texts, off the event loop."""
        assert known.reader is not None
        report, delivered = known.reader.report(), known.reader.delivered()
        loop = asyncio.get_running_loop()
        guess = await loop.run_in_executor(None, self._guess, known, report, delivered)
        return self._charging.estimated(
            known, report, delivered, guess, status=status, cut=cut, ended_us=self._now_us()
        )

    def failed(self, known: Exchange, status: int | None) -> CallRecord:
        """The row of a call that could not be settled because our own code failed: its bytes, as tokens."""
        return self._charging.failed(known, status, self._now_us())

    def _guess(self, known: Exchange, report: Report, delivered: bytes) -> Usage:
        try:
            return self._charging.guess(known, report, delivered)
        except Exception:
            log_failure(logger, f"the estimate of call {known.id} failed; its bytes are counted")
            return guess_by_size(known, delivered)

    def _now_us(self) -> int:
        return int(self._clock() * 1_000_000)
