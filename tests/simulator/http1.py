"""HTTP/1.1 and 1.0 as a server: minimal parsing, one request after the other, faults on demand."""

import asyncio
from typing import cast

from tests.simulator.desk import Desk
from tests.simulator.exchange import Exchange
from tests.simulator.framing import BodyReader, FramingError
from tests.simulator.http1_channel import Http1Channel
from tests.simulator.http1_head import Head, parse_head
from tests.simulator.seen import Connection, Seen
from tests.simulator.sockets.frames import FramingFault
from tests.simulator.sockets.routes import route
from tests.simulator.sockets.socket import WebSocket

HEAD_LIMIT = 1 << 20


class Http1(asyncio.Protocol):
    """One connection: takes requests off it, one after the other."""

    def __init__(self, desk: Desk, connection: Connection, transport: asyncio.Transport) -> None:
        self._desk = desk
        self._connection = connection
        self._transport = transport
        self._buffer = bytearray()
        self._channel = Http1Channel(transport, self._finished)
        self._exchange: Exchange | None = None
        self._reader: BodyReader | None = None
        self._answered = False
        self._advancing = False

    # The connection's events.

    def data_received(self, data: bytes) -> None:
        """Take what arrived, in whatever pieces."""
        self._buffer += data
        self._advance()

    def eof_received(self) -> bool:
        """A half-closed plain connection still gets its answer; TLS has no half-close in asyncio."""
        self._channel.last = True
        return self._exchange is not None and self._reader is None and not self._connection.tls

    def connection_lost(self, error: Exception | None) -> None:
        """The client is gone."""
        self._connection.open = False
        self._desk.transports.discard(self._transport)
        if self._exchange is not None:
            self._exchange.left("eof" if error is None else "lost")
        self.resume_writing()

    def pause_writing(self) -> None:
        """The client takes less than it is given."""
        self._channel.pause()

    def resume_writing(self) -> None:
        """The client caught up."""
        self._channel.resume()

    # Requests.

    def _advance(self) -> None:
        """Take requests off the buffer as far as they are there; never re-entered."""
        if self._advancing:
            return
        self._advancing = True
        try:
            while self._step():
                pass
        except FramingError as error:
            self._refuse(str(error))
        finally:
            self._advancing = False

    def _step(self) -> bool:
        if self._reader is not None:
            return self._take_body(self._reader)
        if self._exchange is None:
            return self._take_head()
        if self._answered:
            self._next()
            return True
        return False

    def _take_head(self) -> bool:
        if self._transport.is_closing():
            return False
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(self._buffer) > HEAD_LIMIT:
                raise FramingError("the head is longer than 1 MB")
            return False
        head = parse_head(bytes(self._buffer[:end]))
        del self._buffer[: end + 4]
        self._channel.begin(head)
        self._reader, self._answered = head.body_reader(), False
        seen = self._desk.see(
            self._connection,
            protocol=head.version,
            method=head.method,
            target=head.target,
            origin=head.origin,
            host=head.host,
            headers=head.headers,
            fault=head.fault,
        )
        self._exchange = Exchange(self._desk, seen, self._channel)
        if self._upgrade(seen):
            return False
        self._expect(head, self._exchange)
        self._exchange.begin()
        if self._reader is None:
            self._exchange.received()
        return True

    def _upgrade(self, seen: Seen) -> bool:
        """Whether this connection is a WebSocket from here on. Raises FramingError."""
        scenario, spoken = seen.scenario, route(seen.host, seen.path)
        is_asked = (seen.header("upgrade") or "").lower() == "websocket"
        if not is_asked or scenario.websocket != 101 or scenario.raw is not None or spoken is None:
            return False
        seen.dialect, make = spoken
        try:
            socket = WebSocket(self._desk, seen, self._transport, make)
        except FramingFault as error:
            seen.fault = str(error)
            raise FramingError(seen.fault) from None
        self._transport.set_protocol(socket)
        socket.open(bytes(self._buffer))
        return True

    def _expect(self, head: Head, exchange: Exchange) -> None:
        if not head.expects:
            return
        if exchange.scenario.expect == 100:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        elif exchange.scenario.expect:
            exchange.refuse(exchange.scenario.expect)
            self._channel.last = True

    def _take_body(self, reader: BodyReader) -> bool:
        exchange = cast(Exchange, self._exchange)
        data, done = reader.take(self._buffer)
        if data:
            exchange.feed(data)
        if done:
            self._reader = None
            exchange.received(reader.trailers)
        return done

    def _next(self) -> None:
        self._exchange = None
        if self._channel.last:
            self._transport.close()

    def _refuse(self, fault: str) -> None:
        self._connection.fault = fault
        body = fault.encode()
        self._transport.write(
            b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%b"
            % (len(body), body)
        )
        self._transport.close()

    def _finished(self) -> None:
        """The answer is written: go on with the next request, if this one is in."""
        self._answered = True
        if self._channel.last and self._reader is not None:
            self._transport.close()
        self._advance()
