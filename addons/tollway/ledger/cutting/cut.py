"""Cutting a ledger: rows are merged in transactions so short that proxies go on beside it.

Each takes rows away and puts what they come to in their place, so that who reads finds every call once, and
who is killed in between has lost none. Again, it goes on where it was.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tollway.ledger.cutting.found import EndOf, found
from tollway.ledger.cutting.known import begin_another
from tollway.ledger.cutting.merged import ADD_UP, BATCH, LEAVE, PUT, REMEMBER, TAKE, TOGETHER
from tollway.ledger.cutting.reach import Reach
from tollway.ledger.fault import LedgerError

MOST_ROWS = 1_000
"""In one transaction: some tens of milliseconds, for which proxies wait."""

_JOURNAL = "SELECT 1 FROM sqlite_schema WHERE name = 'outbox'"
_LAST = "SELECT coalesce(max(rowid), 0) FROM calls"


class Cut(NamedTuple):
    """What was merged, or would be."""

    calls: int = 0
    rows: int = 0
    """That stand for them."""


def refuse_journal(db: sqlite3.Connection, path: Path) -> None:
    """Raises LedgerError for the file of a fleet's process: what is written there goes to its log."""
    if db.execute(_JOURNAL).fetchone():
        raise LedgerError(
            f"ledger {path}: it is the journal of a fleet's process: name the fleet's Redis, or the file "
            "that `tollway collect --into` brings its calls into"
        )


def last_row(db: sqlite3.Connection) -> int:
    """The row that was written last: later ones are not to be cut."""
    return int(db.execute(_LAST).fetchone()[0])


def planned(db: sqlite3.Connection, reach: Reach, upto: int, end_of: EndOf) -> Cut:
    """What `cut` would do. Nothing is written."""
    sizes = [len(rows) for rows in found(db, reach, upto, end_of)]
    return Cut(sum(sizes), len(sizes))


def cut(db: sqlite3.Connection, reach: Reach, upto: int, end_of: EndOf, rest: Callable[[float], None]) -> Cut:
    """Merge all that may be. `rest` is called after each transaction, with the seconds that it took: others
    who wait for the ledger come in then. Raises sqlite3.Error."""
    for table in (BATCH, TOGETHER):
        db.execute(table)
    done = Cut()
    for batch in _batches(found(db, reach, upto, end_of)):
        begun = time.monotonic()
        more = _merge(db, batch, reach)
        done = Cut(done.calls + more.calls, done.rows + more.rows)
        rest(time.monotonic() - begun)
    for name in ("batch", "together"):
        db.execute(f"DROP TABLE temp.{name}")
    return done


def _batches(rows: Iterator[tuple[int, ...]]) -> Iterator[Sequence[tuple[int, ...]]]:
    """As many as one transaction takes."""
    batch: list[tuple[int, ...]] = []
    count = 0
    for each in rows:
        if batch and count + len(each) > MOST_ROWS:
            yield batch
            batch, count = [], 0
        batch.append(each)
        count += len(each)
    if batch:
        yield batch


def _merge(db: sqlite3.Connection, batch: Sequence[tuple[int, ...]], reach: Reach) -> Cut:
    named = [(number, row) for number, rows in enumerate(batch) for row in rows]
    for name in ("batch", "together"):
        db.execute(f"DELETE FROM temp.{name}")
    db.executemany("INSERT INTO temp.batch VALUES (?, ?)", named)
    db.execute("BEGIN IMMEDIATE")
    try:
        begin_another(db, reach.now_us)
        db.execute(ADD_UP, {"settled_us": reach.settled_us})
        for step in (LEAVE, REMEMBER, TAKE, PUT):
            db.execute(step)
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise
    return Cut(*db.execute("SELECT coalesce(sum(size), 0), count(*) FROM temp.together").fetchone())
