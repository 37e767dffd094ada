"""Finds answers in the file: small ones on the event loop, in microseconds; large ones beside it."""

import logging
import sqlite3
from collections.abc import Awaitable
from contextlib import closing, suppress
from pathlib import Path

from tollway.apart import apart
from tollway.cache import rows
from tollway.cache.fault import FAULTS, Damaged, Empty, explain
from tollway.cache.file import connect_to_read
from tollway.caching.recorded import Recorded
from tollway.which_file import which_file

logger = logging.getLogger(__name__)

LARGE, LONG = 256 * 1024, 2**20
"""Bytes, as they are kept and as they were, above which an answer is read beside the event loop."""
WAIT_SECONDS = 0.0
"""Nobody waits for another process here: the answer is not found."""
REST_US = 10_000_000
"""How long a file is left alone that could not be read."""
BLIND = "answers can't be found, so that calls are not answered from the cache; they go on: %s"
SEES = "answers are found again"


def is_busy(error: Exception) -> bool:
    """Whether another process is about to change the whole file, as the last one does that closes it: that is
    over in a moment. One that stays is told of by what can't be kept."""
    code = getattr(error.__cause__ or error, "sqlite_errorcode", 0)
    return code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


class Finding:
    """Reads what any process kept. To be used on one thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self._rests_until_us = 0
        self._complains = False

    def find(self, key: bytes, now_us: int) -> Recorded | Awaitable[Recorded | None] | None:
        """As `Answers.find`."""
        if now_us < self._rests_until_us <= now_us + REST_US:
            return None
        try:
            db = self._open()
            found = rows.find(db, key, now_us) if db is not None else None
            if db is None or found is None:
                return None
            if found.size > LARGE or found.told.length > LONG:
                return self._apart(key, now_us)
            whole = rows.whole(db, found)
        except FAULTS as error:
            self._failed(error, now_us)
            return None
        self._works()
        return whole

    def close(self) -> None:
        """Let go of the file."""
        if self._db is not None:
            with suppress(sqlite3.Error):
                self._db.close()
            self._db = None

    async def _apart(self, key: bytes, now_us: int) -> Recorded | None:
        """Through a connection of its own."""
        try:
            whole = await apart(lambda: self._read(key, now_us))
        except FAULTS as error:
            self._failed(error, now_us)
            return None
        self._works()
        return whole

    def _read(self, key: bytes, now_us: int) -> Recorded | None:
        with closing(connect_to_read(self._path, WAIT_SECONDS)) as db:
            found = rows.find(db, key, now_us)
            return rows.whole(db, found) if found is not None else None

    def _open(self) -> sqlite3.Connection | None:
        """The file, as the path names it now; None: there is none."""
        now = which_file(self._path)
        if self._db is not None and now != self._file:
            self.close()
        if self._db is None and now is not None:
            self._db = connect_to_read(self._path, WAIT_SECONDS)
            self._file = now
        return self._db

    def _failed(self, error: Exception, now_us: int) -> None:
        if is_busy(error) or isinstance(error, Empty):
            return
        if not isinstance(error, Damaged):  # of one answer: the others may be sound
            self.close()
            self._rests_until_us = now_us + REST_US
        if not self._complains:
            logger.error(BLIND, explain(error, self._path))
        self._complains = True

    def _works(self) -> None:
        if self._complains:
            logger.warning(SEES)
        self._complains = False
