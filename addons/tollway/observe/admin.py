"""The listener of the admin address: in a thread and on an event loop of its own, so that nothing that its
clients do holds up calls, and it answers where the proxy does not."""

import asyncio
import os
from asyncio import StreamReader, StreamWriter
from collections import Counter
from concurrent.futures import Future
from pathlib import Path
from threading import Thread

from tollway.errors import TollwayError
from tollway.observe.answering import SECONDS, Pages, served
from tollway.observe.place import Place, inode, listening

MOST_AT_ONCE = 64
"""Connections that are answered; so many more are told to come again, but for probes; others are closed."""

MOST_OF_ONE = 32
"""Of these, from one address where other machines may ask: who opens many and says nothing is not to keep a
load balancer from hearing that all is well."""


class Admin:
    """Listens from `start` to `stop`, which block for a moment: not to be called on a loop that has calls to
    serve."""

    def __init__(
        self,
        pages: Pages,
        seconds: float = SECONDS,
        most_at_once: int = MOST_AT_ONCE,
        most_of_one: int | None = None,
    ) -> None:
        """`pages` are asked for on the listener's loop. `seconds`: of a connection, at the most.
        `most_of_one`: connections from one address; None: as many as there may be."""
        self._pages = pages
        self._seconds = seconds
        self._most = most_at_once
        self._most_of_one = most_of_one
        self._by_peer = Counter[str]()
        self._connections: set[asyncio.Task[None]] = set()
        self._listening: Future[Place] = Future()
        self._loop: asyncio.AbstractEventLoop
        self._stopping: asyncio.Event
        self._thread: Thread

    def start(self, place: Place) -> Place:
        """Listen; where, with the port that it got. Raises TollwayError where that can't be."""
        self._thread = Thread(target=asyncio.run, args=(self._run(place),), name="tollway-admin", daemon=True)
        self._thread.start()
        try:
            return self._listening.result()
        except OSError as error:
            self._thread.join()
            raise not_there(place, error) from None

    def stop(self) -> None:
        """Close all connections, and listen no more."""
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()

    async def _run(self, place: Place) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        try:
            server = await self._serve(place)
        except OSError as error:
            self._listening.set_exception(error)
            return
        found = place if isinstance(place, Path) else server.sockets[0].getsockname()[:2]
        file = inode(place) if isinstance(place, Path) else None
        self._listening.set_result(found)
        await self._stopping.wait()
        self._pages.close()
        # Closed while a connection is just being accepted, a server leaves its client waiting for ever.
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in self._connections:
                task.cancel()
            await asyncio.wait(others, return_when=asyncio.FIRST_COMPLETED)
        server.close()
        await server.wait_closed()
        if isinstance(place, Path) and inode(place) == file:  # and not that of who came after
            place.unlink(missing_ok=True)

    async def _serve(self, place: Place) -> asyncio.Server:
        if isinstance(place, Path):
            return await asyncio.start_unix_server(self._take, sock=listening(place))
        return await asyncio.start_server(self._take, *place)

    def _take(self, reader: StreamReader, writer: StreamWriter) -> None:
        there, peer = len(self._connections), peer_of(writer)
        too_many = self._most_of_one is not None and self._by_peer[peer] >= self._most_of_one
        if there >= 2 * self._most or too_many or self._stopping.is_set():
            writer.transport.abort()
            return
        self._by_peer[peer] += 1
        work = served(reader, writer, self._pages, there >= self._most, self._seconds)
        task = asyncio.get_running_loop().create_task(work)
        self._connections.add(task)
        task.add_done_callback(lambda _: self._ended(task, writer, peer))

    def _ended(self, task: "asyncio.Task[None]", writer: StreamWriter, peer: str) -> None:
        """Here rather than in the task, which may be cancelled before it has begun."""
        self._connections.discard(task)
        self._by_peer[peer] -= 1
        if not self._by_peer[peer]:
            del self._by_peer[peer]
        writer.transport.abort()


def peer_of(writer: StreamWriter) -> str:
    """The address that a connection comes from; all of a socket have one."""
    name = writer.get_extra_info("peername")
    return str(name[0]) if name else ""


def not_there(place: Place, error: OSError) -> TollwayError:
    """Nobody can listen there; with what to do."""
    why = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
    if isinstance(place, Path):
        return TollwayError(f"--admin: can't listen on unix:{place}: {why}")
    return TollwayError(
        f"--admin: can't listen on {place[0]}:{place[1]}: {why}; choose another port, or port 0"
    )
