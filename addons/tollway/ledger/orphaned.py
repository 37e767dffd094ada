"""Open calls whose process died, and whose end comes no other way: nobody will end them. They stay open until
another process comes up, or its upkeep sets them to lost (`dead.lose`)."""

import json
import sqlite3
from pathlib import Path

from tollway.ledger.presence import living

_PROCESSES = (
    "SELECT DISTINCT process FROM calls INDEXED BY calls_open WHERE state = 'open' AND awaited_us IS NULL"
)
_THEIRS = """SELECT id FROM calls INDEXED BY calls_open WHERE state = 'open'
    AND awaited_us IS NULL AND (process IS NULL OR process IN (SELECT value FROM json_each(?)))"""


def orphaned(db: sqlite3.Connection, path: Path) -> frozenset[str]:
    """Their ids. Not within a transaction, which has one state of the file.

    A process that ended while one looked had written before how its calls ended: so rows are read once more.
    """
    processes = {process for (process,) in db.execute(_PROCESSES)}
    dead = processes - living(path) if processes else processes
    if not dead:
        return frozenset()
    names = json.dumps(sorted(dead - {None}))
    return frozenset(id for (id,) in db.execute(_THEIRS, (names,)))
