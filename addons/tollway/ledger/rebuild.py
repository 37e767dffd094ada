"""Holding a set of limits from now on; buckets that lack rows are rebuilt from all of them first.

The rows are added up (`adding_up`), and what calls in flight hold is added to that. It is one transaction:
no process writes meanwhile.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import orjson

from tollway.budget.amounts import Amounts
from tollway.budget.bucket import Bucket, Enforce
from tollway.ledger.adding_up import BACK_US, add_up_minutes, calendar_sums
from tollway.ledger.buckets import Buckets
from tollway.ledger.complete import completed, incomplete
from tollway.ledger.counted import ENDED, horizon
from tollway.ledger.members import Kept, open_all
from tollway.ledger.row import COLUMNS, call_of
from tollway.ledger.store import Rules, Terms

_OPEN = f"""SELECT id, holds, {", ".join(COLUMNS)} FROM calls INDEXED BY calls_open WHERE state = 'open'"""
_LOST = f"""SELECT id, holds, {", ".join(COLUMNS)} FROM calls INDEXED BY calls_lost
    WHERE state = 'lost' AND max(started_us, {ENDED}) >= ?"""
_EMPTY = """UPDATE balances SET settled = 0, held = 0, horizon = ? WHERE bucket IN
        (SELECT id FROM buckets WHERE limit_key = ? AND (rolling_us IS NOT NULL OR start_us >= ?))
    RETURNING bucket"""
_SINCE = "UPDATE buckets SET since_us = min(since_us, ?) WHERE id = ?"
_SETTLED = "UPDATE balances SET settled = ? WHERE bucket = ?"
_ADDED_UP = """UPDATE balances SET settled = (SELECT coalesce(sum(settled), 0) FROM minutes
    WHERE minutes.bucket = balances.bucket AND minute >= horizon) WHERE bucket = ?"""
_TERMS = """UPDATE balances SET amount = ?, enforce = ? WHERE bucket IN
    (SELECT id FROM buckets WHERE limit_key = ? AND (end_us IS NULL OR end_us > ?))"""


class _Stale(NamedTuple):
    """The limits that are to be rebuilt."""

    rules: Rules
    terms: dict[str, Terms]
    since_us: dict[str, int]
    """By the limits' keys."""
    now_us: int

    def by_start(self, rolling: bool) -> list[tuple[int, set[str]]]:
        """The limits of calendars, or of rolling windows, by where their window began."""
        found: dict[int, set[str]] = {}
        for key, since_us in self.since_us.items():
            if (self.terms[key].rolling_us is not None) is rolling:
                found.setdefault(since_us, set()).add(key)
        return list(found.items())

    def counts(self, bucket: Bucket) -> bool:
        since_us = self.since_us.get(bucket.key)
        return since_us is not None and (bucket.rolling_us is not None or bucket.start_us >= since_us)


def adopt(
    db: sqlite3.Connection, buckets: Buckets, kept: Kept, process: str, rules: Rules, now_us: int
) -> None:
    """As `Budgets.adopt`."""
    buckets.hand_over(db)
    keys = sorted(set(rules.keys()))
    terms = {key: rules.terms(key, now_us) for key in keys}
    since_us = {key: rules.since_us(key, now_us) for key in keys}
    text = json.dumps(keys)
    db.execute("INSERT OR IGNORE INTO policies (keys) VALUES (?)", (text,))
    ((policy,),) = db.execute("SELECT id FROM policies WHERE keys = ?", (text,)).fetchall()
    rolling = {key for key, each in terms.items() if each.rolling_us is not None}
    old = incomplete(db, {key: at - BACK_US * (key in rolling) for key, at in since_us.items()}, rolling)
    # What was kept until now, and lacks nothing, has its past windows as well.
    lasting = {key: at for key, at in kept.since_us.items() if key not in old}
    kept.keep(policy, rules, {key: min(at, lasting.get(key, at)) for key, at in since_us.items()})
    if old:
        _rebuild(db, buckets, kept, _Stale(rules, terms, {key: since_us[key] for key in old}, now_us))
    completed(db, process, keys)
    values = [(each.amount, each.enforce.value, key, now_us) for key, each in terms.items()]
    db.executemany(_TERMS, values)
    buckets.hand_over(db)  # what was read meanwhile is out of date by now


