"""A client whose every byte is the caller's: what comes back is kept with the time it came."""

import asyncio
import socket
import ssl
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.simulator.client_response import Response, ResponseReader


@dataclass(frozen=True, slots=True)
class Chunk:
    """Decrypted bytes that came at once, and when, in monotonic seconds."""

    at: float
    data: bytes


class Refused(Exception):
    """The proxy said no to CONNECT."""

    def __init__(self, response: Response) -> None:
        super().__init__(f"CONNECT was answered {response.status}: {response.body[:200]!r}")
        self.response = response


class RawClient:
    """One connection, with or without TLS, direct or through a CONNECT proxy. Open it with `open`."""

    def __init__(self, sock: socket.socket, timeout: float) -> None:
        self.chunks: list[Chunk] = []
        self.ended = ""
        """How the peer ended: close_notify, eof (FIN without one; without TLS always), or reset."""
        self._sock = sock
        self._timeout = timeout
        self._loop = asyncio.get_running_loop()
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls: ssl.SSLObject | None = None
        self._unread = bytearray()

    @classmethod
    async def open(
        cls,
        address: str,
        port: int,
        *,
        proxy: tuple[str, int] | None = None,
        proxy_headers: tuple[tuple[str, str], ...] = (),
        tls: str | None = None,
        root_ca: Path | None = None,
        alpn: tuple[str, ...] = ("http/1.1",),
        timeout: float = 10.0,
    ) -> Self:
        """Connect; through a proxy if one is given, with TLS for the host name `tls` if one is given.

        Each wait is bounded by `timeout`. Raises Refused, ssl.SSLError, OSError, TimeoutError.
        """
        sock = socket.socket()
        sock.setblocking(False)
        client = cls(sock, timeout)
        try:
            async with asyncio.timeout(timeout):
                await client._loop.sock_connect(sock, proxy or (address, port))
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if proxy is not None:
                await client._tunnel(f"{address}:{port}", proxy_headers)
            if tls is not None:
                await client._handshake(tls, root_ca, alpn)
        except BaseException:
            sock.close()
            raise
        return client

    @property
    def alpn(self) -> str | None:
        """The protocol negotiated."""
        return self._tls.selected_alpn_protocol() if self._tls else None

    @property
    def certificate(self) -> bytes:
        """The peer's leaf, DER; b"" without TLS."""
        return (self._tls and self._tls.getpeercert(binary_form=True)) or b""

    @property
    def received(self) -> bytes:
        """Everything that came, tunnel and handshake apart."""
        return b"".join(chunk.data for chunk in self.chunks)

    async def send(self, *pieces: bytes, pause: float = 0.0) -> None:
        """Send the pieces, each in a write (and TLS record) of its own, `pause` seconds apart."""
        for i, piece in enumerate(pieces):
            if i and pause:
                await asyncio.sleep(pause)
            if self._tls is not None:
                self._tls.write(piece)
                piece = self._out.read()
            async with asyncio.timeout(self._timeout):
                await self._loop.sock_sendall(self._sock, piece)

    async def receive(self) -> bytes:
        """The next bytes; b"" once the peer has ended. Raises TimeoutError."""
        while not self.ended:
            data = await self._from_socket() if self._tls is None else await self._decrypted()
            if data:
                self.chunks.append(Chunk(self._loop.time(), data))
                self._unread += data
                return data
        return b""

    async def receive_until(self, done: Callable[[bytes], bool]) -> bytes:
        """Everything received so far, once `done` says of it that it is enough, or the peer has ended."""
        while not done(self.received) and await self.receive():
            pass
        return self.received

    async def response(self, method: str = "POST") -> Response:
        """The next response, or what there was of it when the peer ended. Takes pipelined ones in turn."""
        reader = ResponseReader(method)
        while not reader.take(self._unread):
            if not await self.receive():
                return reader.response(self.ended)
        return reader.response("")

    def half_close(self) -> None:
        """Say that nothing more will be sent, and go on reading."""
        if self._tls is not None:
            self._say_goodbye()
        self._sock.shutdown(socket.SHUT_WR)

    def reset(self) -> None:
        """Close with an RST."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._sock.close()

    def close(self) -> None:
        """Close without a word."""
        self._sock.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        self.close()

    async def _tunnel(self, target: str, headers: tuple[tuple[str, str], ...]) -> None:
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
        await self.send(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{lines}\r\n".encode())
        response = await self.response("CONNECT")
        if response.status != 200:
            raise Refused(response)
        self.chunks.clear()

    async def _handshake(self, host: str, root_ca: Path | None, alpn: tuple[str, ...]) -> None:
        context = ssl.create_default_context(cafile=root_ca)
        context.set_alpn_protocols(list(alpn))
        tls = context.wrap_bio(self._in, self._out, server_hostname=host)
        while True:
            try:
                tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                await self._send_pending()
                data = await self._from_socket()
                if not data:
                    raise ConnectionResetError(f"the peer left in the handshake: {self.ended}") from None
                self._in.write(data)
            except ssl.SSLError:
                await self._send_pending()  # the alert
                raise
        await self._send_pending()
        self._tls = tls

    async def _send_pending(self) -> None:
        data = self._out.read()
        if data:
            await self._loop.sock_sendall(self._sock, data)

    async def _from_socket(self) -> bytes:
        try:
            async with asyncio.timeout(self._timeout):
                data = await self._loop.sock_recv(self._sock, 1 << 16)
        except ConnectionResetError:
            self.ended = "reset"
            return b""
        if not data:
            self.ended = "eof"
        return data

    async def _decrypted(self) -> bytes:
        """The next decrypted bytes; b"" if there is nothing yet, or never will be."""
        assert self._tls is not None
        try:
            data = self._tls.read(1 << 16)
        except ssl.SSLWantReadError:
            self._in.write(await self._from_socket())
            return b""
        except ssl.SSLZeroReturnError:
            data = b""
        if not data:
            self.ended = "close_notify"
        return data

    def _say_goodbye(self) -> None:
        assert self._tls is not None
        try:
            self._tls.unwrap()
        except ssl.SSLWantReadError:
            pass  # the peer's own goodbye is still to come
        self._sock.send(self._out.read())
