"""The calls on one socket, each taken down the road before the message that asks for it is passed on."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from mitmproxy.http import HTTPFlow

from tollway.engine.hooking import started
from tollway.exchange import Exchange
from tollway.governing import Governing
from tollway.hooks import socket_call
from tollway.hooks.budget import request_of
from tollway.hooks.call_road import CallRoad, Stop
from tollway.hooks.drain import STOPPING, Drain
from tollway.hooks.settle import Settle
from tollway.relayed import AS_IT_IS, Passage
from tollway.sockets.events import Begun, Ended, Event, Gauges
from tollway.sockets.refusal import closing
from tollway.sockets.session import Session
from tollway.wire.tool_cap import capped

NO_ROOM = "Tollway: there is no room for what may be asked for here"


@dataclass(frozen=True, slots=True)
class Means:
    """What the calls on all sockets are seen to with."""

    governing: Governing
    road: CallRoad
    settle: Settle
    drain: Drain
    clock: Callable[[], float]
    """Seconds since the epoch."""
    told: Callable[[Exchange, Gauges], None]
    """Hears what a provider says of its caller's plan."""


class SocketCalls:
    """A `relayed.Relayed`."""

    def __init__(self, flow: HTTPFlow, opened: Exchange, session: Session, means: Means) -> None:
        self._flow = flow
        self._opened = opened
        self._session = session
        self._means = means
        self._request = partial(request_of, flow.request)
        self._calls: dict[int, Exchange] = {}
        """By their numbers: those that have not ended."""
        self._deciding: dict[int, Exchange] = {}
        """Those of them of which it is not decided yet whether they are to be."""
        self._late: dict[int, Ended] = {}
        """How those ended of which it is not decided yet."""
        self._is_over = False
        self._has_left = False

    def take(self, content: bytes, from_client: bool) -> "Passage | asyncio.Future[Passage]":
        """Take the next message."""
        events = self._session.feed(content, from_client=from_client, at=self._now_us())
        if not from_client:
            self._count(content)
            return self._told(events) if events else AS_IT_IS
        self._end_all(events)
        begun = next((event for event in events if isinstance(event, Begun)), None)
        if begun is not None:
            return self._decided(self._asked(begun, content))
        if self._means.road.is_guarded(self._opened) and any(self._session.texts(content)):
            return self._decided(self._said(content))
        return AS_IT_IS

    def leaves(self) -> bool:
        """The client has left; its server is read on if what is under way is billed on, or held."""
        self._has_left = True
        for call in self._deciding.values():
            call.leaves()
        under_way = [call for call in self._calls.values() if call.left]
        if not any([self._means.drain.may_drain(call) is not None for call in under_way]):
            return False
        for call in under_way:
            call.abandoned = call.draining = True
        return True

    def is_busy(self) -> bool:
        """Whether any call is under way."""
        return bool(self._calls)

    def closed(self) -> None:
        """Nothing more comes: what is under way is cut."""
        self._is_over = True
        self._end_all(self._session.close(self._now_us()))
        for number in [number for number in self._calls if number not in self._deciding]:
            self._settled(number, cut=True)

    # Messages from the client

    async def _said(self, content: bytes) -> Passage:
        """One that asks for nothing, and that a model may yet read."""
        call = socket_call.said(self._opened, self._now_us(), content)
        stop = await self._means.road.looked_through(call, content)
        if stop is None:
            return AS_IT_IS
        self._means.road.refused(call, stop)
        self._means.settle.call(call, cut=False)
        return self._stopped(None, stop)

    async def _asked(self, begun: Begun, content: bytes) -> Passage:
        call = self._begin(begun, content)
        self._deciding[begun.call] = call
        try:
            return await self._decide(begun.call, call, content)
        finally:
            self._is_decided(begun.call, call)

    async def _decide(self, number: int, call: Exchange, content: bytes) -> Passage:
        stop, changed = await self._judged(call, content)
        if stop is None and self._is_over:
            stop = Stop(499, "the client left while its call waited", "abandoned")
        if stop is not None:
            self._means.road.refused(call, stop)
            self._settled(number, cut=False)
            return self._stopped(number, stop)
        call.admitted = True
        return Passage(content=changed, sent=partial(setattr, call, "left", True))

    def _stopped(self, number: int | None, stop: Stop) -> Passage:
        answer = self._session.refuse(number, stop.status, stop.message, stop.code)
        return Passage(is_dropped=True, answer=answer, close=closing(stop.message) if stop.closes else None)

    async def _judged(self, call: Exchange, content: bytes) -> tuple[Stop | None, bytes | None]:
        """Why it is not to be; or what is passed on in the place of its message, if anything is."""
        if self._means.drain.is_stopping:
            return Stop(503, STOPPING, "stopping"), None
        if self._means.road.is_guarded(call) and (
            stop := await self._means.road.looked_through(call, content)
        ):
            return stop, None
        outcome = await self._means.road.admitted(call, self._request)
        if isinstance(outcome, Stop):
            return outcome, None
        changed = content
        if outcome.cap is not None:
            changed = capped(call.endpoint.dialect, changed, outcome.cap)
        if outcome.clamp is not None:
            changed = self._session.clamped(changed, outcome.clamp)
        call.body = changed
        return None, None if changed is content else changed

    # Messages from the server

    def _told(self, events: Sequence[Event]) -> Passage:
        begun = [event for event in events if isinstance(event, Begun)]
        for event in begun:
            call = self._deciding[event.call] = self._begin(event, b"")
            call.left = call.admitted = True
        self._end_all(events)
        for told_of in events:
            if isinstance(told_of, Gauges):
                self._means.told(self._opened, told_of)
        if not begun:
            return AS_IT_IS
        passage = self._decided(self._unasked([event.call for event in begun]))
        return passage if isinstance(passage, Passage) else Passage(later=passage)

    async def _unasked(self, numbers: Iterable[int]) -> Passage:
        """The server began these: there is no other way to keep them from going on than to close. What was
        said of their ends meanwhile waited."""
        stop: Stop | None = None
        for number in numbers:
            call = self._deciding[number]
            try:
                outcome = await self._means.road.admitted(call, self._request)
                stop = outcome if isinstance(outcome, Stop) else stop
            finally:
                call.recorded = True
                self._is_decided(number, call)
        return AS_IT_IS if stop is None else Passage(close=closing(stop.message))

    # Calls

    def _begin(self, begun: Begun, content: bytes) -> Exchange:
        call = socket_call.begun(self._opened, begun, content, self._means.governing.policy.sockets.held)
        self._calls[begun.call] = call
        self._means.drain.begins(self._flow, call)
        return call

    def _is_decided(self, number: int, call: Exchange) -> None:
        """How it ended meanwhile, if it did, is dealt with now."""
        del self._deciding[number]
        call.parsed = None
        if (end := self._late.pop(number, None)) is not None:
            self._ended(end)

    def _end_all(self, events: Iterable[Event]) -> None:
        for event in events:
            if isinstance(event, Ended):
                self._ended(event)

    def _ended(self, end: Ended) -> None:
        call = self._calls.get(end.call)
        if end.call in self._deciding:
            self._late[end.call] = end
        elif call is not None:
            self._settled(end.call, cut=socket_call.ended(call, end))

    def _settled(self, number: int, cut: bool) -> None:
        call = self._calls.pop(number)
        call.abandoned = call.abandoned or (cut and self._has_left)
        self._means.settle.call(call, cut)
        self._means.drain.ends(self._flow, call)

    def _count(self, content: bytes) -> None:
        """What comes counts for the call that it is of, if that can be told by there being no other."""
        if len(self._calls) == 1:
            for call in self._calls.values():
                call.response_bytes += len(content)

    @staticmethod
    def _decided(deciding: Coroutine[Any, Any, Passage]) -> "Passage | asyncio.Future[Passage]":
        told: asyncio.Future[Passage] = started(deciding)
        return told.result() if told.done() and not told.exception() else told

    def _now_us(self) -> int:
        return int(self._means.clock() * 1_000_000)
