"""Whether buckets have what their rows come to: windows that run are added up, and nothing is written."""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tollway.budget.bucket import Bucket
from tollway.ledger.adding_up import BACK_US, add_up_minutes, calendar_sums
from tollway.ledger.complete import incomplete
from tollway.ledger.counted import MINUTE_US
from tollway.ledger.store import Rules

_SHADOW = """CREATE TEMP TABLE IF NOT EXISTS minutes (bucket INTEGER NOT NULL, minute INTEGER NOT NULL,
    settled INTEGER NOT NULL, PRIMARY KEY (bucket, minute)) WITHOUT ROWID"""
"""Takes the place of the ledger's table of that name for what adds minutes up."""
_CALENDAR = """SELECT name, settled FROM buckets JOIN balances ON balances.bucket = buckets.id
    WHERE limit_key = ? AND rolling_us IS NULL AND start_us >= ?"""
_ROLLING = """SELECT id, name, horizon FROM buckets JOIN balances ON balances.bucket = buckets.id
    WHERE limit_key = ? AND rolling_us IS NOT NULL AND slot_us IS NULL"""
_SUM = "SELECT coalesce(sum(settled), 0) FROM {}.minutes WHERE bucket = ? AND minute >= ?"
_ID = "SELECT id FROM buckets WHERE name = ?"


class Recounted(NamedTuple):
    """What came of it."""

    wrong: tuple[str, ...]
    """The names of buckets, each with what it has and what its rows come to."""
    looked_at: int
    """How many limits were."""
    waiting: tuple[str, ...]
    """The keys of those that a proxy counts anew as it starts: they lack rows, and it is known."""


def recounted(db: sqlite3.Connection, rules: Rules, now_us: int) -> Recounted:
    """Compare the buckets of these limits with the rows. Within a transaction that only reads."""
    since_us = {key: rules.since_us(key, now_us) for key in set(rules.keys())}
    rolling = {key for key in since_us if rules.terms(key, now_us).rolling_us is not None}
    lacking = incomplete(db, {key: at - BACK_US * (key in rolling) for key, at in since_us.items()}, rolling)
    kept = {key: at for key, at in since_us.items() if key not in lacking}
    wrong = [
        *_calendar(db, rules, {key: at for key, at in kept.items() if key not in rolling}),
        *_rolling(db, rules, {key: at for key, at in kept.items() if key in rolling}),
    ]
    return Recounted(tuple(wrong), len(kept), tuple(sorted(lacking)))


def _calendar(db: sqlite3.Connection, rules: Rules, since_us: dict[str, int]) -> Iterator[str]:
    for at in sorted(set(since_us.values())):
        keys = {key for key, since in since_us.items() if since == at}
        sums = {one.bucket.id: one.amount for one in calendar_sums(db, rules, keys, at)}
        has = {name: settled for key in sorted(keys) for name, settled in db.execute(_CALENDAR, (key, at))}
        for name in sorted({*sums, *has}):
            if has.get(name, 0) != sums.get(name, 0):
                yield _said(name, has.get(name, 0), sums.get(name, 0))


def _rolling(db: sqlite3.Connection, rules: Rules, since_us: dict[str, int]) -> Iterator[str]:
    if not since_us:
        return
    db.execute(_SHADOW)
    db.execute("DELETE FROM temp.minutes")
    for at in sorted(set(since_us.values())):
        keys = {key for key, since in since_us.items() if since == at}
        add_up_minutes(db, rules, keys, at, lambda wanted: _ids(db, wanted))
        for key in sorted(keys):
            for id, name, horizon in db.execute(_ROLLING, (key,)).fetchall():
                first = max(horizon, at // MINUTE_US)
                has, should = (
                    db.execute(_SUM.format(where), (id, first)).fetchone()[0] for where in ("main", "temp")
                )
                if has != should:
                    yield _said(name, has, should)


def _ids(db: sqlite3.Connection, wanted: Sequence[Bucket]) -> list[int]:
    """A number for each; below zero for one that is not there: what counts in it has left the window."""
    found = [db.execute(_ID, (bucket.id,)).fetchone() for bucket in wanted]
    return [row[0] if row else -1 for row in found]


def _said(name: str, has: int, should: int) -> str:
    return f"{name}: {has}, and its rows come to {should}"
