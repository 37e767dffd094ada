"""Rows that may become one, found slot by slot of time."""

import sqlite3
from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import batched, groupby
from operator import itemgetter

from tollway.ledger.cutting.merged import FIND, MOST_MERGED
from tollway.ledger.cutting.reach import Reach

EndOf = Callable[[int], int]
"""A moment -> the end of the slot that it is in: calls of one slot may become one row."""

_FIRST = "SELECT started_us FROM calls WHERE started_us >= ? ORDER BY started_us LIMIT 1"


def found(db: sqlite3.Connection, reach: Reach, upto: int, end_of: EndOf) -> Iterator[tuple[int, ...]]:
    """The rows (their rowids) of each row that is to be, two of them at the least. `upto`: the last row that
    counts."""
    for from_us, until_us in slots(db, reach, end_of):
        span = {"from_us": from_us, "until_us": until_us, "settled_us": reach.settled_us, "upto": upto}
        alike = db.execute(FIND, span).fetchall()
        for _, rows in groupby(alike, itemgetter(1)):
            yield from (one for one in batched((row for row, _ in rows), MOST_MERGED) if len(one) > 1)


def slots(db: sqlite3.Connection, reach: Reach, end_of: EndOf) -> Iterator[tuple[int, int]]:
    """Spans that have all calls which the cut reaches, none across two slots, or a split."""
    start = _first_from(db, 0)
    while start is not None and start < reach.until_us:
        following = bisect_right(reach.splits, start)
        end = min((end_of(start), reach.until_us, *reach.splits[following : following + 1]))
        yield start, end
        start = _first_from(db, end)


def _first_from(db: sqlite3.Connection, us: int) -> int | None:
    found = db.execute(_FIRST, (us,)).fetchone()
    return found[0] if found else None
