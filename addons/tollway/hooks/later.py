"""Step 13, of what comes later than its call: a batch was taken, and goes on; how it stands, or its results,
are shown, to whomever: then the row of the call that made it ends."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from mitmproxy.http import HTTPFlow
from msgspec.structs import replace

from tollway import exchange
from tollway.accounting import Accounting
from tollway.apart import apart
from tollway.batches import opening, weight
from tollway.batches.answers import answer
from tollway.batches.asked_for import asked_for
from tollway.batches.ending import SHAPE, awaits, by_object, by_results, violates
from tollway.batches.results import Results
from tollway.batches.sum import Sum
from tollway.batches.told import Told, every, told
from tollway.engine.failure import log_failure
from tollway.exchange import Exchange
from tollway.hooks.batch import role_of
from tollway.hooks.headers import plain
from tollway.hooks.meter import is_buffered
from tollway.ledger.fault import LedgerError
from tollway.ledger.store import Awaiting
from tollway.model import TOTALS, CallRecord
from tollway.wire.coding import Decoder, decode, decoder
from tollway.wire.request_body import parsed

logger = logging.getLogger(__name__)

LARGEST = 64 * 2**20
"""Bytes of an object that are read."""
DECODED = 2**34
"""Bytes of results that are read: those of a hundred thousand requests."""
WHOLE = 200
"""The status of an answer that is no part of one."""
OF = "of "
"""What is noted of a file of results begins so; then comes the batch's name."""


@dataclass(slots=True)
class Reading:
    """Results that are passing."""

    row: CallRecord
    """Of the call that made the batch."""
    sum: Sum
    results: Results
    decoding: Decoder
    failed: bool = False

    def feed(self, chunk: bytes) -> bytes:
        """Relay a chunk, and read it."""
        try:
            for piece in self.decoding.pieces(chunk):
                self.results.feed(piece)
        except Exception:
            self.failed = True
            log_failure(logger, f"the results of the batch of call {self.row.id} could not be read")
        return chunk

    def whole(self) -> bool:
        """Whether all of them were read."""
        broken = self.failed or self.decoding.broken or self.decoding.exceeded
        return not broken and self.results.whole()


