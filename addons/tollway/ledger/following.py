"""Following an SQLite ledger that others write: each look costs what has changed, not what there is.

A call is told when it begins and when it ends. What becomes known of it after that (the usage of an answer
that was fetched later) is in what the next `begin` adds up.
"""

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from tollway.ledger.attributes import expression
from tollway.ledger.books import SqliteBooks
from tollway.ledger.buckets import bucket_of
from tollway.ledger.fault import LedgerError
from tollway.ledger.one_state import one_state
from tollway.ledger.plans import noted
from tollway.ledger.row import COLUMNS, call_of
from tollway.ledger.store import Beginning, BucketRow, Course, Raised, Slot
from tollway.model import CallRecord
from tollway.plans.seen import Seen
from tollway.which_file import which_file

GONE = "it was moved, removed or replaced while it was watched: start anew"

PORTION = 500
"""Ids in one statement."""
_COLUMNS = ", ".join(COLUMNS)
_NEW = f"SELECT rowid, {_COLUMNS} FROM calls WHERE rowid > ? ORDER BY rowid LIMIT ?"
_OPEN = "SELECT id FROM calls INDEXED BY calls_open WHERE state = 'open'"
_LATEST = f"SELECT {_COLUMNS} FROM calls ORDER BY rowid DESC LIMIT ?"
_ALERTS = """SELECT limit_name, limit_key, per, unit, start_us, end_us, rolling_us, slot_us, level, at_us
    FROM alerts JOIN buckets ON buckets.id = alerts.bucket WHERE at_us >= ? ORDER BY at_us, level"""


class SqliteFollower:
    """Reads over one connection, from one thread."""

    def __init__(self, path: Path) -> None:
        """Raises LedgerError."""
        self._path, self._file = path, which_file(path)
        self._books = SqliteBooks(path)
        self._db = self._books.db
        self._last = 0
        self._open: frozenset[str] = frozenset()

    def interrupt(self) -> None:
        """End what is being read, with an error: to be called from another thread."""
        self._db.interrupt()

    def close(self) -> None:
        """As `Follower.close`."""
        self._books.close()

    def begin(self, courses: Sequence[Course], latest: int) -> Beginning:
        """As `Follower.begin`."""
        self._check()
        with one_state(self._db, self._path):
            self._last = self._newest()
            self._open = frozenset(self._flying())
            found = tuple([tuple(self._slots(course)) for course in courses])
            newest = tuple([call_of(row) for row in self._db.execute(_LATEST, (latest,))])
            return Beginning(slots=found, flying=tuple(self._calls(self._open)), latest=newest)

    def news(self, most: int) -> tuple[CallRecord, ...]:
        """As `Follower.news`."""
        self._check()
        with one_state(self._db, self._path):
            if self._newest() < self._last:  # rows were cut away, the last one too
                self._last = 0
            new = self._db.execute(_NEW, (self._last, most)).fetchall()
            still = self._open.intersection(self._flying())
            ended = tuple(self._calls(self._open - still))
            found = [call_of(row) for _, *row in new]
            self._last = new[-1][0] if new else self._last
        flying = {call.id for call in found if call.state == "open"}
        self._open = still | flying
        return (*ended, *found)

    def buckets(self, now_us: int) -> list[BucketRow]:
        """As `Books.buckets`."""
        return self._books.buckets(now_us)

    def orphaned(self) -> frozenset[str]:
        """As `Books.orphaned`."""
        return self._books.orphaned()

    def alerts(self, since_us: int) -> list[Raised]:
        """As `Follower.alerts`."""
        with one_state(self._db, self._path):
            return [
                Raised(bucket=bucket_of(values), level=level, at_us=at_us)
                for *values, level, at_us in self._db.execute(_ALERTS, (since_us,))
            ]

    def plans(self) -> tuple[Seen, ...]:
        """As `Follower.plans`."""
        with one_state(self._db, self._path):
            return noted(self._db)

    def _check(self) -> None:
        """An open file outlives its name, and nobody writes to it any more."""
        if which_file(self._path) != self._file:
            raise LedgerError(f"ledger {self._path}: {GONE}")

    def _newest(self) -> int:
        return int(self._db.execute("SELECT coalesce(max(rowid), 0) FROM calls").fetchone()[0])

    def _flying(self) -> Iterator[str]:
        return (id for (id,) in self._db.execute(_OPEN))

    def _calls(self, ids: Collection[str]) -> Iterator[CallRecord]:
        every = sorted(ids)
        for i in range(0, len(every), PORTION):
            some = every[i : i + PORTION]
            marks = ", ".join("?" * len(some))
            for row in self._db.execute(f"SELECT {_COLUMNS} FROM calls WHERE id IN ({marks})", some):
                yield call_of(row)

    def _slots(self, course: Course) -> Iterator[Slot]:
        return slots(self._db, course, "started_us >= :since", {"since": course.since_us})


def slots(
    db: sqlite3.Connection, course: Course, where: str, values: Mapping[str, str | int]
) -> Iterator[Slot]:
    """The sums that a course asks for, over the calls that an SQL condition with these values is true of."""
    group = "".join(f", {expression(name)}" for name in course.by)
    metered = "sum(iif(billing = 'metered', cost_nano, 0))"
    sums = f"sum(calls), {metered}, sum(cost_nano) - {metered}"
    index = "INDEXED BY calls_started" if "since" in values else ""
    sql = f"""SELECT started_us / :slot * :slot AS slot, {sums}{group} FROM calls {index}
        WHERE {where} GROUP BY slot{group}"""
    for start_us, calls, cost, notional, *found in db.execute(sql, {"slot": course.slot_us, **values}):
        yield Slot(start_us=start_us, group=tuple(found), calls=calls, cost_nano=cost, notional_nano=notional)
