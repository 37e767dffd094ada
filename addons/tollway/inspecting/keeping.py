"""Keeps streamed answers to be looked at, within bounds: engines pass them on and keep nothing."""

import asyncio
import logging
from collections.abc import Callable
from weakref import WeakKeyDictionary, ref

from mitmproxy.http import HTTPFlow

from tollway import exchange
from tollway.engine.failure import log_failure
from tollway.inspecting.showing import AI

logger = logging.getLogger(__name__)

LARGEST = 8 * 2**20
"""Bytes of one answer that are kept, from its beginning, as its client gets them."""
ALL = 512 * 2**20
"""Bytes of all of them; beyond that, later answers are not kept."""
EVERY_SECONDS = 0.5
"""How often an answer that still comes is shown anew; one of `LONG` bytes half as often, and so on."""
LONG = 256 * 1024

type Tap = Callable[[bytes], bytes]


class Kept:
    """One answer so far."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.size = 0
        self.is_cut = False
        """More came than is kept."""
        self.due: asyncio.TimerHandle | None = None
        """When it will be shown next."""

    def add(self, piece: bytes) -> None:
        """Take the next bytes, as far as there is room."""
        room = LARGEST - self.size
        self.is_cut = self.is_cut or len(piece) > room
        piece = piece[:room]
        self.size += len(piece)
        self.pieces.append(piece)


class Keeping:
    """Puts what has come of a streamed answer into its flow: now and then while it comes, and at its end."""

    def __init__(self, update: Callable[[HTTPFlow], None]) -> None:
        """`update` has the flow drawn anew."""
        self._update = update
        self._kept: WeakKeyDictionary[HTTPFlow, Kept] = WeakKeyDictionary()

    def responseheaders(self, flow: HTTPFlow) -> None:
        """Have the tap of a call that is metered keep what it passes on."""
        known, response = exchange.of(flow), flow.response
        if known is None or response is None or known.endpoint.kind not in AI or known.tap is None:
            return
        if sum(kept.size for kept in self._kept.values()) >= ALL:
            return
        known.tap = self._keeping(flow, known.tap)
        if response.stream:
            response.stream = known.tap

    def response(self, flow: HTTPFlow) -> None:
        self._end(flow)

    def error(self, flow: HTTPFlow) -> None:
        self._end(flow)

    def is_cut(self, flow: HTTPFlow) -> bool:
        """Whether more came of the flow's answer than is kept."""
        kept = self._kept.get(flow)
        return kept is not None and kept.is_cut

    def _keeping(self, flow: HTTPFlow, tap: Tap) -> Tap:
        """The tap, which keeps what it passes on. Nothing that fails here reaches it.

        What is known of a flow has the tap: if that had the flow, neither would ever be let go of.
        """
        kept, weak = Kept(), ref(flow)
        self._kept[flow] = kept

        def passing(chunk: bytes) -> bytes:
            passed = tap(chunk)
            try:
                kept.add(passed)
                if kept.due is None and (flow := weak()) is not None:
                    self._show_later(flow, kept)
            except Exception:
                log_failure(logger, "a part of an answer was not kept to be looked at")
            return passed

        return passing

    def _show_later(self, flow: HTTPFlow, kept: Kept) -> None:
        if flow.response is not None and flow.response.stream:
            loop = asyncio.get_running_loop()
            seconds = EVERY_SECONDS * (1 + kept.size // LONG)
            kept.due = loop.call_later(seconds, self._show, flow, kept)

    def _show(self, flow: HTTPFlow, kept: Kept) -> None:
        kept.due = None
        self._put(flow, kept)

    def _end(self, flow: HTTPFlow) -> None:
        kept = self._kept.get(flow)
        if kept is None:
            return
        if kept.due is not None:
            kept.due.cancel()
            kept.due = None
        self._put(flow, kept)
        kept.pieces.clear()

    def _put(self, flow: HTTPFlow, kept: Kept) -> None:
        """Put it into the flow, in the place of nothing: an answer that was not streamed is there."""
        if flow.response is not None and flow.response.stream:
            flow.response.data.content = b"".join(kept.pieces)
            self._update(flow)
