"""The messages of a WebSocket, each passed on once it is said what becomes of it.

mitmproxy 12.2's layer keeps every message of a socket for as long as its flow lives; packs each anew; and
stops both directions, pings included, while a hook waits for one message. Here a message is passed on in the
frames that it came in, nothing is kept of it, and only what is behind it waits.
"""

import asyncio
import logging
from collections.abc import Generator
from typing import Any

from mitmproxy.connection import Connection
from mitmproxy.http import HTTPFlow
from mitmproxy.proxy import commands, events, layer
from mitmproxy.proxy.context import Context

from tollway.engine.assembly import Message
from tollway.engine.backlog import Pause, Resume
from tollway.engine.deadline import Deadline
from tollway.engine.direction import Direction
from tollway.engine.failure import log_failure
from tollway.engine.frames import CLOSE, FAILED, GOING_AWAY, PING, PONG, TEXT, Faulty, Frame, closing, framed
from tollway.engine.held import Held
from tollway.engine.idle import MayBeIdle
from tollway.relayed import Passage, Relayed

Commands = Generator[commands.Command, Any, None]

logger = logging.getLogger(__name__)

CLOSES_WITHIN = 10.0
"""Seconds that a side has to answer a close."""


class SocketLayer(layer.Layer):
    """Below an HTTP stream whose answer was 101."""

    def __init__(self, context: Context, flow: HTTPFlow, relayed: Relayed, may_pack: bool) -> None:
        super().__init__(context)
        self.flow = flow
        self.relayed = relayed
        client, server = context.client, context.server
        self._up = Direction(client, server, True, may_pack)
        self._down = Direction(server, client, False, may_pack)
        self._ends = False
        """A close is under way from here: nothing is passed on any more."""
        self._unheard = False
        """The client has left, and its server is read on."""
        self._deadline: Deadline | None = None

    def _handle_event(self, event: events.Event) -> Commands:
        if isinstance(event, events.DataReceived):
            yield from self._received(self._way(event.connection), event.data)
        elif isinstance(event, events.Wakeup):
            yield from self._woken(event.command)
        elif isinstance(event, events.ConnectionClosed):
            yield from self._gone(self._way(event.connection))
        elif isinstance(event, events.Start):
            yield MayBeIdle()

    def _way(self, sender: Connection) -> Direction:
        return self._up if sender is self._up.sender else self._down

    def _received(self, way: Direction, data: bytes) -> Commands:
        if way.is_over:
            return
        try:
            for frame in way.frames.feed(data):
                yield from self._take(way, frame)
                if way.is_over:
                    return
        except Faulty as fault:
            way.is_over = True
            yield from self._close(fault.code, str(fault))
        if not way.is_paused and way.is_full():
            way.is_paused = True
            yield Pause(way.sender)

    def _take(self, way: Direction, frame: Frame) -> Commands:
        if frame.opcode > CLOSE:
            if not self._ends and not self._unheard:
                yield commands.SendData(way.receiver, frame.raw)
            elif frame.opcode == PING and not self._ends:
                yield commands.SendData(way.sender, framed(PONG, frame.payload, True))
        elif frame.opcode == CLOSE:
            way.is_over = True
            yield from self._deal(way, frame)
        elif (message := way.assembly.take(frame)) is not None:
            yield from self._deal(way, message)

    def _deal(self, way: Direction, item: Message | Frame) -> Commands:
        """With the next that came, at once if nothing is before it."""
        if (way.held is not None or way.queue) and not self._ends:
            if isinstance(item, Frame) and way is self._up:
                self.relayed.leaves()  # whoever waits on its behalf waits no longer
            way.wait(item)
        elif isinstance(item, Message):
            yield from self._relay(way, item)
        else:
            yield from self._pass_close(way, item)

    def _relay(self, way: Direction, message: Message) -> Commands:
        if self._ends and way is self._up:
            return
        try:
            passage = self.relayed.take(message.content, way.from_client)
        except Exception:
            log_failure(logger, "a message of a socket could not be looked at; the socket is closed")
            yield from self._close(FAILED, "Tollway failed")
            return
        if isinstance(passage, Passage):
            yield from self._pass(way, message, passage)
        else:
            way.held, way.waiting = Held(passage), message
            yield way.held

    def _woken(self, command: commands.RequestWakeup) -> Commands:
        if command is self._deadline:
            yield from self._end()
            return
        for way in (self._up, self._down):
            if way.held is not None and way.held is command:
                yield from self._go_on(way, way.held.until)
                return
        if isinstance(command, Held):
            yield from self._told_later(command.until)

    def _go_on(self, way: Direction, told: "asyncio.Future[Passage]") -> Commands:
        message, way.held, way.waiting = way.waiting, None, None
        assert message is not None
        if (passage := self._said(told)) is None:
            yield from self._close(FAILED, "Tollway failed")
            return
        yield from self._pass(way, message, passage)
        while (item := way.next()) is not None:
            yield from self._relay(way, item) if isinstance(item, Message) else self._pass_close(way, item)
        if way.is_paused and way.is_low():
            way.is_paused = False
            yield Resume(way.sender)
        if way.is_gone and way.held is None:
            yield from self._gone(way)

    def _told_later(self, told: "asyncio.Future[Passage]") -> Commands:
        if (passage := self._said(told)) is None:
            yield from self._close(FAILED, "Tollway failed")
        elif passage.close is not None:
            yield from self._close(*passage.close)

    @staticmethod
    def _said(told: "asyncio.Future[Passage]") -> Passage | None:
        """What becomes of a message; None: somebody failed to say."""
        if told.cancelled() or told.exception() is not None:
            logger.error("what becomes of a message of a socket was not said; the socket is closed")
            return None
        return told.result()

    def _pass(self, way: Direction, message: Message, passage: Passage) -> Commands:
        if self._ends:
            return
        if data := way.passed(message, passage):
            if not self._unheard or way is self._up:
                yield commands.SendData(way.receiver, data)
            if passage.sent is not None:
                passage.sent()
        if passage.answer is not None and not self._unheard:
            yield commands.SendData(self._down.receiver, framed(TEXT, passage.answer, False))
        if passage.later is not None:
            yield Held(passage.later)
        if passage.close is not None:
            yield from self._close(*passage.close)
        elif self._unheard and not self.relayed.is_busy():
            yield from self._close(GOING_AWAY, "")

    # The end

    def _pass_close(self, way: Direction, frame: Frame) -> Commands:
        """One side closes: the other is told, and may still finish what it says."""
        if way is self._up and not self._ends and self.relayed.leaves():
            yield commands.SendData(way.sender, framed(CLOSE, frame.payload, False))
            yield from self._leave()
            return
        other = self._down if way is self._up else self._up
        if not self._ends and not self._unheard:
            yield commands.SendData(way.receiver, framed(CLOSE, frame.payload, way.from_client))
        if other.is_over:
            yield from self._end()
        elif self._deadline is None:
            yield from self._wait_for_close()

    def _wait_for_close(self) -> Commands:
        self._deadline = Deadline(CLOSES_WITHIN)
        yield self._deadline

    def _leave(self) -> Commands:
        """The client has left: its server is read on."""
        self._unheard = True
        yield commands.CloseConnection(self._up.sender)

    def _gone(self, way: Direction) -> Commands:
        """A connection is closed. Who left without a word is told of in no word to the other, either."""
        if way is self._up and self._unheard:
            return  # we know
        way.is_gone = True
        if way.held is not None and not self._ends:
            if way is self._up:
                self.relayed.leaves()
            return  # what it said before comes first
        was_over, way.is_over = way.is_over, True
        if way is self._up and not was_over and not self._ends and self.relayed.leaves():
            yield from self._leave()
            return
        if way is self._up and not was_over and not self._ends:
            yield commands.SendData(self._down.sender, closing(GOING_AWAY, "", True))
        yield from self._end()

    def _close(self, code: int, reason: str) -> Commands:
        """Close both sides, and say why."""
        if self._ends:
            return
        self._ends = True
        for way in (self._up, self._down):
            if not self._unheard or way is self._up:
                yield commands.SendData(way.receiver, closing(code, reason, way.from_client))
        if self._deadline is None:
            yield from self._wait_for_close()

    def _end(self) -> Commands:
        self._handle_event = self._done  # type: ignore[method-assign, assignment]
        for way in (self._up, self._down):
            yield commands.CloseConnection(way.sender)
            way.queue.clear()
        self.relayed.closed()
        self.flow.live = False

    def _done(self, _: events.Event) -> Commands:
        yield from ()
