"""Bringing staged rows into a ledger: those that it lacks, in short transactions.

A call is known by its id: what is there stays as it is. Killed in between, the ledger has whole rows of the
file and nothing else; again, it gets the rest.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import NamedTuple

from tollway.ledger.archive.form import TIED, Form

MOST_ROWS = 1_000
MOST_CALLS = 10_000
"""In one transaction: some tens of milliseconds, for which proxies wait."""
SHOWN = 5
OWN = ("id", "process", *TIED)
"""Columns that two rows of one call may differ in: who wrote it is nothing of the call."""

_CLASH = """CREATE TEMP TABLE clash AS SELECT DISTINCT merged AS id FROM temp.came_ids
    WHERE EXISTS (SELECT 1 FROM main.calls WHERE calls.id = came_ids.id)
        OR EXISTS (SELECT 1 FROM main.cut JOIN main.calls ON calls.rowid = cut.merged
            WHERE cut.id = came_ids.id AND calls.id <> came_ids.merged)"""
_SIZES = "SELECT rowid, calls FROM temp.came WHERE rowid > ? ORDER BY rowid LIMIT ?"
_THESE = "came.rowid BETWEEN :first AND :last"
_CLASHES = "EXISTS (SELECT 1 FROM temp.clash WHERE clash.id = came.id)"
_IS_CUT = "EXISTS (SELECT 1 FROM main.cut WHERE cut.id = came.id)"
_FRESH = f"""{_THESE} AND NOT EXISTS (SELECT 1 FROM main.calls WHERE calls.id = came.id)
    AND NOT {_IS_CUT} AND NOT {_CLASHES}"""
_SPAN = f"SELECT min(started_us), max(coalesce(ended_us, started_us)) FROM temp.came WHERE {_FRESH}"
_RUNNING = """SELECT min(iif(rolling_us IS NULL, start_us, :now_us - rolling_us)) FROM buckets
    WHERE slot_us IS NULL AND (end_us IS NULL OR end_us > :now_us)"""


class Imported(NamedTuple):
    """What came of a file's rows."""

    new: int = 0
    same: int = 0
    """That were there already, or that a merged row stands for."""
    other: int = 0
    """That are there otherwise: they were left as they are."""
    others: tuple[str, ...] = ()
    """The ids of the first of these."""
    latest_us: int = 0
    """When the last of the new ones ended."""

    def plus(self, more: "Imported") -> "Imported":
        """With those of other rows."""
        return Imported(
            self.new + more.new,
            self.same + more.same,
            self.other + more.other,
            (*self.others, *more.others)[:SHOWN],
            max(self.latest_us, more.latest_us),
        )


def bring(db: sqlite3.Connection, form: Form, rest: Callable[[float], None]) -> Imported:
    """Write what `stage` has staged. `rest`: as of `cut`. Raises sqlite3.Error."""
    db.execute(_CLASH)
    steps = _Steps(form)
    done = Imported()
    for first, last in _portions(db):
        begun = time.monotonic()
        db.execute("BEGIN IMMEDIATE")
        try:
            done = done.plus(steps.take(db, {"first": first, "last": last}))
            db.execute("COMMIT")
        except BaseException:
            db.execute("ROLLBACK")
            raise
        rest(time.monotonic() - begun)
    return done


def counts_now(db: sqlite3.Connection, imported: Imported, now_us: int) -> bool:
    """Whether windows that still run have to count what was imported: their limits do so once a proxy keeps
    them anew, and adds up the rows."""
    ((since_us,),) = db.execute(_RUNNING, {"now_us": now_us}).fetchall()
    return bool(imported.new) and since_us is not None and imported.latest_us >= since_us


class _Steps:
    def __init__(self, form: Form) -> None:
        compared = [name for name in form.columns if name not in OWN]
        same = " AND ".join(f"came.{name} IS calls.{name}" for name in compared)
        names = ", ".join(form.columns)
        both = "FROM temp.came JOIN main.calls ON calls.id = came.id"
        self._same = f"SELECT count(*) {both} WHERE {_THESE} AND {same}"
        self._other = f"""SELECT came.id {both} WHERE {_THESE} AND NOT ({same})
            UNION ALL SELECT id FROM temp.came WHERE {_THESE} AND {_CLASHES}
                AND NOT EXISTS (SELECT 1 FROM main.calls WHERE calls.id = came.id)"""
        self._cut = f"SELECT count(*) FROM temp.came WHERE {_THESE} AND {_IS_CUT}"
        self._put = f"INSERT INTO main.calls ({names}) SELECT {names} FROM temp.came WHERE {_FRESH}"
        self._ids = f"""INSERT OR IGNORE INTO main.cut (id, merged) SELECT came_ids.id, calls.rowid
            FROM temp.came JOIN temp.came_ids ON came_ids.merged = came.id
            JOIN main.calls ON calls.id = came.id
            WHERE {_THESE} AND NOT {_CLASHES} AND {same}"""

    def take(self, db: sqlite3.Connection, span: dict[str, int]) -> Imported:
        """Within a transaction."""
        ((same,),) = db.execute(self._same, span).fetchall()
        ((cut,),) = db.execute(self._cut, span).fetchall()
        other = [id for (id,) in db.execute(self._other, span)]
        ((_, latest_us),) = db.execute(_SPAN, span).fetchall()
        new = db.execute(self._put, span).rowcount
        db.execute(self._ids, span)
        return Imported(new, same + cut, len(other), tuple(other[:SHOWN]), latest_us or 0)


def _portions(db: sqlite3.Connection) -> Iterator[tuple[int, int]]:
    """The first and the last row of each transaction. Nothing is being read while one runs: SQLite would keep
    the state of the ledger that it began with, and could not write to another's."""
    last = 0
    while rows := db.execute(_SIZES, (last, MOST_ROWS)).fetchall():
        sums = accumulate(size for _, size in rows)
        first, last = rows[0][0], rows[0][0]
        for (row, _), calls in zip(rows, sums, strict=True):
            if calls <= MOST_CALLS:
                last = row
        yield first, last
