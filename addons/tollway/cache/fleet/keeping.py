"""One thread keeps answers in Redis, deletes those that are over, and counts hits: nobody waits for it.

What can't be kept is lost; the log says so when it begins, and how many were lost when it is over.
"""

import logging
from contextlib import suppress
from queue import SimpleQueue
from threading import Lock, Thread

from msgspec import Struct

from tollway.cache.fleet.gate import Gate
from tollway.cache.fleet.kept import ready
from tollway.cache.fleet.scripts import Scripts, comes_before
from tollway.caching.recorded import Recorded
from tollway.ledger.fault import LedgerError
from tollway.ledger.fleet.server import Denied
from tollway.sidecar.losses import Losses
from tollway.sidecar.writer import CLOSE_SECONDS, FULL, MOST_ITEMS_WAITING, MOST_WAITING

logger = logging.getLogger(__name__)

MOST_HITS = 10_000
"""Answers whose hits wait to be counted; those of others are not."""
TRIES = 3
"""How often room is made for an answer, into which others come."""
NO_ROOM = "Redis has no memory for them (`maxmemory`): what else it has needs more than its share"

EVICTS = (
    "Redis deletes keys by itself where its memory ends (maxmemory-policy %s), of limits as well as of "
    "answers: set noeviction"
)


class Waiting(Struct, frozen=True):
    """An answer that waits to be kept."""

    key: bytes
    answer: Recorded


class Prune(Struct, frozen=True):
    """To be deleted: what is over by then."""

    now_us: int


class Keeping:
    """Writes for one process."""

    def __init__(self, scripts: Scripts, size: int, gate: Gate, most_waiting: int = MOST_WAITING) -> None:
        """`size`: of all answers, in bytes; `most_waiting`: of those that wait."""
        self.size = size
        self._scripts = scripts
        self._gate = gate
        self._most = most_waiting
        self._losses = Losses("answers", "paid for again")
        self._queue: SimpleQueue[Waiting | Prune | None] = SimpleQueue()
        self._lock = Lock()
        self._hits: dict[bytes, tuple[int, int]] = {}
        self._waiting = 0
        self._is_full = False
        """Whether one found no room: so won't the next."""
        self._has_warned = False
        self._thread: Thread | None = None

    @property
    def lost(self) -> int:
        """Answers that could not be kept, so far."""
        return self._losses.count

    @property
    def waiting(self) -> int:
        """Bytes that wait to be kept."""
        return self._waiting

    def keep(self, key: bytes, answer: Recorded) -> None:
        """As `Answers.keep`."""
        size = len(answer.body)
        with self._lock:
            has_room = self._waiting + size <= self._most and self._queue.qsize() < MOST_ITEMS_WAITING
            self._waiting += size * has_room
        if has_room:
            self._put(Waiting(key, answer))
        else:
            self._losses.begin(1, FULL % self._losses.what)

    def hit(self, key: bytes, now_us: int) -> None:
        """As `Answers.hit`: it is counted with what is done next, within a minute."""
        with self._lock:
            if key in self._hits or len(self._hits) < MOST_HITS:
                count, at_us = self._hits.get(key, (0, 0))
                self._hits[key] = count + 1, max(at_us, now_us)

    def prune(self, now_us: int) -> None:
        """As `Answers.prune`."""
        self._put(Prune(now_us))

    def close(self) -> None:
        """As `Answers.close`."""
        if self._thread is not None or self._hits:
            self._put(None).join(CLOSE_SECONDS)

    def _put(self, item: Waiting | Prune | None) -> Thread:
        self._queue.put(item)
        if self._thread is None:  # it is there once there is something to do
            self._thread = Thread(target=self._run, name="tollway-answers", daemon=True)
            self._thread.start()
        return self._thread

    def _run(self) -> None:
        while (item := self._queue.get()) is not None:
            if isinstance(item, Prune):
                self._prune(item.now_us)
            else:
                self._keep(item)
        self._count_hits()
        self._scripts.close()

    def _keep(self, item: Waiting) -> None:
        try:
            self._count_hits()  # first, so that what was not given makes room
            self._write(item)
        except LedgerError as error:
            self._failed(error)
            self._losses.begin(1, str(error))
        except Exception as error:  # a text that is none, say: the thread goes on
            self._losses.begin(1, type(error).__name__)
        else:
            self._losses.end()
        finally:
            with self._lock:
                self._waiting -= len(item.answer.body)

    def _write(self, item: Waiting) -> None:
        """Raises LedgerError."""
        if (why := self._gate.why) is not None:
            raise Denied(*why.args)
        as_kept, most = ready(item.key, item.answer), self.size
        if as_kept.size > most:
            return
        for _ in range(TRIES):
            if (self._is_full or comes_before(as_kept)) and not self._scripts.make_room(most, as_kept.size):
                break
            if self._scripts.keep(item.key, item.answer, as_kept, most):
                self._warn()
                return
            self._is_full = True
        raise Denied(NO_ROOM)

    def _warn(self) -> None:
        if self._scripts.evicts is not None and not self._has_warned:
            logger.warning(EVICTS, self._scripts.evicts)
            self._has_warned = True

    def _prune(self, now_us: int) -> None:
        """What is over is not found in any case, so that nobody need be told where it stays."""
        self._count_hits()
        if self._gate.why is None:
            with suppress(LedgerError):
                self._scripts.prune(now_us)
                self._scripts.make_room(self.size, 0)

    def _count_hits(self) -> None:
        with self._lock:
            hits, self._hits = self._hits, {}
        if hits and self._gate.why is None:
            try:
                self._scripts.hit(hits)
            except LedgerError as error:
                self._failed(error)

    def _failed(self, error: LedgerError) -> None:
        if not isinstance(error, Denied):
            self._gate.shut(error)
