"""Forgetting buckets that are long over, and what was said of plans long ago. Rows are never forgotten: a
bucket can be rebuilt from them."""

import sqlite3

from tollway.ledger import told
from tollway.ledger.awaited import forget

KEPT_US = 62 * 86_400_000_000
"""How long a bucket stays after its window ended: a late settlement, or a look at last month, may want it."""
MINUTES_KEPT = 7 * 24 * 60
"""How many minutes before a rolling window stay: a clock may be set back."""

_OVER = """DELETE FROM buckets WHERE (end_us < :long_ago OR (end_us IS NULL AND since_us < :long_ago
        AND NOT EXISTS (SELECT 1 FROM minutes WHERE bucket = buckets.id)))
    AND NOT EXISTS (SELECT 1 FROM balances WHERE bucket = buckets.id
        AND (held <> 0 OR newest * slot_us >= :long_ago))"""
_MINUTES = """DELETE FROM minutes WHERE bucket = ? AND minute < ?"""
_PLANS = "DELETE FROM plan_gauges WHERE at_us < ?"
_ORPHANS = "DELETE FROM alerts WHERE bucket NOT IN (SELECT id FROM buckets)"


def prune(db: sqlite3.Connection, now_us: int) -> None:
    """Delete what was over long ago, by the clock and by the rows: a clock alone may be wrong."""
    ((latest_us,),) = db.execute("SELECT max(started_us) FROM calls").fetchall()
    if latest_us is None:
        return
    rolling = db.execute("SELECT bucket, horizon - ? FROM balances WHERE horizon > 0", (MINUTES_KEPT,))
    db.execute(_PLANS, (min(now_us, latest_us) - KEPT_US,))
    db.executemany(_MINUTES, rolling.fetchall())
    db.execute(_OVER, {"long_ago": min(now_us, latest_us) - KEPT_US})
    db.execute(_ORPHANS)
    forget(db, min(now_us, latest_us))
    told.forget(db, min(now_us, latest_us))
