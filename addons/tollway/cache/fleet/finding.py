"""Finds answers in Redis: some threads ask for them, and a call waits for one no longer than it may."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from queue import SimpleQueue
from threading import Thread

from msgspec import Struct

from tollway.cache.fault import Damaged
from tollway.cache.fleet import kept
from tollway.cache.fleet.gate import Gate
from tollway.cache.fleet.names import AnswerNames
from tollway.caching.recorded import Recorded
from tollway.ledger.fault import LedgerError
from tollway.ledger.fleet.server import Denied, Server

logger = logging.getLogger(__name__)

THREADS = 4
"""At the most, each with a connection: a large answer is not to hold up the others."""
DOUBT_SECONDS = 0.005
"""After which Redis may be away."""
CLOSE_SECONDS = 1.0
"""What threads get that wait for Redis; they end with the process."""
UNREADABLE = "an answer in Redis can't be read, so that it is not given; there may be more: %s"
DAMAGED = "it is not as it was written"


class Asked(Struct, frozen=True):
    """A call that waits."""

    key: bytes
    now_us: int
    found: "asyncio.Future[Recorded | None]"
    loop: asyncio.AbstractEventLoop

    def tell(self, found: Recorded | None) -> None:
        """What was found; nobody may wait for it any more."""
        with suppress(RuntimeError):  # its loop has ended
            self.loop.call_soon_threadsafe(self._told, found)

    def _told(self, found: Recorded | None) -> None:
        if not self.found.done():
            self.found.set_result(found)


class Finding:
    """To be used on one thread, that of an event loop."""

    def __init__(
        self,
        connect: Callable[[], Server],
        names: AnswerNames,
        seconds: float,
        gate: Gate,
        doubt: Callable[[], object],
    ) -> None:
        """`connect`: a connection to Redis; `seconds`: what a call waits at the most. `doubt` is told where a
        call waits for longer than a server takes that is there."""
        self._connect = connect
        self._names = names
        self._seconds = seconds
        self._gate = gate
        self._doubt = doubt
        self._queue: SimpleQueue[Asked | None] = SimpleQueue()
        self._threads: list[Thread] = []
        self._waiting = 0
        self._has_said = False

    def find(self, key: bytes, now_us: int) -> Awaitable[Recorded | None] | None:
        """As `Answers.find`: later, but where Redis is known to be away at once."""
        return None if self._gate.why is not None else self._ask(key, now_us)

    def close(self) -> None:
        """Let go of the connections."""
        for _ in self._threads:
            self._queue.put(None)
        for each in self._threads:
            each.join(CLOSE_SECONDS)
        self._threads.clear()

    async def _ask(self, key: bytes, now_us: int) -> Recorded | None:
        loop = asyncio.get_running_loop()
        asked = Asked(key, now_us, loop.create_future(), loop)
        self._waiting += 1
        if self._waiting > len(self._threads) < THREADS:
            self._begin()
        self._queue.put(asked)
        try:
            return await self._answer(asked.found)
        finally:
            self._waiting -= 1
            asked.found.cancel()

    async def _answer(self, found: "asyncio.Future[Recorded | None]") -> Recorded | None:
        soon = min(DOUBT_SECONDS, self._seconds)
        done, _ = await asyncio.wait([found], timeout=soon)
        if not done:
            self._doubt()
            await asyncio.wait([found], timeout=self._seconds - soon)
        return found.result() if found.done() else None

    def _begin(self) -> None:
        thread = Thread(target=self._serve, name="tollway-answers-found", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _serve(self) -> None:
        with closing(self._connect()) as server:
            while (asked := self._queue.get()) is not None:
                if not asked.found.done():  # else nobody waits for it any more
                    asked.tell(self._read(server, asked) if self._gate.why is None else None)

    def _read(self, server: Server, asked: Asked) -> Recorded | None:
        try:
            text = self._text(server, asked)
            return None if text is None else kept.whole(text, asked.key, asked.now_us)
        except Damaged:
            self._say(DAMAGED)
        except Denied as error:
            self._say(str(error))
        except LedgerError as error:
            self._gate.shut(error)
        except Exception as error:  # a thread that ends would have calls wait
            self._say(type(error).__name__)
        return None

    def _text(self, server: Server, asked: Asked) -> bytes | None:
        """All pieces of an answer; None: it is not there, is another one by now, or nobody waits."""
        name = self._names.answer(asked.key)
        of, first = server.ask("HMGET", name, kept.OF, kept.FIRST)
        if of is None or first is None:
            return None
        pieces = [first]
        for field in kept.others(of):
            piece = None if asked.found.done() else server.ask("HGET", name, field)
            if piece is None:
                return None
            pieces.append(piece)
        return b"".join(pieces)

    def _say(self, why: str) -> None:
        if not self._has_said:
            logger.error(UNREADABLE, why)
        self._has_said = True
