"""Which limits are in force: those that living processes keep; where none lives, what the last one kept.

Buckets outlive their limits: of one that was edited, or removed, they stay until their window is long over.
"""

import json
import sqlite3
from collections.abc import Collection

_KEEP = "INSERT OR REPLACE INTO keeping (process, policy) VALUES (?, ?)"
_FORGET = """DELETE FROM keeping WHERE id < (SELECT max(id) FROM keeping)
    AND process NOT IN (SELECT value FROM json_each(?))"""
_KEPT = "SELECT process, keys FROM keeping JOIN policies ON policies.id = policy ORDER BY keeping.id"


def keep(db: sqlite3.Connection, process: str, policy: int, living: Collection[str]) -> None:
    """Note that a process keeps a set of limits from now on."""
    db.execute(_KEEP, (process, policy))
    db.execute(_FORGET, (json.dumps(sorted(living)),))


def in_force(db: sqlite3.Connection, living: Collection[str]) -> frozenset[str] | None:
    """The keys of the limits in force; None: nobody ever kept any."""
    kept = [(process, json.loads(keys)) for process, keys in db.execute(_KEPT)]
    if not kept:
        return None
    now = [keys for process, keys in kept if process in living] or [kept[-1][1]]
    return frozenset(key for keys in now for key in keys)
