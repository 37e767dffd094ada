"""Step 7: an answer that is there already, or on its way to an identical call, is not asked for again.

What is found is only noted: the limits still have their say, holding what it counts for, and then it is
played in the provider's place (`engine.played_stream`). If nothing is found, others may join the call.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from mitmproxy.http import HTTPFlow

from tollway import exchange
from tollway.caching.place import Place, place
from tollway.caching.question import Question
from tollway.caching.recorded import Recorded
from tollway.caching.store import Answers
from tollway.exchange import Exchange
from tollway.governing import Governing
from tollway.hooks.access import deny
from tollway.hooks.headers import plain, whole
from tollway.hooks.refusal import refuse
from tollway.joining.flying import Flying
from tollway.joining.looked import Looked
from tollway.joining.replay import Replay
from tollway.joining.shared import Listener
from tollway.model import Cost, Report
from tollway.played import Told
from tollway.rows import row

MOST = 2**20
"""Bytes of an answer that are kept for those who join it, at the least: as many as its rule keeps."""
NO_REPORT, NO_COST = Report(), Cost()


class LookUp:
    """Looks for the answers of calls that an entry of the policy's `cache` is about."""

    def __init__(
        self, governing: Governing, answers: Answers, flying: Flying, clock: Callable[[], float]
    ) -> None:
        """`flying`: the calls that may be joined."""
        self._governing = governing
        self._answers = answers
        self._flying = flying
        self._clock = clock

    @property
    def joined(self) -> int:
        """How many calls listen to another's answer, or wait for it."""
        return self._flying.listeners

    def request(self, flow: HTTPFlow) -> Awaitable[None] | None:
        cache, known = self._governing.cache, exchange.of(flow)
        if cache is None or flow.response or known is None or not known.plays or known.wish is not None:
            return None
        offer = cache.offer(row(known, "open", NO_REPORT, NO_COST, None, None, None))
        if isinstance(offer, str) or (question := question_of(flow, known)) is None:
            return None
        at = place(question, offer, known.wished)
        if isinstance(at, str):
            return None
        known.cache = "miss"
        found = self._answers.find(at.key, self._now_us())
        if isinstance(found, Awaitable):
            return self._later(flow, known, at, found)
        return self._go_on(flow, known, at, found)

    async def http_more(self, flow: HTTPFlow) -> None:
        """What is played has no more for now."""
        known = exchange.of(flow)
        if known is not None and known.played is not None:
            await change(known, known.played.when_more)

    def response(self, flow: HTTPFlow) -> None:
        self._ended(flow)

    def error(self, flow: HTTPFlow) -> None:
        self._ended(flow)

    async def _later(
        self, flow: HTTPFlow, known: Exchange, at: Place, found: Awaitable[Recorded | None]
    ) -> None:
        if (more := self._go_on(flow, known, at, await found)) is not None:
            await more

    def _go_on(
        self, flow: HTTPFlow, known: Exchange, at: Place, found: Recorded | None
    ) -> Awaitable[None] | None:
        now_us = self._now_us()
        if found is not None and at.holds(found, now_us):
            given = partial(self._answers.hit, at.key, now_us)
            known.cache, known.played = "hit", Replay(found, now_us, given)
            return None
        shared = self._flying.find(at.key)
        if shared is None:
            self._lead(known, at)
        elif (listener := shared.listen()) is not None:
            return self._join(flow, known, at, listener)
        return None

    def _lead(self, known: Exchange, at: Place) -> None:
        assert known.body is not None
        shared = self._flying.lead(at.key, max(at.offer.rule.largest, MOST))
        known.looked = Looked(
            place=at, endpoint=known.endpoint, host=known.host, body=known.body, shared=shared
        )

    async def _join(self, flow: HTTPFlow, known: Exchange, at: Place, listener: Listener) -> None:
        """Once the call that it joins has an answer. If that never comes, it goes on by itself."""
        rules, shared = self._governing.access, listener.shared
        while shared.is_awaited and not known.abandoned:
            await change(known, listener.when_more)
        if known.abandoned:
            listener.leave()
            known.recorded = True
            refuse(flow, 499, "the client left while its call waited", "abandoned")
            return
        if shared.has_failed:
            listener.leave()
            if self._flying.find(at.key) is None:
                self._lead(known, at)
        else:
            known.cache, known.played = "join", listener
        if self._governing.access is not rules:
            deny(flow, known, self._governing)  # it waited, and the rules are others by now

    def _ended(self, flow: HTTPFlow) -> None:
        if (known := exchange.of(flow)) is not None and known.played is not None:
            known.played.leave()

    def _now_us(self) -> int:
        return int(self._clock() * 1_000_000)


def question_of(flow: HTTPFlow, known: Exchange) -> Question | None:
    """What is asked; None: nothing here reads that."""
    if known.asked is None or known.body is None or known.parsed is None:
        return None
    headers = whole(flow.request.headers, plain(flow.request.headers))
    return Question(
        endpoint=known.endpoint,
        method=flow.request.method,
        port=flow.request.port,
        addressed=(flow.request.authority, *flow.request.headers.get_all("host")),
        path=flow.request.path,
        headers=headers,
        asked=known.asked,
        body=known.body,
        parsed=known.parsed,
        media_type=known.media_type,
    )


async def change(known: Exchange, when: Callable[[Told], None]) -> None:
    """Wait until a change is told, or the client leaves."""
    told = asyncio.Event()
    when(told.set)
    known.when_it_leaves(told.set)
    try:
        await told.wait()
    finally:
        known.on_leave = None
