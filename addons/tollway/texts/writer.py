"""One thread keeps texts, and takes out of them what must not be kept: nobody waits for it.

What waits for it is bounded. What can't be kept (the disk is full, the file locked, too much waits) is lost
and counted; the log says so when it begins, and how many were lost when it is over.
"""

import logging
import sqlite3
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, Thread

from msgspec import Struct

from tollway.engine.failure import log_failure
from tollway.errors import TollwayError
from tollway.texts import rows
from tollway.texts.fault import explain
from tollway.texts.file import connect
from tollway.texts.readied import readied
from tollway.texts.store import Text
from tollway.which_file import which_file

logger = logging.getLogger(__name__)

MOST_WAITING = 64 * 2**20
"""Bytes of texts that wait to be kept."""
MOST_TEXTS_WAITING = 20_000
AT_ONCE = 64
"""Texts in one transaction."""
CLOSE_SECONDS = 10.0
"""How long an end waits for the rest to be kept."""

UNSAFE = "a text of call %s is not kept: credentials may be in it"
LOST = "texts can't be kept, so they are lost; calls go on: %s"
FULL = "more texts wait to be kept than may"
FOUND = "texts are kept again; %d were lost"
AGAIN = "texts that are over could not be deleted yet, they will be: %s"


class Waiting(Struct, frozen=True):
    """A text that waits."""

    text: Text
    secrets: Collection[str]

    def __repr__(self) -> str:
        """Without the secrets."""
        return repr(self.text)


class Prune(Struct, frozen=True):
    """To be deleted: what is over by then."""

    now_us: int


class TextWriter:
    """`Texts` in an SQLite file, which is made with the first text."""

    def __init__(self, path: Path, most_waiting: int = MOST_WAITING) -> None:
        """`most_waiting`: in bytes."""
        self._path = path
        self._most = most_waiting
        self._queue: SimpleQueue[Waiting | Prune | None] = SimpleQueue()
        self._lock = Lock()
        self._waiting = 0
        self._lost = 0
        self._told = 0
        """How many of those that were lost the log has been told of, once there are any."""
        self._complains = self._complains_of_prune = False
        self._db: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self._thread: Thread | None = None

    @property
    def lost(self) -> int:
        """Texts that could not be kept, so far."""
        return self._lost

    def keep(self, text: Text, secrets: Collection[str]) -> None:
        """As `Texts.keep`."""
        size = len(text.body or b"")
        with self._lock:
            full = self._waiting + size > self._most or self._queue.qsize() >= MOST_TEXTS_WAITING
            if not full:
                self._waiting += size
        if full:
            self._lose(1, FULL)
        else:
            self._put(Waiting(text, secrets))

    def prune(self, now_us: int) -> None:
        """As `Texts.prune`."""
        if self._path.exists():
            self._put(Prune(now_us))

    def close(self) -> None:
        """As `Texts.close`."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join(CLOSE_SECONDS)

    def _put(self, item: Waiting | Prune) -> None:
        self._queue.put(item)
        if self._thread is None:  # it is there once there is something to do
            self._thread = Thread(target=self._run, name="tollway-texts", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while True:
            taken = self._take()
            self._keep([item for item in taken if isinstance(item, Waiting)])
            for item in taken:
                if isinstance(item, Prune):
                    self._prune(item.now_us)
            if None in taken:
                break
        self._let_go()

    def _take(self) -> list[Waiting | Prune | None]:
        """What comes next, and what else waits. This is the queue's only consumer."""
        taken = [self._queue.get()]
        with suppress(Empty):
            while len(taken) < AT_ONCE and taken[-1] is not None:
                taken.append(self._queue.get_nowait())
        return taken

    def _keep(self, waiting: Sequence[Waiting]) -> None:
        if not waiting:
            return
        try:
            texts = [text for each in waiting if (text := self._readied(each)) is not None]
            rows.put(self._open(), texts)
        except Exception as error:
            self._lose(len(waiting), self._why(error))
            self._let_go()
        else:
            self._found()
        finally:
            with self._lock:
                self._waiting -= sum(len(each.text.body or b"") for each in waiting)

    def _readied(self, waiting: Waiting) -> Text | None:
        """The text as it is kept. None: nothing of it is."""
        try:
            return readied(waiting.text, waiting.secrets)
        except Exception:
            log_failure(logger, UNSAFE % waiting.text.call)
            with self._lock:
                self._lost += 1
            return None

    def _prune(self, now_us: int) -> None:
        try:
            rows.prune(self._open(), now_us)
        except Exception as error:
            if not self._complains_of_prune:  # it comes again every minute
                logger.warning(AGAIN, self._why(error))
            self._complains_of_prune = True
            self._let_go()
        else:
            self._complains_of_prune = False

    def _open(self) -> sqlite3.Connection:
        """The file; made anew if it was moved or deleted."""
        if self._db is not None and which_file(self._path) != self._file:
            self._let_go()
        if self._db is None:
            self._db = connect(self._path)
            self._file = which_file(self._path)
        return self._db

    def _let_go(self) -> None:
        if self._db is not None:
            with suppress(sqlite3.Error):
                self._db.close()
            self._db = None

    def _why(self, error: Exception) -> str:
        return str(error if isinstance(error, TollwayError) else explain(error, self._path))

    def _lose(self, count: int, why: str) -> None:
        with self._lock:
            self._lost += count
            first, self._complains = not self._complains, True
        if first:
            logger.error(LOST, why)

    def _found(self) -> None:
        with self._lock:
            complained, self._complains = self._complains, False
            lost, self._told = self._lost - self._told, self._lost
        if complained:
            logger.warning(FOUND, lost)
