"""Reading an SQLite ledger for pages: one caller's calls and buckets, and why calls had no answer."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from tollway.budget.bucket import Bucket
from tollway.ledger.books import SqliteBooks
from tollway.ledger.following import SqliteFollower, slots
from tollway.ledger.one_state import one_state
from tollway.ledger.pages import Owned, Reason
from tollway.ledger.row import COLUMNS, call_of
from tollway.ledger.standing import standing_of
from tollway.ledger.store import BucketRow, Course, Slot
from tollway.model import CallRecord

_OWN = "SELECT rowid FROM calls INDEXED BY calls_started WHERE started_us >= ? AND owner = ?"
_THESE = "rowid IN (SELECT value FROM json_each(:ids))"
_LATEST = (
    f"SELECT {', '.join(COLUMNS)} FROM calls WHERE {_THESE} ORDER BY started_us DESC, rowid DESC LIMIT :most"
)
_NO_ANSWER = "status IS NULL AND error IS NOT NULL"
_REASONS = "SELECT error, limits, sum(calls) AS n FROM calls {} GROUP BY error, limits ORDER BY n DESC, error"
_ALL_REASONS = _REASONS.format(f"INDEXED BY calls_unanswered WHERE started_us >= ? AND {_NO_ANSWER}")
_OWN_REASONS = _REASONS.format(f"WHERE {_THESE} AND {_NO_ANSWER}")


class SqlitePages:
    """Reads over two connections, from one thread."""

    def __init__(self, path: Path) -> None:
        """Raises LedgerError."""
        self._path = path
        self._books = SqliteBooks(path)
        self._db = self._books.db
        self._follower: SqliteFollower | None = None

    @property
    def follower(self) -> SqliteFollower:
        """As `Pages.follower`."""
        self._follower = self._follower or SqliteFollower(self._path)
        return self._follower

    def owned(self, owner: str, course: Course, latest: int) -> Owned:
        """As `Pages.owned`. The owner's rows are looked up once, all in one state of the file."""
        with one_state(self._db, self._path):
            ids = json.dumps([id for (id,) in self._db.execute(_OWN, (course.since_us, owner))])
            return Owned(
                slots=tuple(self._slots(course, ids)),
                latest=tuple(self._latest(ids, latest)),
                reasons=tuple(map(_reason, self._db.execute(_OWN_REASONS, {"ids": ids}))),
            )

    def reasons(self, since_us: int) -> tuple[Reason, ...]:
        """As `Pages.reasons`."""
        with one_state(self._db, self._path):
            return tuple(map(_reason, self._db.execute(_ALL_REASONS, (since_us,))))

    def standing(self, buckets: Sequence[Bucket], now_us: int) -> tuple[BucketRow | None, ...]:
        """As `Pages.standing`."""
        with one_state(self._db, self._path):
            return standing_of(self._db, buckets, now_us)

    def orphaned(self) -> frozenset[str]:
        """As `Pages.orphaned`."""
        return self._books.orphaned()

    def interrupt(self) -> None:
        """As `Pages.interrupt`."""
        self._db.interrupt()
        if self._follower is not None:
            self._follower.interrupt()

    def close(self) -> None:
        """As `Pages.close`."""
        self._books.close()
        if self._follower is not None:
            self._follower.close()

    def _slots(self, course: Course, ids: str) -> Iterator[Slot]:
        return slots(self._db, course, _THESE, {"ids": ids})

    def _latest(self, ids: str, most: int) -> Iterator[CallRecord]:
        return map(call_of, self._db.execute(_LATEST, {"ids": ids, "most": most}))


def _reason(row: Sequence[str | int | None]) -> Reason:
    error, limits, calls = row
    return Reason(error=str(error), limits=tuple(json.loads(str(limits or "[]"))), calls=int(calls or 0))
