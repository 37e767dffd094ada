"""One thread writes a file beside the ledger, and deletes from it what is over: nobody waits for it.

What waits for it is bounded. What can't be kept (the disk is full, the file locked, too much waits) is lost.
"""

import logging
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, Thread

from msgspec import Struct

from tollway.errors import TollwayError
from tollway.sidecar.file import SidecarFile
from tollway.sidecar.losses import Losses
from tollway.which_file import which_file

logger = logging.getLogger(__name__)

MOST_WAITING = 64 * 2**20
"""Bytes that wait to be kept."""
MOST_ITEMS_WAITING = 20_000
AT_ONCE = 64
"""Items in one transaction."""
CLOSE_SECONDS = 10.0
"""How long an end waits for the rest to be kept."""

FULL = "more %s wait to be kept than may"
AGAIN = "%s that are over could not be deleted yet, they will be: %s"

Work = Callable[[sqlite3.Connection], None]


class Keep[Item](Struct, frozen=True):
    """To be kept."""

    item: Item
    size: int


class Prune(Struct, frozen=True):
    """To be deleted: what is over by then."""

    now_us: int


class End(Struct, frozen=True):
    """Nothing comes after it."""

    last: Work | None


class SidecarWriter[Item]:
    """The file is made with the first item, and made anew when it was moved or deleted."""

    def __init__(
        self,
        path: Path,
        file: SidecarFile,
        write: Callable[[sqlite3.Connection, Sequence[Item]], None],
        prune: Callable[[sqlite3.Connection, int], object],
        losses: Losses,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        """`write` keeps all that it is given, or raises and keeps nothing; `prune` deletes what is over by a
        time. `most_waiting`: in bytes."""
        self._path, self._sidecar = path, file
        self._write, self._delete = write, prune
        self._losses = losses
        self._most = most_waiting
        self._queue: SimpleQueue[Keep[Item] | Prune | End] = SimpleQueue()
        self._lock = Lock()
        self._waiting = 0
        self._complains_of_prune = False
        self._db: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self._thread: Thread | None = None

    @property
    def waiting(self) -> int:
        """Bytes that wait to be kept."""
        return self._waiting

    def keep(self, item: Item, size: int) -> None:
        """Have it written, soon. `size`: in bytes, while it waits."""
        with self._lock:
            full = self._waiting + size > self._most or self._queue.qsize() >= MOST_ITEMS_WAITING
            if not full:
                self._waiting += size
        if full:
            self._losses.begin(1, FULL % self._losses.what)
        else:
            self._put(Keep(item, size))

    def prune(self, now_us: int) -> None:
        """Have deleted what is over by then, if there is a file."""
        if self._path.exists():
            self._put(Prune(now_us))

    def close(self, last: Work | None = None) -> None:
        """Keep what waits, for some seconds at the most, then let go. Blocks.

        `last`: what is to be done to the file then, if there is one; that it fails harms nobody.
        """
        if self._thread is not None or (last is not None and self._path.exists()):
            self._put(End(last)).join(CLOSE_SECONDS)

    def _put(self, item: Keep[Item] | Prune | End) -> Thread:
        self._queue.put(item)
        if self._thread is None:  # it is there once there is something to do
            self._thread = Thread(target=self._run, name=f"tollway-{self._losses.what}", daemon=True)
            self._thread.start()
        return self._thread

    def _run(self) -> None:
        end = None
        while end is None:
            taken = self._take()
            self._keep([item for item in taken if isinstance(item, Keep)])
            for item in taken:
                if isinstance(item, Prune):
                    self._prune(item.now_us)
            end = taken[-1] if isinstance(taken[-1], End) else None
        if end.last is not None and self._path.exists():
            with suppress(Exception):
                end.last(self._open())
        self._let_go()

    def _take(self) -> list[Keep[Item] | Prune | End]:
        """What comes next, and what else waits. This is the queue's only consumer."""
        taken = [self._queue.get()]
        with suppress(Empty):
            while len(taken) < AT_ONCE and not isinstance(taken[-1], End):
                taken.append(self._queue.get_nowait())
        return taken

    def _keep(self, waiting: Sequence[Keep[Item]]) -> None:
        if not waiting:
            return
        try:
            self._write(self._open(), [each.item for each in waiting])
        except Exception as error:
            self._losses.begin(len(waiting), self._why(error))
            self._let_go()
        else:
            self._losses.end()
        finally:
            with self._lock:
                self._waiting -= sum(each.size for each in waiting)

    def _prune(self, now_us: int) -> None:
        try:
            self._delete(self._open(), now_us)
        except Exception as error:
            if not self._complains_of_prune:  # it comes again every minute
                logger.warning(AGAIN, self._losses.what, self._why(error))
            self._complains_of_prune = True
            self._let_go()
        else:
            self._complains_of_prune = False

    def _open(self) -> sqlite3.Connection:
        if self._db is not None and which_file(self._path) != self._file:
            self._let_go()
        if self._db is None:
            self._db = self._sidecar.connect(self._path)
            self._file = which_file(self._path)
        return self._db

    def _let_go(self) -> None:
        if self._db is not None:
            with suppress(sqlite3.Error):
                self._db.close()
            self._db = None

    def _why(self, error: Exception) -> str:
        return str(error if isinstance(error, TollwayError) else self._sidecar.explain(error, self._path))
