"""The listening sockets, with our connection handler behind them.

mitmproxy 12.2 names its handler's class inside `ServerInstance.handle_stream`, and keeps its instances in a
registry that takes one class per mode; so each instance is made by mitmproxy and given our `handle_stream`.
"""

import asyncio
import logging
import socket
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from mitmproxy import ctx, platform
from mitmproxy.addons import proxyserver
from mitmproxy.proxy import mode_servers, mode_specs

from tollway.engine.accepting import Accepting
from tollway.engine.balancers import Balancers, NotSaid
from tollway.engine.client_bounds import DEFAULTS, ClientBounds
from tollway.engine.connection import ConnectionHandler
from tollway.engine.dialling import Dialling
from tollway.engine.hooking import Hooking
from tollway.engine.shares import Share

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Inherited:
    """Sockets that listen already, which other processes accept from as well."""

    sockets: Sequence[Sequence[socket.socket]]
    """Of each mode, in their order."""
    share: Share = field(default_factory=Share)

    async def accept(self, number: int, serve: Any, host: str, port: int) -> list[Accepting]:
        """In the place of mitmproxy's `listen`: take connections from the sockets of the mode of this
        number."""
        return [Accepting(self.sockets[number], serve, self.share)]


class Servers(proxyserver.Servers):
    """The listening sockets of the modes asked for: opened at start, closed at the end, never in between."""

    inherited: Inherited | None = None
    starting: mode_specs.ProxyMode | None = None
    """The one that was started last, or could not be."""

    async def update(self, modes: Iterable[mode_specs.ProxyMode]) -> bool:
        """Listen; OSError tells why a socket could not be opened (mitmproxy would log it and run on)."""
        manager: Any = self._manager
        for number, mode in enumerate(modes):
            instance: Any = mode_servers.ServerInstance.make(mode, manager)
            instance.handle_stream = manager.handler_of(instance)
            if self.inherited is not None:
                instance.listen = partial(self.inherited.accept, number, instance.handle_stream)
            self.starting = mode
            await instance.start()
            self._instances[mode] = instance
        return True

    async def stop(self) -> None:
        """Take no more connections; those that stand go on."""
        for instance in self._instances.values():
            if instance.is_running:
                await instance.stop()


class Proxyserver(proxyserver.Proxyserver):
    """mitmproxy's addon, with Tollway's connection handler."""

    name = "proxyserver"

    def __init__(
        self,
        hooking: Hooking,
        dialling: Dialling,
        is_ours: Callable[[str, int], bool],
        inherited: Inherited | None = None,
        bounds: ClientBounds = DEFAULTS,
        balancers: Balancers | None = None,
    ) -> None:
        """`inherited`: what it listens on; None: it opens sockets of its own. `bounds`: of each client, and
        of how many there are. `balancers`: who says whose connections are."""
        super().__init__()
        self.servers: Servers = Servers(self)
        self.servers.inherited = inherited
        self._hooking = hooking
        self._dialling = dialling
        self._is_ours = is_ours
        self._bounds = bounds
        self._balancers = balancers or Balancers()
        self._unsaid = 0
        """Connections of which nobody has said yet whose they are."""
        self._full = False
        self._tasks: set[asyncio.Task[Any]] = set()

    async def close(self) -> None:
        """Listen no more, and close the connections that still stand, each through its own end."""
        await self.servers.stop()
        for handler in list(self.connections.values()):
            for transport in list(handler.transports.values()):
                if transport.handler is not None:
                    transport.handler.cancel("the proxy stops")
        if self._tasks:
            await asyncio.wait(self._tasks)

    def handler_of(self, instance: mode_servers.ServerInstance[Any]) -> Callable[..., Any]:
        """What serves one connection accepted by this instance."""

        async def handle_stream(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if writer.get_extra_info("peername") is None or self._is_full():  # it has left, or may not stay
                writer.transport.abort()
                return
            self._unsaid += 1
            try:
                ends = await self._balancers.whose(reader, writer)
            except NotSaid:
                writer.transport.abort()
                return
            finally:
                self._unsaid -= 1
            handler = ConnectionHandler(ctx.master, reader, writer, ctx.options, instance.mode)
            if ends is not None:
                handler.client.peername, handler.client.sockname = ends.client, ends.reached
            handler.hooking, handler.dialling, handler.is_ours = self._hooking, self._dialling, self._is_ours
            handler.bounds = self._bounds
            handler.layer = instance.make_top_layer(handler.layer.context)
            if isinstance(instance.mode, mode_specs.TransparentMode) and not self._aim(handler, writer):
                writer.close()
                return
            task = asyncio.current_task()
            assert task is not None
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            with self.register_connection(handler.client.id, handler):
                await handler.handle_client()
            handler.let_go()

        return handle_stream

    def _is_full(self) -> bool:
        """Whether there are as many connections as there may be; the log says so once each time."""
        full = len(self.connections) + self._unsaid >= self._bounds.connections
        if full and not self._full:
            logger.error(
                "%d clients are connected (connections): others are closed", self._bounds.connections
            )
        self._full = full
        return full

    def _aim(self, handler: ConnectionHandler, writer: asyncio.StreamWriter) -> bool:
        """Transparent mode: where the client wanted to go before the network redirected it here."""
        try:
            assert platform.original_addr
            original = platform.original_addr(writer.get_extra_info("socket"))
        except Exception as error:
            logger.error(f"transparent mode: the connection's destination is unknown: {error!r}")
            return False
        handler.client.sockname = original
        handler.layer.context.server.address = original
        return True