class Pieces:
    """An object that is passing."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._size = 0

    def feed(self, chunk: bytes) -> bytes:
        """Relay a chunk, and keep it until the object is whole; none of what is too long."""
        self._size += len(chunk)
        if self._size <= LARGEST:
            self._pieces.append(chunk)
        else:
            self._pieces.clear()
        return chunk

    def whole(self) -> bytes:
        """All of it."""
        return b"".join(self._pieces)


class Later:
    """Ends what was begun by other calls."""

    def __init__(
        self,
        accounting: Accounting,
        ledger: Awaiting,
        keep: Callable[[CallRecord, str], Awaitable[Any]],
        write: Callable[[CallRecord], "asyncio.Future[Any]"],
        clock: Callable[[], float],
        violated: Callable[[CallRecord, str], None] = lambda record, shape: None,
    ) -> None:
        """`keep` keeps a row open whose end comes later; `write` ends one. Both tell who observes. `violated`
        hears of a batch that came to more than its bound, with the bound's shape."""
        self._accounting = accounting
        self._ledger = ledger
        self._keep = keep
        self._write = write
        self._clock = clock
        self._violated = violated
        self._readings: dict[str, Reading] = {}
        """By the id of the call that fetches them."""
        self._pieces: dict[str, Pieces] = {}
        """Of objects that are too long to be held back, likewise."""

    def responseheaders(self, flow: HTTPFlow) -> Awaitable[None] | None:
        known, response = exchange.of(flow), flow.response
        if known is None or response is None or known.refused or not is_good(response.status_code):
            return None
        role = role_of(known.endpoint)
        if role == "results" and response.status_code == WHOLE and "content-range" not in response.headers:
            return self._begin(flow, known)
        if known.upload is None and role not in ("create", "show", "list"):
            return None
        if role in ("show", "list"):  # one may have its results in it, and be long
            known.tap = self._pieces.setdefault(known.id, Pieces()).feed
            response.stream = known.tap
        if is_buffered(known, response):
            # The next call may be about what this answer says: that is known before it is passed on.
            response.stream = False
            if known.hands_in:
                known.buffered, known.guards = True, None
        return None

    def response(self, flow: HTTPFlow) -> Awaitable[None] | None:
        known = exchange.of(flow)
        if known is None or not known.endpoint.batch or known.refused:
            return None
        if (reading := self._readings.pop(known.id, None)) is not None:
            ended = by_results(reading.row, reading.sum, self._now_us())
            return self._end(reading.row, ended) if reading.whole() else None
        pieces = self._pieces.pop(known.id, None)
        if flow.response is None or not is_good(flow.response.status_code):
            return None
        raw = flow.response.raw_content or (pieces.whole() if pieces is not None else b"")
        message = parsed(decode(raw, flow.response.headers.get("content-encoding", ""), LARGEST))
        return None if message is None else self._said(known, message, flow.response.status_code)

    def error(self, flow: HTTPFlow) -> None:
        known = exchange.of(flow)
        if known is not None:
            self._readings.pop(known.id, None)
            self._pieces.pop(known.id, None)

    async def _said(self, known: Exchange, message: Any, status: int) -> None:
        """What the answer says, before the client hears of it."""
        api = known.endpoint.batch.partition(".")[0]
        try:
            if known.upload is not None:
                await self._uploaded(known, message)
            elif role_of(known.endpoint) == "list":
                for one in every(api, message):
                    await self._shown(known, api, one)
            elif (said := told(api, message)) is None:
                return
            elif known.batch is not None and known.recorded and not known.settled:
                await self._taken(known, said, status)
            elif not known.hands_in:
                await self._shown(known, api, said)
        except LedgerError as error:
            logger.error("the ledger did not take what is said of a batch: %s", error)

    async def _uploaded(self, known: Exchange, message: Any) -> None:
        """A file has its id from now on."""
        assert known.upload is not None
        taking, known.upload = partial(known.upload.taken, message), None
        # The ends of many parts are read together.
        file = await apart(taking) if role_of(known.endpoint) == "complete" else taking()
        if file is not None:
            await self._ledger.note(_name(known, file.id), weight.written(file.weight), self._now_us())

    async def _taken(self, known: Exchange, said: Told, status: int) -> None:
        """A batch has its id from now on, and its call's row waits for its end."""
        assert known.batch is not None
        row = opening.answered(known, known.batch, status, said.id, self._now_us())
        known.settled = True
        await self._keep(row, _name(known, said.id))

    async def _shown(self, known: Exchange, api: str, said: Told) -> None:
        """How a batch stands, that some call made."""
        name = _name(known, said.id)
        row = await self._ledger.awaited(name)
        if row is None or not awaits(row):
            return
        if said.results and said.ended:
            sum, answers = Sum(self._accounting.price(row)), [answer(api, each) for each in said.results]
            for each in answers:
                sum.add(each)
            if all(each.is_read for each in answers):
                await self._end(row, by_results(row, sum, self._now_us()))
            return
        for file in said.files:
            await self._ledger.note(_name(known, file), OF + name, self._now_us())
        ended = by_object(row, said, self._accounting.price(row), self._now_us())
        if ended is not None and TOTALS not in row.cost.flags:
            await self._end(row, ended)

    async def _begin(self, flow: HTTPFlow, known: Exchange) -> None:
        """Read results, if somebody waits for them."""
        assert flow.response is not None
        api = known.endpoint.batch.partition(".")[0]
        name = _name(known, asked_for(api, flow.request.path))
        try:
            if api != "anthropic":
                noted = await self._ledger.noted(name)
                if noted is None or not noted.startswith(OF):
                    return
                name = noted.removeprefix(OF)
            row = await self._ledger.awaited(name)
        except LedgerError as error:
            logger.error("the ledger can't tell whose results pass: %s", error)
            return
        decoding = decoder(plain(flow.response.headers).get("content-encoding", ""), DECODED)
        if row is None or not awaits(row) or decoding is None:
            return
        sum = Sum(self._accounting.price(row))
        reading = self._readings[known.id] = Reading(row, sum, Results(api, sum), decoding)
        flow.response.stream = reading.feed

    async def _end(self, before: CallRecord, ended: CallRecord) -> None:
        """End the row of the call that made a batch; who fetched it gets it all the same."""
        if violates(before, ended):
            self._violated(replace(ended, model=before.model), SHAPE)
        try:
            await self._write(ended)
        except LedgerError as error:
            logger.error("the ledger did not take the end of call %s: %s", ended.id, error)

    def _now_us(self) -> int:
        return int(self._clock() * 1_000_000)


def is_good(status: int) -> bool:
    """Whether an answer is what was asked for."""
    return 200 <= status < 300


def _name(known: Exchange, id: str) -> str:
    """What a thing of a provider's is known by."""
    return f"{known.endpoint.provider} {id}"
