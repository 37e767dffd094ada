"""Reading what buckets have, and what calls hold in them."""

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tollway.budget.bucket import Bucket, Enforce
from tollway.ledger.buckets import bucket_of
from tollway.ledger.counted import MINUTE_US
from tollway.ledger.dead import AT_BOUND
from tollway.ledger.keeping import in_force
from tollway.ledger.presence import living
from tollway.ledger.row import COLUMNS, call_of
from tollway.ledger.store import BucketRow, Held

_AS_OF = f"""(SELECT coalesce(sum(settled), 0) FROM minutes
    WHERE bucket = buckets.id AND minute >= (:now - buckets.rolling_us) / {MINUTE_US})"""
_FOUND = f"""SELECT limit_name, limit_key, per, unit, start_us, end_us, rolling_us, slot_us, amount, enforce,
        since_us, iif(rolling_us IS NULL, settled, {_AS_OF}), held
    FROM buckets JOIN balances ON balances.bucket = buckets.id"""
_THESE = f"{_FOUND} WHERE name IN (SELECT value FROM json_each(:names))"
_BUCKETS = f"""{_FOUND} WHERE end_us IS NULL OR end_us > :now ORDER BY limit_name, per, start_us, id"""
_PAST = f"""{_FOUND} WHERE slot_us IS NULL AND rolling_us IS NULL AND start_us >= :since AND start_us < :until
    ORDER BY limit_name, per, start_us, id"""
_COLUMNS = ", ".join(COLUMNS)
_HOLDS = f"""SELECT process, awaited_us IS NOT NULL, {_COLUMNS} FROM calls INDEXED BY calls_open
        WHERE state = 'open' AND holds IS NOT NULL AND holds <> '{{}}'
    UNION ALL SELECT process, 0, {_COLUMNS} FROM calls INDEXED BY calls_lost
        WHERE state = 'lost' AND ',' || flags || ',' LIKE '%,{AT_BOUND},%'
    ORDER BY started_us"""


def standing(db: sqlite3.Connection, path: Path, now_us: int) -> list[BucketRow]:
    """As `Books.buckets`."""
    kept = in_force(db, living(path))
    rows = map(_row, db.execute(_BUCKETS, {"now": now_us}))
    return [row for row in rows if kept is None or row.bucket.key in kept]


def past(db: sqlite3.Connection, since_us: int, until_us: int) -> list[BucketRow]:
    """As `Statements.past`."""
    rows = map(_row, db.execute(_PAST, {"since": since_us, "until": until_us, "now": until_us}))
    # An edit of a limit's match, say, makes another bucket of the same name beside the one before.
    latest = {(row.bucket.limit, *row.bucket.values.items(), row.bucket.start_us): row for row in rows}
    return list(latest.values())


def standing_of(
    db: sqlite3.Connection, buckets: Sequence[Bucket], now_us: int
) -> tuple[BucketRow | None, ...]:
    """How each of these stands, in their order; None: no call counts in it yet."""
    names = json.dumps([bucket.id for bucket in buckets])
    rows = map(_row, db.execute(_THESE, {"now": now_us, "names": names}))
    found = {row.bucket.id: row for row in rows}
    return tuple([found.get(bucket.id) for bucket in buckets])


def _row(found: Sequence[Any]) -> BucketRow:
    *values, amount, enforce, since_us, settled, held = found
    return BucketRow(
        bucket=bucket_of(values),
        amount=amount,
        enforce=Enforce(enforce),
        settled=settled,
        held=held,
        started_us=since_us,
    )


def holds(db: sqlite3.Connection, path: Path) -> list[Held]:
    """As `Books.holds`."""
    rows = db.execute(_HOLDS).fetchall()
    alive = living(path)
    return [
        Held(call=call_of(row), alive=bool(awaited) or process in alive) for process, awaited, *row in rows
    ]
