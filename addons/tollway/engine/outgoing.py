"""What layers send while they take one event goes to its peer in one write.

An answer's head, its body and its end are commands of their own, over HTTP/2 windows and acknowledgements,
too. A write for each would be a system call for each, and often a packet.
"""

from collections.abc import MutableMapping

from mitmproxy.connection import Connection
from mitmproxy.proxy.server import ConnectionIO

TOGETHER = 2**16
"""Bytes that are put together at most: more of them cost more to copy than a write does."""


class Outgoing:
    """Pieces on their way to the sockets of one client connection, and of those that were opened for it."""

    def __init__(self, transports: MutableMapping[Connection, ConnectionIO]) -> None:
        self._transports = transports
        self._pieces: dict[Connection, list[bytes]] = {}
        self._size = 0

    def add(self, connection: Connection, data: bytes) -> None:
        """Take a piece. It goes with `write`, or at once if there is much."""
        self._pieces.setdefault(connection, []).append(data)
        self._size += len(data)
        if self._size >= TOGETHER:
            self.write()

    def write(self) -> None:
        """Hand all pieces to their sockets; those for one that is closed go nowhere."""
        if self._pieces:
            pieces, self._pieces, self._size = self._pieces, {}, 0
            for connection, data in pieces.items():
                transport = self._transports.get(connection)
                if transport is not None and (writer := transport.writer) and not writer.is_closing():
                    writer.write(data[0] if len(data) == 1 else b"".join(data))
