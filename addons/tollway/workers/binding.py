"""The sockets on which workers listen: bound by the supervisor, before any of them is started."""

import os
import socket
from collections.abc import Sequence
from typing import Any

from mitmproxy.proxy.mode_specs import ProxyMode, ReverseMode

from tollway.errors import TollwayError
from tollway.not_bound import not_bound

QUEUE = 1024
"""Connections that wait until a worker takes them; the system has a bound of its own."""
SHARED = ("http", "https", "tls", "tcp")
"""What a reverse proxy may lead to; of https, HTTP/3 is not taken."""


def bound(modes: Sequence[str], host: str, port: int) -> list[list[socket.socket]]:
    """What each mode listens on, in their order: several where a name has several addresses.

    `host` and `port` are of the modes that name none; port 0 takes a free one. Raises TollwayError.
    """
    found: list[list[socket.socket]] = []
    try:
        for spec in modes:
            mode = parsed(spec)
            at = mode.listen_port(port)
            assert at is not None
            found.append(listening(mode.listen_host(host), at))
    except BaseException:
        close(found)
        raise
    return found


def close(sockets: Sequence[Sequence[socket.socket]]) -> None:
    """Close all of them, in this process."""
    for some in sockets:
        for each in some:
            each.close()


def addresses(sockets: Sequence[Sequence[socket.socket]]) -> list[tuple[str, int]]:
    """Where they listen, each once."""
    return [*dict.fromkeys(each.getsockname()[:2] for some in sockets for each in some)]


def parsed(spec: str) -> ProxyMode:
    """A mode whose sockets processes can share. Raises TollwayError."""
    try:
        mode: ProxyMode = ProxyMode.parse(spec)
    except ValueError as error:
        raise TollwayError(f"--mode: Invalid proxy mode specification: {spec} ({error})") from None
    if mode.type_name not in ("regular", "transparent", "upstream", "reverse", "socks5") or (
        isinstance(mode, ReverseMode) and mode.scheme not in SHARED
    ):
        raise TollwayError(
            f"--mode {spec}: several workers share sockets of TCP only; leave --workers out for this mode"
        )
    return mode


def listening(host: str, port: int) -> list[socket.socket]:
    """Sockets of all addresses of a host ("": of the machine's), on one port. Raises TollwayError."""
    found: list[socket.socket] = []
    try:
        for family, address in _addresses(host, port):
            try:
                each = socket.socket(family, socket.SOCK_STREAM)
            except OSError:  # the system knows no IPv6, say
                continue
            found.append(each)
            if os.name == "posix":
                each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                each.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            at = port or (found[0].getsockname()[1] if len(found) > 1 else 0)
            each.bind((address[0], at, *address[2:]))
            each.listen(QUEUE)
    except OSError as error:
        close([found])
        raise not_bound(host, port, error) from None
    return found


def _addresses(host: str, port: int) -> list[tuple[socket.AddressFamily, tuple[Any, ...]]]:
    found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    return [*dict.fromkeys((family, address) for family, _, _, _, address in found)]
