"""The listening sockets, with our connection handler behind them.

mitmproxy 12.2 names its handler's class inside `ServerInstance.handle_stream`, and keeps its instances in a
registry that takes one class per mode; so each instance is made by mitmproxy and given our `handle_stream`.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from typing import Any

from mitmproxy import ctx, platform
from mitmproxy.addons import proxyserver
from mitmproxy.proxy import mode_servers, mode_specs

from tollway.engine.connection import ConnectionHandler
from tollway.engine.dialling import Dialling
from tollway.engine.hooking import Hooking

logger = logging.getLogger(__name__)


class Servers(proxyserver.Servers):
    """The listening sockets of the modes asked for: opened at start, closed at the end, never in between."""

    async def update(self, modes: Iterable[mode_specs.ProxyMode]) -> bool:
        """Listen; OSError tells why a socket could not be opened (mitmproxy would log it and run on)."""
        manager: Any = self._manager
        for mode in modes:
            instance: Any = mode_servers.ServerInstance.make(mode, manager)
            instance.handle_stream = manager.handler_of(instance)
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

    def __init__(self, hooking: Hooking, dialling: Dialling, is_ours: Callable[[str, int], bool]) -> None:
        super().__init__()
        self.servers: Servers = Servers(self)
        self._hooking = hooking
        self._dialling = dialling
        self._is_ours = is_ours
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
            handler = ConnectionHandler(ctx.master, reader, writer, ctx.options, instance.mode)
            handler.hooking, handler.dialling, handler.is_ours = self._hooking, self._dialling, self._is_ours
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
