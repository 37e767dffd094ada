"""A connection that became a WebSocket: takes messages off it, and puts the server's on it."""

import asyncio
import traceback
from collections.abc import Callable

import orjson

from tests.simulator.body import Body
from tests.simulator.desk import Desk
from tests.simulator.http1_channel import Http1Channel
from tests.simulator.scenario import Cut
from tests.simulator.seen import Seen
from tests.simulator.sockets.frames import Frames, Pinged, Ponged, Shut, Taken
from tests.simulator.sockets.heard import Heard, SocketSeen
from tests.simulator.sockets.session import Opening, Session
from tests.simulator.sockets.speaking import Speaking

KEPT = 10_000
"""Messages that are remembered of a socket."""


class WebSocket(asyncio.Protocol):
    """One socket, for as long as it is open. Raises FramingFault if the upgrade is none."""

    def __init__(
        self, desk: Desk, seen: Seen, transport: asyncio.Transport, make: Callable[[Opening], Session]
    ) -> None:
        self._desk, self._seen, self._transport = desk, seen, transport
        self._loop = asyncio.get_running_loop()
        self._channel = Http1Channel(transport, lambda: None)
        self._frames = Frames(seen.headers, seen.target)
        self._socket = seen.socket = SocketSeen()
        self._speaking = Speaking(desk, seen, self._socket, self)
        self._session = make(Opening(seen.path, seen.query, seen.number, seen.scenario, self._speaking.busy))
        self._message: Heard | None = None
        self._pieces = bytearray()
        """All of that message, however much of it is remembered."""
        self._sent = 0
        self._shut = False
        """A close frame was sent or received, or the connection is gone: nothing more is said."""
        self._is_cut = False

    def open(self, rest: bytes) -> None:
        """Take the upgrade, and what came behind it."""
        scenario = self._seen.scenario
        accept = self._frames.accept(deflate=scenario.socket.deflate, headers=scenario.headers)
        self._transport.write(accept)
        self._seen.status, self._seen.answered = 101, self._loop.time()
        self._socket.deflates = self._frames.deflates
        self._desk.log.changed(self._seen)
        self._speaking.perform(self._session.opened())
        if rest:
            self.data_received(rest)

    # The connection's events.

    def data_received(self, data: bytes) -> None:
        """Take what arrived, in whatever pieces."""
        if self._seen.complete:
            return
        for found in self._frames.receive(data):
            match found:
                case Taken():
                    self._take(found)
                case Pinged(pong):
                    self._socket.pings += 1
                    self._transport.write(pong)
                case Ponged():
                    self._socket.pongs += 1
                case Shut():
                    self._goodbye(found)
        self._desk.log.changed(self._seen)

    def connection_lost(self, error: Exception | None) -> None:
        """The client is gone."""
        self._seen.connection.open = False
        self._desk.transports.discard(self._transport)
        if not self._seen.complete and not self._is_cut:
            self._seen.client_left, self._seen.left_how = True, "eof" if error is None else "lost"
        self._seen.ended = self._loop.time()
        self._shut = True
        self._speaking.end()
        self.resume_writing()
        self._desk.log.changed(self._seen)

    def pause_writing(self) -> None:
        """The client takes less than it is given."""
        self._channel.pause()

    def resume_writing(self) -> None:
        """The client caught up."""
        self._channel.resume()

    # What is said.

    def say(self, content: bytes, left: int | None = None) -> int:
        """Send a message, its frames with pings before some of them."""
        if self._shut:
            return 0
        rules, frames = self._seen.scenario.socket, list[bytes]()
        for frame in self._frames.message(content, binary=self._session.binary, size=rules.fragments):
            self._sent += 1
            if rules.pings and self._sent % rules.pings == 0:
                frames.append(self._frames.ping())
            frames.append(frame)
        data = b"".join(frames)[:left]
        self._transport.write(data)
        return len(data)

    async def drain(self) -> None:
        """Wait until the client takes more."""
        await self._channel.drain()

    def cut(self, cut: Cut) -> None:
        """Break off."""
        self._shut = self._is_cut = True
        self._channel.cut(cut)

    def close(self, code: int, reason: str) -> None:
        """Say goodbye; the client answers that."""
        if not self._shut:
            self._shut = True
            self._transport.write(self._frames.close(code, reason))
            self._speaking.end()

    # What is heard.

    def _take(self, piece: Taken) -> None:
        if self._message is None:
            self._message = Heard(Body(self._desk.body_limit), piece.binary)
        message = self._message
        message.body.feed(piece.data)
        self._pieces += piece.data
        message.frames += piece.ends_frame
        if not piece.last:
            return
        content, self._pieces = self._pieces, bytearray()
        self._message, message.at = None, self._loop.time()
        self._socket.messages += 1
        self._socket.heard.append(message)
        del self._socket.heard[:-KEPT]
        try:
            self._speaking.perform(self._session.hear(_opened(content)))
        except Exception:
            self._seen.fault = traceback.format_exc()
            self._desk.faults.append(self._seen.fault)
            self.cut(Cut(how="reset"))

    def _goodbye(self, shut: Shut) -> None:
        self._shut = self._seen.complete = True
        self._socket.closed = shut.code, shut.reason
        self._speaking.end()
        self._transport.write(shut.answer)
        self._transport.close()


def _opened(content: bytes | bytearray) -> dict[str, object]:
    """The message if it is an object, else one that says nothing."""
    try:
        found = orjson.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
