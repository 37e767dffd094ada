"""The simulator: its ports, its certificates, what it is told and what it has seen."""

import asyncio
import ssl
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.simulator.batches import Batches
from tests.simulator.certificates import GOOD_HOST, Authority, Host, HostContext
from tests.simulator.desk import Desk
from tests.simulator.http1 import Http1
from tests.simulator.http2 import Http2
from tests.simulator.http2_frames import PREFACE
from tests.simulator.rules import Rules
from tests.simulator.scenario import DEFAULT, Scenario
from tests.simulator.seen import Connection, Log, Seen

BACKLOG = 4096
GOODBYE = 1.0
"""Seconds that a client has to answer close_notify before its connection is dropped."""


class Simulator:
    """AI providers on loopback: one port with TLS for every host name, one without.

    `async with Simulator(folder) as sim:` serves until the block is left. Leaving raises RuntimeError
    if the simulator itself failed at something.
    """

    def __init__(
        self,
        folder: Path,
        *,
        address: str = "127.0.0.1",
        port: int = 0,
        plain_port: int = 0,
        default_host: Host = GOOD_HOST,
        keep: int = 10_000,
        body_limit: int = 4 << 20,
        max_streams: int = 1000,
    ) -> None:
        self.address = address
        self.port = port
        """With TLS; chosen when the simulator starts, if 0."""
        self.plain_port = plain_port
        self.hosts: dict[str, Host] = {}
        """How single hosts show themselves, by name; set before their first handshake."""
        self.default_host = default_host
        self._authority = Authority(folder)
        self._strangers = Authority(folder, file="stranger.pem")
        self._rules = Rules()
        self._log = Log(keep)
        self._desk = Desk(self._rules, self._log, body_limit, max_streams)
        self._contexts: dict[tuple[str | None, Host], HostContext] = {}
        self._servers: list[asyncio.Server] = []

    # What it is told.

    @property
    def scenario(self) -> Scenario:
        """What requests meet that no rule matches."""
        return self._rules.default

    @scenario.setter
    def scenario(self, scenario: Scenario) -> None:
        self._rules.default = scenario

    def on(self, host: str, path: str, scenario: Scenario, *, times: int | None = None) -> None:
        """Answer requests to `host` and `path` (shell patterns, no query) this way, `times` of them.

        The first rule that matches and is not used up counts.
        """
        self._rules.on(host, path, scenario, times=times)

    def open(self, gate: str) -> None:
        """Let the answers go that wait behind this gate (`Scenario.gate`)."""
        self._desk.gates.open(gate)

    @property
    def batches(self) -> Batches:
        """The batches that were made, and their files."""
        return self._desk.batches

    def reset(self) -> None:
        """Forget requests, connections, rules, open gates and the default scenario."""
        self._log.seen.clear()
        self._log.connections.clear()
        self._rules.rules.clear()
        self._rules.default = DEFAULT
        self._desk.gates.close()

    # What it has seen.

    @property
    def root_ca(self) -> Path:
        """The root certificate, PEM: what `ssl_verify_upstream_trusted_ca` takes."""
        return self._authority.root_ca

    @property
    def seen(self) -> list[Seen]:
        """The newest requests, oldest first."""
        return list(self._log.seen)

    @property
    def connections(self) -> list[Connection]:
        """The newest connections, oldest first."""
        return list(self._log.connections)

    async def wait_for(self, predicate: Callable[[Seen], bool], timeout: float = 10.0) -> Seen:
        """The first request, past or to come, for which the predicate is true. Raises TimeoutError."""
        return await self._log.wait_for(predicate, timeout)

    def connect_to(self, host: str) -> str:
        """`HOST:443:ADDRESS:PORT`, as curl's and Tollway's --connect-to have it."""
        return f"{host}:443:{self.address}:{self.port}"

    # Its life.

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        front = self._context(None)
        front.sni_callback = self._sni
        for port, context in ((self.port, front), (self.plain_port, None)):
            server = await loop.create_server(
                lambda: Greeter(self._desk),
                self.address,
                port,
                ssl=context,
                ssl_shutdown_timeout=GOODBYE if context else None,
                backlog=BACKLOG,
            )
            self._servers.append(server)
        self.port, self.plain_port = (server.sockets[0].getsockname()[1] for server in self._servers)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers:
            server.close()
        for task in list(self._desk.tasks):
            task.cancel()
        for transport in list(self._desk.transports):
            transport.abort()
        while self._desk.transports or self._desk.tasks:
            await asyncio.sleep(0)
        if self._desk.faults and error is None:
            raise RuntimeError("the simulator failed:\n" + "\n".join(self._desk.faults))

    def _sni(self, tls: ssl.SSLObject, name: str | None, front: ssl.SSLContext) -> None:
        tls.context = self._context(name)

    def _context(self, name: str | None) -> HostContext:
        host = self.hosts.get(name, self.default_host) if name else self.default_host
        context = self._contexts.get((name, host))
        if context is None:
            issuer = self._authority if host.trusted else self._strangers
            context = self._contexts[name, host] = issuer.context(name, host)
        return context


class Greeter(asyncio.Protocol):
    """Finds out which protocol a new connection speaks, and hands it over."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._buffer = b""
        self._transport: asyncio.Transport
        self._connection: Connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """TLS: ALPN has decided."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._desk.transports.add(transport)
        log, tls = self._desk.log, transport.get_extra_info("ssl_object")
        log.opened += 1
        alpn = tls.selected_alpn_protocol() if tls else None
        sni = tls.context.sni if tls else None
        self._connection = Connection(number=log.opened, sni=sni, alpn=alpn, tls=bool(tls))
        log.connections.append(self._connection)
        if alpn == "h2":
            self._hand_over(Http2)
        elif tls and tls.context.speaks_http1:
            self._hand_over(Http1)
        elif tls:
            transport.abort()

    def data_received(self, data: bytes) -> None:
        """Without TLS the first bytes decide."""
        self._buffer += data
        if len(self._buffer) >= len(PREFACE) or not PREFACE.startswith(self._buffer):
            protocol = self._hand_over(Http2 if self._buffer.startswith(PREFACE) else Http1)
            protocol.data_received(self._buffer)

    def connection_lost(self, error: Exception | None) -> None:
        """The client left without a word."""
        self._connection.open = False
        self._desk.transports.discard(self._transport)

    def _hand_over(self, kind: type[Http1] | type[Http2]) -> Http1 | Http2:
        protocol = kind(self._desk, self._connection, self._transport)
        self._transport.set_protocol(protocol)
        return protocol
