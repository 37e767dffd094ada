"""One side of a connection that speaks HTTP/1.1: a client of ours, or the proxy that we lead to."""

import asyncio
from asyncio import StreamReader, StreamWriter
from contextlib import suppress

import h11
from h11 import Event, Response

PIECE = 64 * 1024
"""Bytes read at once."""
LARGEST_HEAD = 256 * 1024
"""Of a request or an answer: some clients send credentials of 93 KB."""
LONGEST_REASON = 300
"""Characters."""
FLUSH_SECONDS = 10.0
"""What a peer gets to take what was sent to it last."""


class Peer:
    """What h11 makes of a connection's bytes, and those bytes once they are HTTP no more."""

    def __init__(
        self, role: type[h11.CLIENT] | type[h11.SERVER], reader: StreamReader, writer: StreamWriter
    ) -> None:
        """`role` is ours in this conversation."""
        self.reader = reader
        self.writer = writer
        self._http = h11.Connection(role, max_incomplete_event_size=LARGEST_HEAD)

    async def next(self) -> Event | type[h11.PAUSED]:
        """What comes next. Raises h11.RemoteProtocolError where it is no HTTP, and OSError."""
        while True:
            event = self._http.next_event()
            if event is h11.NEED_DATA:
                self._http.receive_data(await self.reader.read(PIECE))
            else:
                assert event is h11.PAUSED or isinstance(event, Event)
                return event

    async def send(self, event: Event) -> None:
        """Send it, at the speed of the peer. Raises OSError."""
        if data := self._http.send(event):
            self.writer.write(data)
            await self.writer.drain()

    async def answer(self, status: int, text: str, *headers: tuple[str, str]) -> None:
        """Answer a request with a sentence for people, in the first line, too: it is all that most show."""
        body = f"{text}\n".encode()
        own = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
        await self.send(Response(status_code=status, headers=[*own, *headers], reason=reason(text)))
        await self.send(h11.Data(data=body))
        await self.send(h11.EndOfMessage())

    @property
    def is_sending(self) -> bool:
        """Whether more of the request is to come from this client."""
        return self._http.their_state is h11.SEND_BODY

    @property
    def unanswered(self) -> bool:
        """Whether an answer can still be sent to this client."""
        return self._http.our_state is h11.SEND_RESPONSE

    def again(self) -> bool:
        """Be ready for another request; False: there will be none on this connection."""
        while self.is_sending:
            if not isinstance(self._http.next_event(), Event):
                return False  # nobody has read its body to the end
        if (self._http.our_state, self._http.their_state) != (h11.DONE, h11.DONE):
            return False
        self._http.start_next_cycle()
        return True

    def hold(self, data: bytes) -> None:
        """Keep what came too early for when its turn comes."""
        self._http.receive_data(data)

    def rest(self) -> bytes:
        """What has come behind the last message of HTTP."""
        return self._http.trailing_data[0]

    async def close(self) -> None:
        """Close, with all that was sent, unless the peer does not take it."""
        self.writer.close()
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(FLUSH_SECONDS):
                await asyncio.shield(self.writer.wait_closed())
                return
        self.writer.transport.abort()


def reason(text: str) -> bytes:
    """A sentence as the first line of an answer can have it (RFC 9112, section 4)."""
    plain = "".join(letter if letter.isascii() and letter.isprintable() else "?" for letter in text)
    return plain[:LONGEST_REASON].encode()
