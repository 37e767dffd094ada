"""The call is in the ledger before its request leaves: `kill -9` at any moment loses none."""

import asyncio
import logging
from collections.abc import Callable

from mitmproxy.http import HTTPFlow

from tollway import exchange
from tollway.accounting import Accounting
from tollway.exchange import Exchange
from tollway.hooks.refusal import refuse
from tollway.ledger.store import Ledger
from tollway.model import Kind

logger = logging.getLogger(__name__)


NOT_WRITTEN = "Tollway's ledger can't be written: {}"


class Record:
    """Writes the open row, charged at its input's estimate until more is known, and admits the call."""

    def __init__(self, ledger: Ledger, accounting: Accounting, store_down: Callable[[], str]) -> None:
        """`store_down`: what the policy in force says; "open" lets calls pass that the ledger could not
        take."""
        self._ledger = ledger
        self._accounting = accounting
        self._store_down = store_down

    def requestheaders(self, flow: HTTPFlow) -> asyncio.Future[None] | None:
        known = exchange.of(flow)
        if flow.response or known is None or known.endpoint.kind is not Kind.UNKNOWN:
            return None
        return None if known.hands_in else self._record(flow, known)

    def request(self, flow: HTTPFlow) -> asyncio.Future[None] | None:
        known = exchange.of(flow)
        if flow.response or known is None:
            return None
        if known.endpoint.kind is not Kind.INFERENCE and not known.hands_in:
            return None
        if known.played is not None:  # no provider has anything of it: it is a row when it ends
            known.recorded = known.admitted = True
        return None if known.recorded or known.admitted else self._record(flow, known)

    def _record(self, flow: HTTPFlow, known: Exchange) -> asyncio.Future[None]:
        return self.decided(known, lambda why: refuse(flow, 503, why, "ledger_down"))

    def decided(self, known: Exchange, refused: Callable[[str], None]) -> asyncio.Future[None]:
        """Done once the row is written, or could not be; the call is admitted by then, or `refused` was told
        why it is not."""
        decided = asyncio.get_running_loop().create_future()

        def written(ended: asyncio.Future[None]) -> None:
            if error := ended.exception():
                self._not_written(known, error, refused)
            else:
                known.recorded = known.admitted = True
            decided.set_result(None)

        self._ledger.record(self._accounting.opened(known)).add_done_callback(written)
        return decided

    def _not_written(self, known: Exchange, error: BaseException, refused: Callable[[str], None]) -> None:
        logger.error("the ledger did not take call %s: %s", known.id, error)
        known.admitted = self._store_down() == "open"
        if not known.admitted:
            refused(NOT_WRITTEN.format(error))
