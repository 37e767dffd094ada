"""A CONNECT proxy that relays bytes and decrypts nothing: every host is the simulator.

With it, any client meets the simulator under the providers' own names and without Tollway in between:
what a client did through Tollway can be compared with what it does so.
"""

import asyncio
from typing import Self


class Tunnel:
    """`async with Tunnel(sim.address, sim.port) as tunnel:`, then HTTPS_PROXY=http://127.0.0.1:PORT."""

    def __init__(self, address: str, port: int) -> None:
        self.port = 0
        """Where it listens on loopback; chosen when it starts."""
        self.targets: list[str] = []
        """What CONNECT asked for, host:port, in order."""
        self._upstream = (address, port)
        self._transports: set[asyncio.Transport] = set()
        self._dialling: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Side(self), "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *error: object) -> None:
        self._server.close()
        for task in self._dialling:
            task.cancel()
        await asyncio.gather(*self._dialling, return_exceptions=True)
        for transport in list(self._transports):
            transport.abort()
        while self._transports:
            await asyncio.sleep(0)


class _Side(asyncio.Protocol):
    """One half of a tunnel: what it receives, its other half sends."""

    def __init__(self, tunnel: Tunnel, other: "_Side | None" = None) -> None:
        self._tunnel = tunnel
        self._other = other
        self._head = bytearray()
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._tunnel._transports.add(transport)

    def data_received(self, data: bytes) -> None:
        if self._other is not None:
            self._other.transport.write(data)
            return
        self._head += data
        if b"\r\n\r\n" in self._head:
            self.transport.pause_reading()
            dialling = asyncio.ensure_future(self._dial())
            self._tunnel._dialling.add(dialling)
            dialling.add_done_callback(self._tunnel._dialling.discard)

    def connection_lost(self, error: Exception | None) -> None:
        self._tunnel._transports.discard(self.transport)
        if self._other is not None:
            self._other.transport.close()

    def pause_writing(self) -> None:
        if self._other is not None:
            self._other.transport.pause_reading()

    def resume_writing(self) -> None:
        if self._other is not None:
            self._other.transport.resume_reading()

    async def _dial(self) -> None:
        method, target, *_ = self._head.decode("latin-1").split(" ", 2)
        if method != "CONNECT":
            self.transport.write(b"HTTP/1.1 405 Method Not Allowed\r\ncontent-length: 0\r\n\r\n")
            self.transport.close()
            return
        self._tunnel.targets.append(target)
        loop = asyncio.get_running_loop()
        _, self._other = await loop.create_connection(
            lambda: _Side(self._tunnel, self), *self._tunnel._upstream
        )
        if self.transport.is_closing():  # who asked has left meanwhile
            self._other.transport.abort()
            return
        self.transport.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        self.transport.resume_reading()
