"""The writing side of an HTTP/1 connection: heads, framings, and ways to break off."""

import asyncio
import socket
import struct
from collections.abc import Callable
from http import HTTPStatus

from tests.simulator.answer import Answer
from tests.simulator.http1_head import Head
from tests.simulator.scenario import Cut, Scenario

LINGER_NONE = struct.pack("ii", 1, 0)
"""SO_LINGER that makes close send an RST."""


class Http1Channel:
    """The Channel of one connection, for one request after the other."""

    def __init__(self, transport: asyncio.Transport, finished: Callable[[], None]) -> None:
        self.last = False
        """The connection closes after the answer at hand."""
        self.finished = finished
        self._transport = transport
        self._out: list[bytes] = []
        self._head: Head
        self._chunked = False
        self._drained: asyncio.Future[None] | None = None

    def begin(self, head: Head) -> None:
        """The next answer is to this request."""
        self._head = head
        self.last = self.last or not head.keep_alive

    def informational(self, status: int) -> None:
        """Write a 1xx answer; 103 carries a Link header."""
        hint = b"link: </simulated>; rel=preload\r\n" if status == 103 else b""
        self._out.append(b"HTTP/1.1 %d %b\r\n%b\r\n" % (status, _phrase(status), hint))

    def head(self, answer: Answer, scenario: Scenario) -> None:
        """Write status and headers, and decide on the framing."""
        head = self._head
        old = scenario.http10 or head.version == "HTTP/1.0"
        framing = _framing(answer, scenario, old)
        self._chunked = framing == "chunked"
        lines = [f"{name}: {value}\r\n" for name, value in answer.headers]
        if framing == "length":
            lines.append(f"content-length: {(answer.size or 0) + scenario.length_error}\r\n")
        elif framing == "chunked":
            lines.append("transfer-encoding: chunked\r\n")
            if scenario.trailers:
                lines.append(f"trailer: {', '.join(name for name, _ in scenario.trailers)}\r\n")
        self.last = self.last or framing == "eof" or scenario.http10 or scenario.length_error > 0
        if not scenario.http10 and (self.last or old):
            lines.append(f"connection: {'close' if self.last else 'keep-alive'}\r\n")
        version = b"HTTP/1.0" if scenario.http10 else b"HTTP/1.1"
        start = b"%b %d %b\r\n" % (version, answer.status, _phrase(answer.status))
        self._out.append(start + "".join(lines).encode("latin-1") + b"\r\n")

    def data(self, piece: bytes) -> None:
        """Write a piece of the body in its framing. HEAD has none."""
        if not piece or self._head.method == "HEAD":
            return
        self._out.append(b"%x\r\n%b\r\n" % (len(piece), piece) if self._chunked else piece)

    def end(self, trailers: tuple[tuple[str, str], ...]) -> None:
        """Write the body's end, where there is something to write."""
        if self._chunked:
            lines = "".join(f"{name}: {value}\r\n" for name, value in trailers)
            self._out.append(b"0\r\n%b\r\n" % lines.encode("latin-1"))

    def flush(self) -> None:
        """Send what was written."""
        if self._out:
            self._transport.write(b"".join(self._out))
            self._out.clear()

    async def drain(self) -> None:
        """Wait until the client takes more."""
        if self._drained is not None:
            await self._drained

    def raw(self, data: bytes) -> None:
        """Send bytes as they are and close."""
        self._transport.write(data)
        self._transport.close()

    def cut(self, cut: Cut) -> None:
        """Break off; HTTP/2's own ways become the nearest of HTTP/1.1's."""
        if cut.how in ("close", "goaway_lost"):
            self._transport.close()
        elif cut.how == "abrupt":
            self._transport.abort()
        elif cut.how in ("reset", "rst_stream"):
            reset(self._transport)

    def hold(self, seconds: float) -> None:
        """Read nothing for so long."""
        self._transport.pause_reading()
        resume: Callable[[], None] = self._transport.resume_reading
        asyncio.get_running_loop().call_later(seconds, resume)

    def pause(self) -> None:
        """The client takes less than it is given."""
        self._drained = asyncio.get_running_loop().create_future()

    def resume(self) -> None:
        """The client caught up, or is gone."""
        if self._drained is not None and not self._drained.done():
            self._drained.set_result(None)
        self._drained = None


def reset(transport: asyncio.Transport) -> None:
    """Close with an RST, dropping what was not sent. One that is closed already stays so."""
    if transport.is_closing():
        return  # asyncio's of TLS lets go of all that it would be asked below
    sock: socket.socket | None = transport.get_extra_info("socket")
    if sock is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NONE)
    transport.abort()


def _framing(answer: Answer, scenario: Scenario, old: bool) -> str:
    """length, chunked or eof: what the scenario says as far as the version knows it."""
    bodiless = answer.status in (204, 304)
    wish = scenario.framing
    if wish == "auto":
        wish = (
            "length" if answer.size is not None and not answer.stream and not scenario.trailers else "chunked"
        )
    if bodiless:
        return "none"
    if scenario.http10 or (old and wish == "chunked"):
        return "eof"
    if wish == "length" and answer.size is None:
        raise ValueError("framing: length is impossible here: the answer's size is not known beforehand")
    return wish


def _phrase(status: int) -> bytes:
    try:
        return HTTPStatus(status).phrase.encode()
    except ValueError:
        return b"Simulated"
