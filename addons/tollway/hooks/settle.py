"""Step 13: price the usage, and close the call's row in the ledger."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any

from mitmproxy.http import HTTPFlow
from mitmproxy.utils import asyncio_utils
from msgspec.structs import replace

from tollway import exchange
from tollway.accounting import Accounting
from tollway.apart import apart
from tollway.engine.failure import log_failure
from tollway.exchange import Exchange
from tollway.hooks.refusal import explain
from tollway.hooks.screen import Unscreened
from tollway.hooks.translating import put_translated
from tollway.hooks.whole_answer import put_whole
from tollway.ledger.fault import LedgerError
from tollway.model import AWAITED, CallRecord
from tollway.money import usd
from tollway.rows import IN_BACKGROUND, VIOLATED
from tollway.wire.blocked import CODE

logger = logging.getLogger(__name__)


NOT_PASSED_ON = (
    "Tollway: a guardrail is about this answer, and it can't be looked through, so it is not passed on"
)
BACKGROUND = b'"background"'
"""A member of a request for an answer that is made in the background."""
LONG = 65_536
"""Bytes of an answer in one piece that guardrails look through on the event loop: 6 ms of it."""


def tapped(tap: Callable[[bytes], bytes], raw: bytes) -> bytes | Exception:
    """What the client gets of an answer in one piece, or why it gets nothing of it."""
    try:
        return tap(raw) + tap(b"")
    except Exception as error:
        return error


def put(flow: HTTPFlow, known: Exchange, passed: bytes | Exception) -> None:
    """That in the place of the provider's answer, if it may be another one. One that failed to be looked
    through is not passed on, and is settled all the same: it was paid for."""
    assert flow.response is not None
    if isinstance(passed, Exception):
        why = str(passed) if isinstance(passed, Unscreened) else type(passed).__name__
        logger.error("the answer of call %s is not passed on: %s", known.id, why)
        known.error = known.error or CODE
        explain(flow, NOT_PASSED_ON, CODE)
    elif known.translated is not None:
        put_translated(flow.response, passed)
    elif known.answering is not None and passed != flow.response.raw_content:
        put_whole(flow.response, passed)


class Settle:
    """Runs exactly once a flow, however it ends: answered, refused, cut, abandoned, never connected."""

    def __init__(
        self,
        end: Callable[[CallRecord], "asyncio.Future[Any]"],
        accounting: Accounting,
        observe: Callable[[CallRecord], None],
        violated: Callable[[CallRecord, str], None] = lambda record, shape: None,
        awaited: Callable[[str], Awaitable[CallRecord | None]] | None = None,
        wait_for: Callable[[CallRecord, str], "asyncio.Future[Any]"] | None = None,
    ) -> None:
        """`end` writes a row that has ended, and settles what its call held. `observe` sees each row as it
        goes there: one that waited for its usage twice. `violated` hears of a call that cost more than its
        bound, with the bound's shape. `awaited` tells of the call that asked for an answer, in any process;
        `wait_for` keeps the row of one whose usage comes later."""
        self._awaited = awaited
        self._wait_for = wait_for
        self._end = end
        self._violated = violated
        self._accounting = accounting
        self._observe = observe
        self._late: set[asyncio.Task[None]] = set()
        self._ends: set[asyncio.Future[Any]] = set()

    def response(self, flow: HTTPFlow) -> Awaitable[None] | None:
        known = exchange.of(flow)
        if known is None or known.settled:
            return None
        if known.buffered and known.tap is not None and flow.response is not None:
            raw = flow.response.raw_content or b""
            if known.answering is not None and len(raw) > LONG:
                return self._beside(flow, known, partial(tapped, known.tap, raw))
            put(flow, known, tapped(known.tap, raw))
        return self._settle(flow, known, cut=False)

    async def _beside(self, flow: HTTPFlow, known: Exchange, tap: Callable[[], bytes | Exception]) -> None:
        """A long answer is looked through beside the event loop; a flow that ends meanwhile is settled."""
        passed = await apart(tap)
        if known.settled or flow.response is None:
            return
        put(flow, known, passed)
        if (estimate := self._settle(flow, known, cut=False)) is not None:
            await estimate

    def error(self, flow: HTTPFlow) -> Awaitable[None] | None:
        known = exchange.of(flow)
        if known is None or known.settled:
            return None
        return self._settle(flow, known, cut=True)

    def call(self, known: Exchange, cut: bool) -> None:
        """Settle a call that has no flow of its own, as one on a socket. `cut`: it did not end by itself."""
        self._settle(None, known, cut)

    def attempt(self, flow: HTTPFlow, known: Exchange) -> None:
        """Settle an attempt that failed, since another takes its place in the flow."""
        self._settle(flow, known, cut=known.status is None)

    async def idle(self) -> None:
        """Wait until no estimate is under way, and each end is written, or known not to be."""
        while waiting := self._late | self._ends:
            await asyncio.wait(waiting)

    def _settle(self, flow: HTTPFlow | None, known: Exchange, cut: bool) -> Awaitable[None] | None:
        known.settled = True
        if not known.recorded:
            return None
        status = None if known.refused else known.status
        if known.answering is not None:
            known.findings += known.answering.findings
        if self._awaited is not None and (answer := self._accounting.asks_for(known)) is not None:
            shown = self._shown(flow, known, status, cut, self._awaited(answer), answer)
            return self._begin(shown, known, cut)
        return self._close(flow, known, status, cut)

    def _close(
        self, flow: HTTPFlow | None, known: Exchange, status: int | None, cut: bool
    ) -> Awaitable[None] | None:
        try:
            record = self._accounting.closed(known, status, cut)
        except Exception:
            record = self._failed(known, status)
        if record is not None:
            self._finish(flow, known, record)
            return None
        return self._begin(self._estimate(flow, known, status, cut), known, cut)

    def _begin(self, later: Coroutine[Any, Any, None], known: Exchange, cut: bool) -> Awaitable[None] | None:
        """Have a call settled beside others; an answer in one piece waits, since it tells its cost."""
        task = asyncio_utils.create_task(later, name="settle", keep_ref=True)
        self._late.add(task)
        task.add_done_callback(self._late.discard)
        return task if known.buffered and not cut else None

    async def _shown(
        self,
        flow: HTTPFlow | None,
        known: Exchange,
        status: int | None,
        cut: bool,
        found: Awaitable[CallRecord | None],
        answer: str,
    ) -> None:
        """An answer is shown with its usage that another process may have asked for."""
        try:
            row = await found
        except LedgerError as error:
            logger.error("the ledger can't tell who asked for what call %s shows: %s", known.id, error)
        else:
            if row is not None:
                self._accounting.recall(answer, row)
        if (estimate := self._close(flow, known, status, cut)) is not None:
            await estimate

    async def _estimate(self, flow: HTTPFlow | None, known: Exchange, status: int | None, cut: bool) -> None:
        try:
            record = await self._accounting.estimated(known, status, cut)
        except Exception:
            record = self._failed(known, status)
        self._finish(flow, known, record)

    def _failed(self, known: Exchange, status: int | None) -> CallRecord:
        log_failure(logger, f"call {known.id} could not be settled; it is charged by its bytes")
        return self._accounting.failed(known, status)

    def _finish(self, flow: HTTPFlow | None, known: Exchange, record: CallRecord) -> None:
        if self._wait_for is not None and (name := comes_later(known, record)) is not None:
            self.keep(record, name, is_open=is_being_made(known))
        else:
            self.write(record)
        for row in self._accounting.late():
            self.write(row)
            if VIOLATED in row.cost.flags:
                self._violated(row, IN_BACKGROUND)
        if VIOLATED in record.cost.flags and known.shape is not None:
            self._violated(record, known.shape)
        for learn in known.learns:
            learn(record)
        if flow is not None and flow.response is not None and known.buffered and not known.refused:
            flow.response.headers["x-tollway-cost"] = usd(record.cost.nano)
        known.body = known.reader = known.tap = known.lowers = None
        known.learns = ()

    def keep(self, record: CallRecord, name: str, is_open: bool = True) -> "asyncio.Future[Any]":
        """Keep the row of a call whose usage comes later, under this name, maybe to another process; open, it
        holds what it held. Who observes hears of it as of one that has ended, and again then. The future
        raises LedgerError."""
        assert self._wait_for is not None
        waits = replace(record, state="open", ended_us=None) if is_open else record
        return self._written(self._wait_for(waits, name), replace(waits, ended_us=record.ended_us))

    def write(self, record: CallRecord) -> "asyncio.Future[Any]":
        """Write a row that has ended, and tell who observes. The future raises LedgerError."""
        return self._written(self._end(record), record)

    def _written(self, end: "asyncio.Future[Any]", record: CallRecord) -> "asyncio.Future[Any]":
        self._ends.add(end)
        end.add_done_callback(self._ends.discard)
        end.add_done_callback(_say_if_lost)
        try:
            self._observe(record)
        except Exception:
            log_failure(logger, f"who observes calls failed on {record.id}")
        return end


def comes_later(known: Exchange, record: CallRecord) -> str | None:
    """What the answer is known by whose usage comes later; None: it does not."""
    if AWAITED not in record.cost.flags or record.response_id is None:
        return None
    return f"{known.endpoint.provider} {record.response_id}"


def is_being_made(known: Exchange) -> bool:
    """Whether the answer, of which a beginning came whole, is made in the background."""
    begun = known.reader is not None and known.reader.report().complete
    return begun and known.body is not None and BACKGROUND in known.body


def _say_if_lost(written: "asyncio.Future[Any]") -> None:
    if not written.cancelled() and (error := written.exception()):
        logger.error("the ledger did not take a call's end: %s", error)
