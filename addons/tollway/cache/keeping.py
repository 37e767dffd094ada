"""One thread keeps answers, deletes those that are over, and counts hits: nobody waits for it.

What can't be kept is lost; the log says so when it begins, and how many were lost when it is over.
"""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

from msgspec import Struct

from tollway.cache import rows
from tollway.cache.file import FILE
from tollway.caching.recorded import Recorded
from tollway.sidecar.losses import Losses
from tollway.sidecar.writer import MOST_WAITING, SidecarWriter

MOST_HITS = 10_000
"""Answers whose hits wait to be counted; those of others are not."""


class Waiting(Struct, frozen=True):
    """An answer that waits to be kept."""

    key: bytes
    answer: Recorded


class Keeping:
    """Writes the file, which is made with the first answer."""

    def __init__(self, path: Path, size: int, most_waiting: int = MOST_WAITING) -> None:
        """`size`: of the file, in bytes; `most_waiting`: likewise."""
        self.size = size
        self._losses = Losses("answers", "paid for again")
        self._writer = SidecarWriter(path, FILE, self._put, self._prune, self._losses, most_waiting)
        self._lock = Lock()
        self._hits: dict[bytes, tuple[int, int]] = {}

    @property
    def lost(self) -> int:
        """Answers that could not be kept, so far."""
        return self._losses.count

    def keep(self, key: bytes, answer: Recorded) -> None:
        """As `Answers.keep`."""
        self._writer.keep(Waiting(key, answer), len(answer.body))

    def hit(self, key: bytes, now_us: int) -> None:
        """As `Answers.hit`: it is counted with what is written next, within a minute."""
        with self._lock:
            if key in self._hits or len(self._hits) < MOST_HITS:
                count, at_us = self._hits.get(key, (0, 0))
                self._hits[key] = count + 1, max(at_us, now_us)

    def prune(self, now_us: int) -> None:
        """As `Answers.prune`."""
        self._writer.prune(now_us)

    def close(self) -> None:
        """As `Answers.close`."""
        self._writer.close(self._count_hits if self._hits else None)

    def _put(self, db: sqlite3.Connection, waiting: Sequence[Waiting]) -> None:
        """All or none, with the hits so far: those of others first, so that what was not given makes room."""
        ready = [rows.ready(each.key, each.answer) for each in waiting]
        hits = self._taken_hits()
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

    def _prune(self, db: sqlite3.Connection, now_us: int) -> None:
        self._count_hits(db)
        rows.prune(db, now_us)
        rows.make_room(db, self.size)
        rows.give_back(db)

    def _count_hits(self, db: sqlite3.Connection) -> None:
        rows.hit(db, self._taken_hits())

    def _taken_hits(self) -> dict[bytes, tuple[int, int]]:
        with self._lock:
            taken, self._hits = self._hits, {}
        return taken
