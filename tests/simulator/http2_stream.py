"""One HTTP/2 stream: the answer's channel, with flow control."""

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from tests.simulator.answer import Answer
from tests.simulator.http2_frames import (
    DATA,
    END_STREAM,
    MAX_FRAME,
    frame,
    goaway,
    header_frames,
    response_block,
    rst_stream,
    trailer_block,
    window_update,
)
from tests.simulator.scenario import Cut, Scenario

if TYPE_CHECKING:
    from tests.simulator.exchange import Exchange
    from tests.simulator.http2 import Http2

WINDOW = 1 << 20
"""What a client may send on a stream before we grant more."""


class Stream:
    """A stream that the client opened. As a Channel it writes the answer."""

    def __init__(self, connection: "Http2", number: int) -> None:
        self.number = number
        self.exchange: Exchange | None = None
        self.window = connection.initial_window
        """What may still be sent on it."""
        self.received = False
        """The request is whole."""
        self.done = False
        """Nothing more is written."""
        self.taken = 0
        """Bytes read that were not granted anew."""
        self.length: int | None = None
        """The request's content-length."""
        self._connection = connection
        self._pending: deque[tuple[bytes, bool]] = deque()
        self._held = False
        self._drained: asyncio.Future[None] | None = None

    # The channel.

    def informational(self, status: int) -> None:
        """Write a 1xx answer; 103 carries a Link header."""
        hint = (("link", "</simulated>; rel=preload"),) if status == 103 else ()
        self._connection.write_headers(header_frames, self.number, response_block(status, hint), end=False)

    def head(self, answer: Answer, scenario: Scenario) -> None:
        """Write status and headers. JSON says its length unless the scenario has it chunked."""
        headers = answer.headers
        if answer.size is not None and scenario.framing in ("auto", "length"):
            headers += (("content-length", str(answer.size + scenario.length_error)),)
        self._connection.write_headers(
            header_frames, self.number, response_block(answer.status, headers), end=False
        )

    def data(self, piece: bytes) -> None:
        """Write a piece of the body, as far as the windows allow; the rest waits."""
        if piece:
            self._pending.append((piece, False))
            self.push()

    def end(self, trailers: tuple[tuple[str, str], ...]) -> None:
        """Write the body's end once all of it has left."""
        if trailers:
            self._pending.append((trailer_block(trailers), True))
        else:
            self._pending.append((b"", False))
        self.push()

    def flush(self) -> None:
        """Send what was written."""
        self._connection.flush()

    async def drain(self) -> None:
        """Wait until windows and connection take more."""
        if self._pending or self._connection.paused:
            self._drained = asyncio.get_running_loop().create_future()
            await self._drained

    def raw(self, data: bytes) -> None:
        """Send bytes into the connection as they are and close it."""
        self._connection.write(data)
        self._connection.flush()
        self._connection.close()

    def cut(self, cut: Cut) -> None:
        """Break off this stream, or the connection that it is on."""
        match cut.how:
            case "rst_stream":
                self._connection.write(rst_stream(self.number, cut.code))
                self.received = True
            case "goaway":
                self._connection.write(goaway(self.number, 0))
                self._connection.last = True
            case "goaway_lost":
                self._connection.write(goaway(self.number - 2 if self.number > 1 else 0, cut.code))
        self._connection.flush()
        self._connection.break_off(cut.how)

    def hold(self, seconds: float) -> None:
        """Grant the stream no more window for so long."""
        self._held = True
        asyncio.get_running_loop().call_later(seconds, self._release)

    def finished(self) -> None:
        """The answer is written, or given up."""
        self.done = True
        self._connection.forget(self)

    # The connection's side.

    def push(self) -> None:
        """Move pending bytes to the connection as far as both windows allow."""
        while self._pending:
            piece, trailers = self._pending[0]
            if trailers:
                self._connection.write_headers(header_frames, self.number, piece, end=True)
            elif not piece:
                self._connection.write(frame(DATA, END_STREAM, self.number))
            elif not self._push_data(piece):
                return
            if self._pending:
                self._pending.popleft()
        self.wake()
        if self.done:
            self._connection.forget(self)

    @property
    def waiting(self) -> bool:
        """Something is to be sent once the windows allow it."""
        return bool(self._pending)

    def _push_data(self, piece: bytes) -> bool:
        """Whether the whole piece left; if not, its rest is pending."""
        connection, sent = self._connection, 0
        while sent < len(piece):
            size = min(len(piece) - sent, self.window, connection.window, MAX_FRAME)
            if size <= 0:
                self._pending[0] = (piece[sent:], False)
                return False
            connection.write(frame(DATA, 0, self.number, piece[sent : sent + size]))
            self.window -= size
            connection.window -= size
            sent += size
        return True

    def wake(self) -> None:
        """Let `drain` return, if the connection takes more, too."""
        if self._drained is not None and not self._pending and not self._connection.paused:
            if not self._drained.done():
                self._drained.set_result(None)
            self._drained = None

    def took(self, size: int) -> None:
        """Grant window for what was read, in large steps."""
        self.taken += size
        if self.taken >= WINDOW // 2 and not self._held and not self.received:
            self._connection.write(window_update(self.number, self.taken))
            self.taken = 0

    def _release(self) -> None:
        self._held = False
        self.took(0)
        self._connection.flush()
