"""What all processes of a ledger are to know of at once, and to say once: each a step of the writer's."""

import sqlite3

from tollway.budget.bucket import Bucket
from tollway.ledger.buckets import Buckets
from tollway.ledger.members import Kept, open_all
from tollway.ledger.store import Quarantined

_QUARANTINE = (
    """INSERT OR IGNORE INTO quarantine (alert, provider, model, shape, at_us) VALUES (?, ?, ?, ?, ?)"""
)
_QUARANTINED = "SELECT alert, provider, model, shape FROM quarantine ORDER BY at_us, rowid"
_ALERT = """INSERT INTO alerts (bucket, level, at_us) VALUES (:bucket, :level, :at_us)
    ON CONFLICT (bucket, level) DO UPDATE SET at_us = excluded.at_us
    WHERE at_us <= excluded.at_us - :rolling_us"""


def quarantine(db: sqlite3.Connection, found: Quarantined, at_us: int) -> bool:
    """As `Incidents.quarantine`."""
    values = (found.alert, found.provider, found.model, found.shape, at_us)
    return db.execute(_QUARANTINE, values).rowcount == 1


def quarantined(db: sqlite3.Connection) -> tuple[Quarantined, ...]:
    """As `Incidents.quarantined`."""
    return tuple(
        Quarantined(alert=alert, provider=provider, model=model, shape=shape)
        for alert, provider, model, shape in db.execute(_QUARANTINED)
    )


def first_alert(
    db: sqlite3.Connection, buckets: Buckets, kept: Kept, bucket: Bucket, level: int, at_us: int
) -> bool:
    """As `Incidents.first_alert`."""
    if kept.rules is not None and bucket.key in kept.rules.keys():
        (id,) = open_all(db, buckets, kept, [bucket], at_us)
    else:
        (found,) = buckets.find(db, [bucket])
        if found is None:
            return False
        id = found.id
    values = {"bucket": id, "level": level, "at_us": at_us, "rolling_us": bucket.rolling_us}
    return db.execute(_ALERT, values).rowcount == 1
