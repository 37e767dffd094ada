"""The listener for metrics: in a thread and on an event loop of its own, so that nothing that its clients do
holds up calls."""

import asyncio
import os
from asyncio import StreamReader, StreamWriter
from concurrent.futures import Future
from threading import Thread

from tollway.errors import TollwayError
from tollway.observe.answering import SECONDS, Text, served

MOST_AT_ONCE = 64
"""Connections that are answered; so many more are told to come again, and others are closed."""

Address = tuple[str, int]


class Admin:
    """Listens from `start` to `stop`, which block for a moment: not to be called on a loop that has calls to
    serve."""

    def __init__(self, text: Text, seconds: float = SECONDS, most_at_once: int = MOST_AT_ONCE) -> None:
        """`text`: the metrics, asked for on the listener's loop. `seconds`: of a connection, at the most."""
        self._text = text
        self._seconds = seconds
        self._most = most_at_once
        self._connections: set[asyncio.Task[None]] = set()
        self._listening: Future[Address] = Future()
        self._loop: asyncio.AbstractEventLoop
        self._stopping: asyncio.Event
        self._thread: Thread

    def start(self, host: str, port: int) -> Address:
        """Listen; where, with the port that it got. Raises TollwayError where that can't be."""
        run = self._run(host, port)
        self._thread = Thread(target=asyncio.run, args=(run,), name="tollway-admin", daemon=True)
        self._thread.start()
        try:
            return self._listening.result()
        except OSError as error:
            self._thread.join()
            why = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
            raise TollwayError(
                f"--admin: can't listen on {host}:{port}: {why}; choose another port, or port 0"
            ) from None

    def stop(self) -> None:
        """Close all connections, and listen no more."""
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()

    async def _run(self, host: str, port: int) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        try:
            server = await asyncio.start_server(self._take, host, port)
        except OSError as error:
            self._listening.set_exception(error)
            return
        found, at = server.sockets[0].getsockname()[:2]
        self._listening.set_result((found, at))
        await self._stopping.wait()
        # Closed while a connection is just being accepted, a server leaves its client waiting for ever.
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in self._connections:
                task.cancel()
            await asyncio.wait(others, return_when=asyncio.FIRST_COMPLETED)
        server.close()
        await server.wait_closed()

    def _take(self, reader: StreamReader, writer: StreamWriter) -> None:
        there = len(self._connections)
        if there >= 2 * self._most or self._stopping.is_set():
            writer.transport.abort()
            return
        work = served(reader, writer, self._text, there >= self._most, self._seconds)
        task = asyncio.get_running_loop().create_task(work)
        self._connections.add(task)
        task.add_done_callback(lambda _: self._ended(task, writer))

    def _ended(self, task: "asyncio.Task[None]", writer: StreamWriter) -> None:
        """Here rather than in the task, which may be cancelled before it has begun."""
        self._connections.discard(task)
        writer.transport.abort()
