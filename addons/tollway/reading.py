"""Reading the ledger for pages, in a thread of its own: neither calls nor the process's end wait for it."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from queue import Full, Queue
from threading import Event, Lock, Thread

from tollway.errors import TollwayError
from tollway.ledger.fault import LedgerError
from tollway.ledger.pages import Pages

logger = logging.getLogger(__name__)

OWN_SECONDS = 10.0
"""What a caller's own page may take to be read: half a second, over a million calls of the day, ..."""
ALL_SECONDS = 60.0
"""... and an administrator's: some five seconds."""
WAITING = 16
"""Pages that may wait to be read."""
CLOSING_SECONDS = 1.0
"""What the process's end waits for a page that is being read."""
BUSY = "too many pages are being read; try again in a moment"
SLOW = "the ledger takes long to be read; try again in a moment"
ENDED = "Tollway is stopping"


class NotRead(TollwayError):
    """A page's figures could not be had; the text says why."""


class Reading:
    """Reads one ledger, one question after the other."""

    def __init__(self, open_pages: Callable[[], Pages], seconds: float = OWN_SECONDS) -> None:
        """`open_pages` raises LedgerError; it is called in the thread, at the first question."""
        self._open = open_pages
        self._seconds = seconds
        self._asked: Queue[Callable[[], None]] = Queue(WAITING)
        self._pages: Pages | None = None
        self._thread: Thread | None = None
        self._stopped = Event()
        self._closing = Lock()
        """Held where the ledger is closed, or what is being read is ended."""

    async def ask[T](self, question: Callable[[Pages], T]) -> T:
        """What the question finds. Raises NotRead, within the seconds that there are.

        To be called on the event loop.
        """
        if self._stopped.is_set():
            raise NotRead(ENDED)
        answer: Future[T] = Future()
        try:
            self._asked.put_nowait(lambda: self._answer(question, answer))
        except Full:
            raise NotRead(BUSY) from None
        if self._thread is None:
            self._thread = Thread(target=self._run, name="pages", daemon=True)
            self._thread.start()
        try:
            async with asyncio.timeout(self._seconds):
                return await asyncio.wrap_future(answer)
        except TimeoutError:
            raise NotRead(SLOW) from None
        except LedgerError as error:
            logger.error("a page could not be read: %s", error)
            raise NotRead("the ledger can't be read; its log says why") from None

    def close(self) -> None:
        """End what is being read, and let go; blocks for a second at most."""
        self._stopped.set()
        with suppress(Full):  # then there is enough to wake it
            self._asked.put_nowait(lambda: None)
        if self._thread is not None:
            with self._closing:
                if self._pages is not None:
                    self._pages.interrupt()
            self._thread.join(CLOSING_SECONDS)

    def _run(self) -> None:
        while not (self._stopped.is_set() and self._asked.empty()):
            self._asked.get()()
        with self._closing:
            if self._pages is not None:
                self._pages.close()
                self._pages = None

    def _answer[T](self, question: Callable[[Pages], T], answer: Future[T]) -> None:
        """Unless nobody waits for it any more."""
        if not answer.set_running_or_notify_cancel():
            return
        try:
            if self._stopped.is_set():
                raise NotRead(ENDED)
            self._pages = self._pages or self._open()
            answer.set_result(question(self._pages))
        except Exception as error:
            answer.set_exception(error)