def _rebuild(db: sqlite3.Connection, buckets: Buckets, kept: Kept, stale: _Stale) -> None:
    emptied = set(_empty(db, stale))
    for since_us, keys in stale.by_start(rolling=False):
        _settle(db, buckets, kept, stale, keys, since_us)
    for since_us, keys in stale.by_start(rolling=True):
        _settle_minutes(db, buckets, kept, stale, keys, since_us)
    _add_open(db, buckets, kept, stale, emptied)
    _name_lost(db, buckets, kept, stale)


def _empty(db: sqlite3.Connection, stale: _Stale) -> Iterator[int]:
    """Set buckets to zero that are there already. Their ids."""
    for key, since_us in stale.since_us.items():
        rolling_us = stale.terms[key].rolling_us
        first = 0 if rolling_us is None else horizon(rolling_us, stale.now_us)
        ids = db.execute(_EMPTY, (first, key, since_us)).fetchall()
        db.executemany("DELETE FROM minutes WHERE bucket = ?", ids)
        yield from (id for (id,) in ids)


def _settle(
    db: sqlite3.Connection, buckets: Buckets, kept: Kept, stale: _Stale, keys: set[str], since_us: int
) -> None:
    """Write what calendar windows that began at a moment have settled, and later ones."""
    sums = list(calendar_sums(db, stale.rules, keys, since_us))
    ids = open_all(db, buckets, kept, [each.bucket for each in sums], stale.now_us)
    db.executemany(_SINCE, [(each.first_us, id) for id, each in zip(ids, sums, strict=True)])
    db.executemany(_SETTLED, [(each.amount, id) for id, each in zip(ids, sums, strict=True)])


def _settle_minutes(
    db: sqlite3.Connection, buckets: Buckets, kept: Kept, stale: _Stale, keys: set[str], since_us: int
) -> None:
    """Write what rolling windows of one length have settled."""

    def ids_of(wanted: Sequence[Bucket]) -> Sequence[int]:
        return open_all(db, buckets, kept, wanted, stale.now_us)

    first = add_up_minutes(db, stale.rules, keys, since_us, ids_of)
    db.executemany(_SINCE, [(first_us, id) for id, first_us in first.items()])
    db.executemany(_ADDED_UP, [(id,) for id in first])


def _add_open(db: sqlite3.Connection, buckets: Buckets, kept: Kept, stale: _Stale, emptied: set[int]) -> None:
    """Have calls in flight hold in rebuilt buckets what they held there, or else their bound."""
    for id, text, *row in db.execute(_OPEN).fetchall():
        call = call_of(row)
        holds: dict[str, int] = orjson.loads(text or "{}")
        named = buckets.bucket(db, map(int, holds))
        keys = {bucket.key for bucket in named.values()}
        more = [
            bucket
            for bucket in stale.rules.all_buckets(call, call.started_us)
            if stale.counts(bucket) and bucket.key not in keys
        ]
        ids = open_all(db, buckets, kept, more, stale.now_us)
        bound = call.bound or Amounts()
        added = {id: bound.of(bucket.unit) for id, bucket in zip(ids, more, strict=True)}
        again = {each: holds[str(each)] for each in named if each in emptied}
        _hold(db, {**again, **added})
        if added:
            hard = call.bound is not None and any(
                stale.terms[bucket.key].enforce is Enforce.HARD for bucket in more
            )
            text = orjson.dumps({**holds, **{str(each): held for each, held in added.items()}}).decode()
            db.execute("UPDATE calls SET holds = ?, hard = max(hard, ?) WHERE id = ?", (text, hard, id))


def _name_lost(db: sqlite3.Connection, buckets: Buckets, kept: Kept, stale: _Stale) -> None:
    """Have lost rows name the rebuilt buckets that they count in: they may be released, or settled late."""
    since_us = min(stale.since_us.values()) - BACK_US
    for id, text, *row in db.execute(_LOST, (since_us,)).fetchall():
        call, holds = call_of(row), orjson.loads(text or "{}")
        more = [each for each in stale.rules.all_buckets(call, call.started_us) if stale.counts(each)]
        ids = map(str, open_all(db, buckets, kept, more, stale.now_us))
        if added := {each: 0 for each in ids if each not in holds}:
            text = orjson.dumps({**holds, **added}).decode()
            db.execute("UPDATE calls SET holds = ? WHERE id = ?", (text, id))


def _hold(db: sqlite3.Connection, holds: dict[int, int]) -> None:
    values = [(hold, id) for id, hold in holds.items() if hold]
    db.executemany("UPDATE balances SET held = held + ? WHERE bucket = ?", values)
