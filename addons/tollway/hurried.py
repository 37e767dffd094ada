"""HTTP connections that end in time, whatever the other side does.

A timeout of Python's is for one read: who sends a byte now and then is waited for as long as he likes.
"""

import io
import socket
import ssl
from collections.abc import Callable
from http.client import HTTP_PORT, HTTPS_PORT, HTTPConnection, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import SplitResult

from tollway.ca.roots import system_roots

Left = Callable[[], float]
"""Seconds that are left for all of it."""


def connection(scheme: str, host: str, port: int | None, left: Left) -> HTTPConnection:
    """A connection that raises TimeoutError once no time is left; not open yet.

    It checks certificates by the system's roots. Raises ValueError for what is no host's, or not by HTTP.
    """
    found: _Plain
    if scheme == "https" and host:  # the port always: `http.client` looks for one in an IPv6 address
        trust = ssl.create_default_context(cafile=str(system_roots()))
        found = _Tls(host, port or HTTPS_PORT, context=trust)
    elif scheme == "http" and host:
        found = _Plain(host, port or HTTP_PORT)
    else:
        raise ValueError("neither http nor https")
    found.left = left
    return found


def target(parts: SplitResult) -> str:
    """What a request names, of a URL: path and query."""
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


class _Plain(HTTPConnection):
    left: Left

    def connect(self) -> None:
        self.timeout = _some(self.left)
        super().connect()
        self.sock.settimeout(_some(self.left))  # for the handshake, where there is one, and for the request

    def response_class(self, sock: socket.socket, **options: Any) -> HTTPResponse:  # type: ignore[override]
        """What `http.client` makes of an answer, from a source that ends in time."""
        return HTTPResponse(_Source(sock, self.left), **options)  # type: ignore[arg-type]


class _Tls(HTTPSConnection, _Plain):
    """Its `connect` shakes hands after that of `_Plain`."""


def _some(left: Left) -> float:
    """The seconds that are left. Raises TimeoutError if none are."""
    seconds = left()
    if seconds <= 0:
        raise TimeoutError
    return seconds


class _Source:
    """A socket as `http.client` asks for one: something to read from."""

    def __init__(self, sock: socket.socket, left: Left) -> None:
        self._sock = sock
        self._left = left

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Bytes(self._sock, self._left))


class _Bytes(io.RawIOBase):
    """What comes, as long as time is left; each read gets what is left of it."""

    def __init__(self, sock: socket.socket, left: Left) -> None:
        self._sock = sock
        self._left = left
        self._bytes = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(_some(self._left))
        return self._bytes.readinto(buffer)

    def close(self) -> None:
        self._bytes.close()
        super().close()
