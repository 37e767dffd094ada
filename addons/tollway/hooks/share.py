"""The answer of a call that was looked for and not found: as it comes it is shared with those that joined it,
and when it is whole it is kept.

It is taken as the provider sends it, before guardrails put anything back into it or look through it: each who
gets it has its own. Only the answer to what was looked for is: one of a call that a route or a limit changed
is its caller's alone, and so is one after a failure of its target.
"""

import asyncio
import logging
import threading
from collections.abc import Callable
from functools import partial

from mitmproxy.http import HTTPFlow

from tollway import exchange
from tollway.caching.store import Answers
from tollway.caching.whole import Ended, recorded, worth_replaying
from tollway.engine.failure import log_failure
from tollway.exchange import Exchange
from tollway.hooks.headers import plain
from tollway.joining.flying import Flying
from tollway.joining.looked import Looked
from tollway.joining.shared import Shared
from tollway.model import CallRecord, Report
from tollway.played import CameTo, Head
from tollway.wire.coding import Decoder, decoder

logger = logging.getLogger(__name__)

DECODED = 2**30
"""Bytes of one decoded answer that are shared."""
FOUND = 200
LINGERS = 0.5
"""Seconds that an answer may still be joined after it was handed on to be kept: it is found by then."""


class Share:
    """Hands on what comes, without delaying or changing it."""

    def __init__(self, answers: Answers, flying: Flying, clock: Callable[[], float]) -> None:
        self._answers = answers
        self._flying = flying
        self._clock = clock

    def settling(self, known: Exchange, looked: Looked) -> Callable[[CallRecord], None]:
        """What is to be told the row of a call whose answer is shared."""
        return partial(self._settled, known, looked)

    def responseheaders(self, flow: HTTPFlow) -> None:
        known, response = exchange.of(flow), flow.response
        if known is None or known.looked is None or response is None or known.looked.shared.is_over:
            return
        headers = plain(response.headers)
        decoding = decoder(headers.get("content-encoding", ""), DECODED)
        if known.refused or known.tap is None or response.status_code != FOUND or decoding is None:
            self.break_off(known.looked)
            return
        known.answered_with = headers
        known.tap = sharing(known.tap, decoding, known.looked.shared)
        if not known.buffered:
            response.stream = known.tap
        known.looked.shared.begin(head(headers))

    def response(self, flow: HTTPFlow) -> None:
        self._ended(flow)

    def error(self, flow: HTTPFlow) -> None:
        self._ended(flow)

    def _ended(self, flow: HTTPFlow) -> None:
        """It is settled by now, or will be, if it has a row at all."""
        known = exchange.of(flow)
        if known is None or known.looked is None:
            return
        self.break_off(known.looked)
        if not known.recorded:  # nobody settles it
            self._flying.land(known.looked.place.key, known.looked.shared)
            known.looked.shared.settle(CameTo())

    def _settled(self, known: Exchange, looked: Looked, record: CallRecord) -> None:
        """Keep it, before anybody hears what it came to."""
        self.break_off(looked)
        kept = False
        try:
            kept = self._keep(known, looked, record)
        except Exception:
            log_failure(logger, f"the answer of call {known.id} is not kept")
        if kept:  # until it is found, who asks the same joins it
            later = asyncio.get_running_loop().call_later
            later(LINGERS, self._flying.land, looked.place.key, looked.shared)
        else:
            self._flying.land(looked.place.key, looked.shared)
        looked.shared.settle(CameTo(usage=record.usage, cost_nano=record.cost.nano), is_good=kept)

    def _keep(self, known: Exchange, looked: Looked, record: CallRecord) -> bool:
        """Whether it is one to be kept."""
        body = looked.shared.body()
        ended = Ended(
            record=record,
            report=known.reader.report() if known.reader is not None else Report(),
            headers=known.answered_with,
            body=body if body is None or len(body) <= looked.place.offer.rule.largest else None,
            whole=looked.shared.has_ended,
            changed=False,
            dialect=known.endpoint.dialect,
        )
        made = recorded(looked.place, ended, int(self._clock() * 1_000_000))
        if isinstance(made, str):
            return False
        self._answers.keep(looked.place.key, made)
        return True

    def break_off(self, looked: Looked) -> None:
        """Unless it has ended: nothing more of it comes."""
        looked.shared.break_off()
        if looked.shared.has_failed:
            self._flying.land(looked.place.key, looked.shared)


def head(headers: dict[str, str]) -> Head:
    """What those who joined see before it."""
    fields = [
        (name.encode(), value.encode("utf-8", "surrogateescape")) for name, value in worth_replaying(headers)
    ]
    return Head(fields=tuple(fields))


def sharing(tap: Callable[[bytes], bytes], decoding: Decoder, shared: Shared) -> Callable[[bytes], bytes]:
    """The tap, and behind it what shares what passes, decoded. It may run beside the event loop."""
    loop, here = asyncio.get_running_loop(), threading.get_ident()

    def shared_tap(chunk: bytes) -> bytes:
        passed = tap(chunk)
        decoded = decoding.feed(passed)
        broken = decoding.broken or decoding.exceeded
        more = shared.break_off if broken else partial(share, decoded, not chunk)
        if threading.get_ident() == here:
            more()
        else:
            loop.call_soon_threadsafe(more)
        return passed

    def share(decoded: bytes, last: bool) -> None:
        shared.feed(decoded)
        if last:
            shared.end()

    return shared_tap
