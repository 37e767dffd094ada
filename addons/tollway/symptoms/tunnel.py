"""A tunnel through the proxy, as clients open one, and a handshake in it."""

import asyncio
import socket
import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

from tollway.apart import apart
from tollway.directly import USER_AGENT
from tollway.environment.upstream import Upstream

PORT = 443
PIECE = 64 * 1024
LARGEST_HEAD = 64 * 1024
"""Bytes of an answer's head: a stream reader's own limit."""
END = b"\r\n\r\n"
type Streams = tuple[StreamReader, StreamWriter]


class NoTunnel(OSError):
    """The proxy opens none; the text says how it answered, `status` with which status, if it was HTTP."""

    def __init__(self, text: str, status: int | None = None) -> None:
        super().__init__(text)
        self.status = status


class Inside:
    """TLS with a host, in the bytes of a connection that may be one over TLS itself: asyncio's own breaks
    there where a certificate is refused (Python 3.12.1)."""

    def __init__(self, streams: Streams, trust: ssl.SSLContext, host: str) -> None:
        self._reader, self._writer = streams
        self._coming, self._going = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = trust.wrap_bio(self._coming, self._going, server_hostname=host)

    async def shake_hands(self) -> None:
        """Raises OSError: ssl.SSLCertVerificationError for a certificate that is not trusted."""
        await self._until(self._tls.do_handshake)

    @property
    def certificate(self) -> bytes:
        """The host's, in DER, once hands are shaken."""
        return self._tls.getpeercert(binary_form=True) or b""

    async def ask(self, request: bytes) -> bytes:
        """The head of the answer to a request; what came of it, if the connection ends. Raises OSError."""
        await self._until(partial(self._tls.write, request))
        head = b""
        while END not in head and len(head) < LARGEST_HEAD:
            try:
                piece = await self._until(partial(self._tls.read, PIECE))
            except ssl.SSLEOFError:
                break
            if not piece:
                break
            head += piece
        return head.partition(END)[0]

    async def _until[T](self, step: Callable[[], T]) -> T:
        """What a step of TLS comes to, with what it wants to send sent and what it wants to read read."""
        while True:
            try:
                return step()
            except ssl.SSLWantReadError:
                await self._send()
                data = await self._reader.read(PIECE)
                self._coming.write(data) if data else self._coming.write_eof()
            finally:
                await self._send()

    async def _send(self) -> None:
        if data := self._going.read():
            self._writer.write(data)
            await self._writer.drain()


class Way:
    """How the proxy is reached. `trust`: by what an `https://` proxy's own certificate is checked."""

    def __init__(self, proxy: Upstream, trust: ssl.SSLContext) -> None:
        self.proxy = proxy
        self._trust = trust if proxy.scheme == "https" else None

    async def connect(self) -> Streams:
        """A connection to the proxy itself. Raises OSError.

        Its name is looked up in a thread that nobody has to wait for: resolvers may hang.
        """
        host = self.proxy.host
        found = await apart(partial(socket.getaddrinfo, host, self.proxy.port, type=socket.SOCK_STREAM))
        failed: OSError | None = None
        for *_, address in found:
            try:
                return await asyncio.open_connection(
                    str(address[0]),
                    self.proxy.port,
                    ssl=self._trust,
                    server_hostname=host if self._trust else None,
                    limit=LARGEST_HEAD,
                )
            except OSError as error:
                failed = failed or error
        raise failed or OSError("its name leads nowhere")

    @asynccontextmanager
    async def tunnel(self, host: str, trust: ssl.SSLContext) -> AsyncIterator[Inside]:
        """TLS with a host, by way of the proxy, for as long as the context lasts. Raises OSError."""
        reader, writer = await self.connect()
        try:
            writer.write(self._wish(host))
            await _opened(reader)
            inside = Inside((reader, writer), trust, host)
            await inside.shake_hands()
            yield inside
        finally:
            writer.transport.abort()

    def _wish(self, host: str) -> bytes:
        lines = [f"CONNECT {host}:{PORT} HTTP/1.1", f"Host: {host}:{PORT}", f"User-Agent: {USER_AGENT}"]
        if (credentials := self.proxy.credentials) is not None:
            lines.append(f"Proxy-Authorization: {credentials}")
        return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")


async def _opened(reader: StreamReader) -> None:
    """Wait for the proxy's word that the tunnel is open. Raises OSError."""
    try:
        head = await reader.readuntil(END)
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        raise NoTunnel("it answered CONNECT with what is no HTTP") from None
    status = status_of(head)
    if status is None:
        raise NoTunnel("it answered CONNECT with what is no HTTP")
    if not 200 <= status < 300:
        raise NoTunnel(f"it answered CONNECT with status {status}", status)


def status_of(head: bytes) -> int | None:
    """The status of an answer's head; None: it is no HTTP."""
    version, _, rest = head.partition(b" ")
    digits = rest[:3]
    return int(digits) if version.startswith(b"HTTP/1.") and digits.isdigit() and len(digits) == 3 else None


def unchecked() -> ssl.SSLContext:
    """Takes any certificate: for looking at it, and for asking what is no secret."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
