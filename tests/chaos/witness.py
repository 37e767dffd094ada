"""A witness within the ledger: SQLite itself notes the most that was ever settled and held in a bucket.

A look from outside sees some moments. A trigger sees each: it runs within every transaction, of whatever
process, that changes a bucket.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

_SWEAR_IN = (
    """CREATE TABLE chaos (
        id INTEGER PRIMARY KEY CHECK (id = 1), moments INTEGER NOT NULL, most INTEGER NOT NULL,
        over INTEGER NOT NULL
    ) STRICT""",
    "INSERT INTO chaos VALUES (1, 0, 0, 0)",
    *(
        f"""CREATE TRIGGER chaos_{event} AFTER {event} ON balances BEGIN
            UPDATE chaos SET moments = moments + 1, most = max(most, new.settled + new.held),
                over = max(over, new.settled + new.held - new.amount);
        END"""
        for event in ("insert", "update")
    ),
)


class Testimony(NamedTuple):
    """What was seen, of the only limit of a run; money in nano-dollars."""

    moments: int
    """Changes of a bucket."""
    most_nano: int
    """The most that was ever settled and held together."""
    over_nano: int
    """The most by which that exceeded the amount that was in force then."""


def swear_in(ledger: Path) -> None:
    """Have a ledger that is there, and that nobody uses yet, note it from now on."""
    with closing(sqlite3.connect(ledger, isolation_level=None)) as db:
        for statement in _SWEAR_IN:
            db.execute(statement)


def heard(ledger: Path) -> Testimony:
    """What was noted."""
    with closing(sqlite3.connect(f"{ledger.as_uri()}?mode=ro", uri=True)) as db:
        return Testimony(*db.execute("SELECT moments, most, over FROM chaos").fetchone())
