"""Sockets that listen already, and that other processes accept from, too: connections are taken one by one.

asyncio's server takes up to a hundred at once, so that of a burst the process that wakes first has them all.
And it sets the length of the sockets' queue, which is not one process's.
"""

import asyncio
import errno
import logging
import socket
from collections.abc import Awaitable, Callable, Sequence

from tollway.engine.shares import Share

logger = logging.getLogger(__name__)

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

FULL = frozenset((errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM))
"""Errors of a system, or a process, that has no room for one more."""
FULL_SECONDS = 1.0
"""After such a one nothing is taken for so long."""


class Accepting:
    """Takes connections from the moment it is made; belongs to one event loop. What mitmproxy asks of a
    server: `sockets`, and `close`."""

    def __init__(self, sockets: Sequence[socket.socket], serve: Serve, share: Share) -> None:
        """`serve` is called for each connection. The sockets are closed with it, in this process.

        `share`: says whether another process is to have the next connection.
        """
        self.sockets = tuple(sockets)
        self._serve = serve
        self._share = share
        self._loop = asyncio.get_running_loop()
        self._connecting: set[asyncio.Task[object]] = set()
        self._later: dict[socket.socket, asyncio.TimerHandle] = {}
        self._closed = False
        for listening in self.sockets:
            listening.setblocking(False)
            self._listen(listening)

    def close(self) -> None:
        """Take no more. What has been taken goes on."""
        if not self._closed:
            self._closed = True
            self._share.stop()
            for timer in self._later.values():
                timer.cancel()
            for listening in self.sockets:
                self._loop.remove_reader(listening)
                listening.close()

    def _listen(self, listening: socket.socket) -> None:
        self._later.pop(listening, None)
        self._loop.add_reader(listening, self._ready, listening)

    def _ready(self, listening: socket.socket) -> None:
        """Somebody connects. Whoever has more than others leaves it to them, but not for ever: they may be
        busy."""
        if (wait := self._share.wait_seconds()) > 0:
            self._pause(listening, wait, self._take_after_all)
        else:
            self._take(listening)

    def _take_after_all(self, listening: socket.socket) -> None:
        self._take(listening)
        if listening not in self._later:
            self._listen(listening)

    def _take(self, listening: socket.socket) -> None:
        try:
            taken, _ = listening.accept()
        except OSError as error:
            if error.errno in FULL:
                logger.error("no connection can be taken: %s; tried again in a second", error.strerror)
                self._pause(listening, FULL_SECONDS, self._listen)
            return  # another process was first, or the client has left
        taken.setblocking(False)
        self._share.taken()
        task = self._loop.create_task(self._connect(taken))
        self._connecting.add(task)
        task.add_done_callback(self._connecting.discard)

    async def _connect(self, taken: socket.socket) -> None:
        reader = asyncio.StreamReader(loop=self._loop)
        protocol = asyncio.StreamReaderProtocol(reader, self._served, self._loop)
        try:
            await self._loop.connect_accepted_socket(lambda: protocol, taken)
        except OSError:  # it has left already
            taken.close()
            self._share.ended()

    async def _served(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._serve(reader, writer)
        finally:
            self._share.ended()

    def _pause(self, listening: socket.socket, seconds: float, then: Callable[[socket.socket], None]) -> None:
        self._loop.remove_reader(listening)
        self._later[listening] = self._loop.call_later(seconds, self._resume, listening, then)

    def _resume(self, listening: socket.socket, then: Callable[[socket.socket], None]) -> None:
        self._later.pop(listening, None)
        then(listening)
