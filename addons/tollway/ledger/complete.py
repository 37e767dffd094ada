"""Up to which row the buckets of a limit are complete.

A process counts its rows in the buckets of the limits that it keeps, and each row names the set that was kept
when it was written. What was written under a set without a limit is missing from that limit's buckets: until
they are rebuilt, which is noted here, so that the same rows don't have them rebuilt again.
"""

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping

from tollway.ledger.counted import LONG

_SETS = "SELECT id, keys FROM policies"
_LATEST = "SELECT max(started_us) FROM calls INDEXED BY calls_policy WHERE policy IS ?"
_LAST = """SELECT max(rowid) FROM calls INDEXED BY calls_policy WHERE policy IS ? AND started_us >= ?"""
_LASTING = f"""SELECT policy, max(row) FROM (
        SELECT policy, rowid AS row FROM calls INDEXED BY calls_open WHERE state = 'open' UNION ALL
        SELECT policy, rowid AS row FROM calls INDEXED BY calls_long WHERE {LONG} AND ended_us >= ?)
    GROUP BY policy"""
"""The last rows of calls that a rolling window may have though they began long before it."""
_IN_FLIGHT = """SELECT DISTINCT policy FROM calls INDEXED BY calls_open
    WHERE state = 'open' AND process IS NOT ?"""
_COMPLETE = """INSERT INTO complete (limit_key, upto) SELECT ?, coalesce(max(rowid), 0) FROM calls
    WHERE TRUE ON CONFLICT (limit_key) DO UPDATE SET upto = excluded.upto"""

_AMENDED = """UPDATE complete SET upto = row - 1 FROM (SELECT rowid AS row FROM calls WHERE id = ?)
    WHERE upto >= row AND limit_key NOT IN (SELECT value FROM json_each(?))"""


def incomplete(
    db: sqlite3.Connection, since_us: Mapping[str, int], rolling: Collection[str] = ()
) -> frozenset[str]:
    """The limits whose buckets lack rows. `since_us`: from when on calls count in them, by limit; they count
    by their start, or by their end in those that are `rolling`."""
    return frozenset(_incomplete(db, since_us, rolling))


def completed(db: sqlite3.Connection, process: str, keys: Collection[str]) -> None:
    """Note that the buckets of these limits have all rows that are there.

    Not of a limit that some other process has calls in flight without: it won't count them as they end.
    """
    without = {policy for (policy,) in db.execute(_IN_FLIGHT, (process,))}
    kept = [keys for policy, keys in _sets(db).items() if policy in without]
    complete = [key for key in keys if all(key in each for each in kept)]
    db.executemany(_COMPLETE, [(key,) for key in complete])


def amended(db: sqlite3.Connection, id: str, known: Collection[str]) -> None:
    """Note that a call which had ended is charged something else by now, or as of another minute.
    `known`: the limits that see it; the buckets of others had its row as it was."""
    db.execute(_AMENDED, (id, json.dumps(sorted(known))))


def _incomplete(
    db: sqlite3.Connection, since_us: Mapping[str, int], rolling: Collection[str]
) -> Iterator[str]:
    upto = dict(db.execute("SELECT limit_key, upto FROM complete"))
    sets = _sets(db)
    for policy, keys in sets.items():
        ((latest_us,),) = db.execute(_LATEST, (policy,)).fetchall()
        if latest_us is None:
            continue
        missing = {key for key in since_us.keys() - keys if latest_us >= since_us[key]}
        last = {at: _last(db, policy, at) for at in {since_us[key] for key in missing}}
        yield from (key for key in missing if last[since_us[key]] > upto.get(key, 0))
    for at in {since_us[key] for key in rolling}:
        for policy, row in db.execute(_LASTING, (at,)).fetchall():
            missing = {key for key in rolling if since_us[key] == at} - sets[policy]
            yield from (key for key in missing if row > upto.get(key, 0))


def _last(db: sqlite3.Connection, policy: int | None, since_us: int) -> int:
    """The last row that was written under a set of limits, of those of calls that started since."""
    ((last,),) = db.execute(_LAST, (policy, since_us)).fetchall()
    return int(last or 0)


def _sets(db: sqlite3.Connection) -> dict[int | None, frozenset[str]]:
    """The sets of limits that rows were written under; None: no limits at all."""
    return {None: frozenset(), **{id: frozenset(json.loads(keys)) for id, keys in db.execute(_SETS)}}
