"""The rows of the proxy's calls: `charging`, with a clock, and estimates off the event loop."""

import asyncio
import logging
from collections.abc import Callable
from functools import partial

from msgspec.structs import replace

from tollway import rows
from tollway.batches import opening
from tollway.batches.sum import Price
from tollway.charging import Charging, guess_by_size, moment
from tollway.engine.failure import log_failure
from tollway.exchange import Exchange
from tollway.model import Billing, CallRecord, Cost, Endpoint, Report, Usage
from tollway.played import CameTo, Played
from tollway.prices.book import PriceBook
from tollway.prices.ceiling import Ceiling
from tollway.weighing import Weighing

logger = logging.getLogger(__name__)


async def end_of(played: Played) -> CameTo:
    """What the call came to whose answer is played; it may be in flight."""
    while (found := played.came_to) is None:
        told = asyncio.Event()
        played.when_more(told.set)
        await told.wait()
    return found


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
        if known.played is not None:
            return rows.row(known, "open", Report(), Cost(), None, known.error, None)
        if known.batch is not None:
            return opening.opened(known, known.batch)
        return self._charging.opened(known)

    def ceiling(self, known: Exchange, dearest: bool) -> Ceiling | None:
        """The dearest that a call may be charged at whose request was read: as `Charging.ceiling`."""
        return self._charging.ceiling(known, known.parsed or {}, dearest)

    def likely(self, known: Exchange, usage: Usage) -> int:
        """What such a usage would cost: as `Charging.likely`."""
        return self._charging.likely(known, known.parsed or {}, usage)

    def closed(self, known: Exchange, status: int | None, cut: bool) -> CallRecord | None:
        """The row of a call that ended; None where that takes an estimate, which takes a while, or another
        call's end."""
        if known.played is not None:
            came_to = known.played.came_to if status is not None else CameTo()
            return None if came_to is None else self._saved(known, came_to, status, cut)
        if known.batch is not None:
            return opening.closed(known, known.batch, status, cut, self._now_us())
        return self._charging.closed(known, status, cut, self._now_us())

    def late(self) -> list[CallRecord]:
        """Rows of earlier calls whose usage has come with the last one that was closed; each only once."""
        return self._charging.late()

    def asks_for(self, known: Exchange) -> str | None:
        """As `Charging.asks_for`."""
        return None if known.played is not None else self._charging.asks_for(known)

    def recall(self, answer: str, row: CallRecord) -> None:
        """As `Charging.recall`."""
        self._charging.recall(answer, row)

    async def estimated(self, known: Exchange, status: int | None, cut: bool) -> CallRecord:
        """The row of a call whose usage is estimated from its texts, off the event loop; of one that shared
        another's answer, once that has ended."""
        if known.played is not None:
            return self._saved(known, await end_of(known.played), status, cut)
        assert known.reader is not None
        report, delivered = known.reader.report(), known.reader.delivered()
        loop = asyncio.get_running_loop()
        guess = await loop.run_in_executor(None, self._guess, known, report, delivered)
        return self._charging.estimated(
            known, report, delivered, guess, status=status, cut=cut, ended_us=self._now_us()
        )

    def _saved(self, known: Exchange, came_to: CameTo, status: int | None, cut: bool) -> CallRecord:
        """It cost nothing; its tokens count in limits as those of the call that was paid for."""
        record = rows.ended(known, Report(usage=came_to.usage), Cost(), status, cut, self._now_us())
        broke_off = record.error == "not_connected" and status is not None
        return replace(record, saved_nano=came_to.cost_nano, error="cut" if broke_off else record.error)

    def weighing(
        self, known: Exchange, find: Callable[[str], Endpoint | None], dearest: bool, usual: str = ""
    ) -> Weighing:
        """What weighs the requests of a batch that a call hands in. `find`: what a request to a path is;
        `usual`: where those go that name none."""
        at, notional = moment(known.started_us), known.billing is Billing.NOTIONAL
        return Weighing(book=self._book, find=find, at=at, notional=notional, dearest=dearest, usual=usual)

    def price(self, row: CallRecord) -> Price:
        """What an answer costs of the batch that a call made."""
        return partial(self._charging.answered, row)

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
