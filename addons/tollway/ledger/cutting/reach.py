"""How far a ledger may be cut: what a window that still runs counts has to come to the same ever after."""

import json
import sqlite3
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

from tollway.ledger.adding_up import BACK_US
from tollway.ledger.counted import DAY_US, MINUTE_US
from tollway.ledger.keeping import in_force
from tollway.ledger.presence import living

YOUNGEST_US = DAY_US
"""What ended within a day may still be told better by who has it in hand."""
SESSION = "session"
"""The one attribute that limits go by and that merged rows lack."""

_RUNNING = """SELECT limit_name, limit_key, per, start_us, rolling_us FROM buckets
    WHERE slot_us IS NULL AND (end_us IS NULL OR end_us > ?) ORDER BY start_us, limit_name"""


class Reach(NamedTuple):
    """Which calls may be merged."""

    until_us: int
    """Those that started before, ..."""
    settled_us: int
    """... and ended before."""
    splits: tuple[int, ...]
    """Where windows of a calendar began that still run, rising: no row has calls of both sides."""
    because: tuple[str, ...]
    """The limits that keep it shorter than was asked for."""
    now_us: int = 0
    """When it was looked at."""


class _Running(NamedTuple):
    limit: str
    key: str
    per: str
    start_us: int
    rolling_us: int | None


def reach(
    db: sqlite3.Connection,
    path: Path,
    before_us: int,
    now_us: int,
    by_session: Collection[str] = (),
) -> Reach:
    """What may be cut of that which started before a moment.

    Windows of the calendar go by starts, rolling ones by ends, to the minute: what is in one of these stays
    as it is. So do sessions, where a limit that runs tells them apart, or is among those that match by them
    (`by_session`, their names).
    """
    running = list(_running(db, path, now_us))
    rolling = {
        one.limit: now_us - one.rolling_us - BACK_US - MINUTE_US
        for one in running
        if one.rolling_us is not None
    }
    sessions = {
        one.limit: one.start_us
        for one in reversed(running)
        if not one.rolling_us and (one.limit in by_session or SESSION in json.loads(one.per))
    }
    settled_us = min((now_us - YOUNGEST_US, *rolling.values()))
    until_us = min((before_us, *sessions.values()))
    shorter = [name for name, us in (*rolling.items(), *sessions.items()) if us < before_us]
    return Reach(
        until_us,
        settled_us,
        tuple(sorted({one.start_us for one in running if one.rolling_us is None})),
        tuple(dict.fromkeys(shorter)),
        now_us,
    )


def _running(db: sqlite3.Connection, path: Path, now_us: int) -> Iterator[_Running]:
    """The buckets of limits that are kept, and whose window has not ended."""
    kept = in_force(db, living(path))
    for row in map(_Running._make, db.execute(_RUNNING, (now_us,))):
        if kept is None or row.key in kept:
            yield row
