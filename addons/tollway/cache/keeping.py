"""One thread keeps answers, deletes those that are over, and counts hits: nobody waits for it.

What waits for it is bounded. What can't be kept (the disk is full, the file locked, too much waits) is lost;
the log says so when it begins, and how many were lost when it is over.
"""

import logging
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, Thread

from msgspec import Struct

from tollway.cache import rows
from tollway.cache.fault import explain
from tollway.cache.file import connect
from tollway.caching.recorded import Recorded
from tollway.which_file import which_file

logger = logging.getLogger(__name__)

MOST_WAITING = 64 * 2**20
"""Bytes of answers that wait to be kept."""
MOST_ANSWERS_WAITING = 20_000
MOST_HITS = 10_000
"""Answers whose hits wait to be counted; those of others are not."""
AT_ONCE = 64
"""Answers in one transaction."""
CLOSE_SECONDS = 10.0
"""How long an end waits for the rest to be kept."""

LOST = "answers can't be kept, so they are paid for again; calls go on: %s"
FULL = "more answers wait to be kept than may"
FOUND = "answers are kept again; %d were lost"
AGAIN = "answers that are over could not be deleted yet, they will be: %s"


class Keep(Struct, frozen=True):
    """To be kept."""

    key: bytes
    answer: Recorded


class Prune(Struct, frozen=True):
    """To be deleted: what is over by then, and what is too much."""

    now_us: int


class Keeping:
    """Writes the file, which is made with the first answer."""

    def __init__(self, path: Path, size: int, most_waiting: int = MOST_WAITING) -> None:
        """`size`: of the file, in bytes; `most_waiting`: likewise."""
        self._path = path
        self.size = size
        self._most = most_waiting
        self._queue: SimpleQueue[Keep | Prune | None] = SimpleQueue()
        self._lock = Lock()
        self._waiting = 0
        self._hits: dict[bytes, tuple[int, int]] = {}
        self._lost = self._told = 0
        self._complains = self._complains_of_prune = False
        self._db: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self._thread: Thread | None = None

    def keep(self, key: bytes, answer: Recorded) -> None:
        """As `Answers.keep`."""
        size = len(answer.body)
        with self._lock:
            full = self._waiting + size > self._most or self._queue.qsize() >= MOST_ANSWERS_WAITING
            if not full:
                self._waiting += size
        if full:
            self._lose(1, FULL)
        else:
            self._put(Keep(key, answer))

    def hit(self, key: bytes, now_us: int) -> None:
        """As `Answers.hit`: it is counted with what is written next, within a minute."""
        with self._lock:
            if key in self._hits or len(self._hits) < MOST_HITS:
                count, at_us = self._hits.get(key, (0, 0))
                self._hits[key] = count + 1, max(at_us, now_us)

    def prune(self, now_us: int) -> None:
        """As `Answers.prune`."""
        if self._path.exists():
            self._put(Prune(now_us))

    def close(self) -> None:
        """As `Answers.close`."""
        if self._thread is None and self._hits and self._path.exists():
            self._start()
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join(CLOSE_SECONDS)

    def _put(self, item: Keep | Prune) -> None:
        self._queue.put(item)
        if self._thread is None:  # it is there once there is something to do
            self._start()

    def _start(self) -> None:
        self._thread = Thread(target=self._run, name="tollway-answers", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while True:
            taken = self._take()
            self._keep([item for item in taken if isinstance(item, Keep)])
            for item in taken:
                if isinstance(item, Prune):
                    self._prune(item.now_us)
            if None in taken:
                break
        self._count_hits()
        self._let_go()

    def _take(self) -> list[Keep | Prune | None]:
        """What comes next, and what else waits. This is the queue's only consumer."""
        taken = [self._queue.get()]
        with suppress(Empty):
            while len(taken) < AT_ONCE and taken[-1] is not None:
                taken.append(self._queue.get_nowait())
        return taken

    def _keep(self, waiting: Sequence[Keep]) -> None:
        if not waiting:
            return
        try:
            self._write([rows.ready(each.key, each.answer) for each in waiting])
        except Exception as error:
            self._lose(len(waiting), str(explain(error, self._path)))
            self._let_go()
        else:
            self._found()
        finally:
            with self._lock:
                self._waiting -= sum(len(each.answer.body) for each in waiting)

    def _write(self, ready: Sequence[rows.Ready]) -> None:
        """All or none, with the hits so far: those of others first, so that what was not given makes room."""
        db, hits = self._open(), self._taken_hits()
        of_these = {each.key: hits.pop(each.key) for each in ready if each.key in hits}
        db.execute("BEGIN IMMEDIATE")
        try:
            rows.hit(db, hits)
            for each in ready:
                if each.size <= self.size:
                    rows.put(db, each, self.size)
            rows.hit(db, of_these)
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise

    def _prune(self, now_us: int) -> None:
        try:
            db = self._open()
            rows.hit(db, self._taken_hits())
            rows.prune(db, now_us)
            rows.make_room(db, self.size)
            rows.give_back(db)
        except Exception as error:
            if not self._complains_of_prune:  # it comes again every minute
                logger.warning(AGAIN, explain(error, self._path))
            self._complains_of_prune = True
            self._let_go()
        else:
            self._complains_of_prune = False

    def _count_hits(self) -> None:
        """At the end; that some are not counted harms nobody."""
        if self._hits and self._path.exists():
            with suppress(Exception):
                rows.hit(self._open(), self._taken_hits())

    def _taken_hits(self) -> dict[bytes, tuple[int, int]]:
        with self._lock:
            taken, self._hits = self._hits, {}
        return taken

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
