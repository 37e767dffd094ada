"""What mitmproxy's own programs lack here: saying where they listen, and --connect-to."""

import asyncio
import socket
from typing import Any

from mitmproxy.addons import proxyserver


class Ready:
    """Says where the proxy listens; from then on every host name leads to the simulator."""

    def __init__(self, server: proxyserver.Proxyserver, port: int) -> None:
        self._server = server
        self._port = port

    def running(self) -> None:
        """Called when the proxy listens: its own address has been looked up."""
        print(f"listens on 127.0.0.1:{self._server.listen_addrs()[0][1]}", flush=True)
        redirect(self._port)


def redirect(port: int) -> None:
    """Let every name that an event loop looks up be this port on loopback."""

    async def getaddrinfo(self: object, host: object, asked: object, **options: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    asyncio.BaseEventLoop.getaddrinfo = getaddrinfo  # type: ignore[method-assign, assignment]
