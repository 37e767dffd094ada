"""The buckets of a ledger in SQLite: found, looked at, and moved, always within somebody's transaction."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from tollway.budget.amounts import Unit
from tollway.budget.bucket import Balance, Bucket, Enforce
from tollway.ledger.counted import horizon

_ENFORCE = {each.value: each for each in Enforce}
"""Faster than the enum's own look-up."""

MOST_KNOWN = 200_000
"""Buckets that a process remembers the ids of; with more, it starts anew."""

_BUCKET = "limit_name, limit_key, per, unit, start_us, end_us, rolling_us"
_STANDING = "settled, held, horizon"
_FIND = "SELECT name, id FROM buckets WHERE name IN (SELECT value FROM json_each(?))"
_LOAD = f"SELECT {_BUCKET}, id, name FROM buckets WHERE id IN (SELECT value FROM json_each(?))"
_LOOK = f"""SELECT id, amount, enforce, {_STANDING} FROM buckets
    WHERE id IN (SELECT value FROM json_each(?))"""
_OPEN = f"""INSERT INTO buckets (name, {_BUCKET}, amount, enforce, since_us, horizon)
    VALUES ({", ".join("?" * 12)}) RETURNING id"""
_HOLD = """UPDATE buckets
    SET held = held + (hold.value ->> 1), amount = hold.value ->> 2, enforce = hold.value ->> 3
    FROM json_each(?) AS hold WHERE buckets.id = hold.value ->> 0"""
_MOVE = """UPDATE buckets SET held = held + (move.value ->> 1), settled = settled
        - iif((move.value ->> 3) >= horizon, move.value ->> 2, 0)
        + iif((move.value ->> 5) >= horizon, move.value ->> 4, 0)
    FROM json_each(?) AS move WHERE buckets.id = move.value ->> 0
    RETURNING id, amount, enforce, settled, held"""
_PUT = """INSERT INTO minutes (bucket, minute, settled) VALUES (?, ?, ?)
    ON CONFLICT (bucket, minute) DO UPDATE SET settled = settled + excluded.settled"""
_BETWEEN = (
    "(SELECT coalesce(sum(settled), 0) FROM minutes WHERE bucket = id AND minute >= {} AND minute < {})"
)
_ROLL = f"""UPDATE buckets SET horizon = :to,
    settled = settled - {_BETWEEN.format("horizon", ":to")} + {_BETWEEN.format(":to", "horizon")}
    WHERE id = :id RETURNING settled"""


class State(NamedTuple):
    """What a bucket's row says."""

    amount: int
    enforce: str
    settled: int
    held: int
    horizon: int


class Move(NamedTuple):
    """What a call's change makes of one of its buckets. Minutes are those since the epoch."""

    bucket: int
    held: int
    """Added to what is held."""
    minus: int
    """No longer charged, in the minute in which the call was said to have ended."""
    minus_minute: int
    plus: int
    """Charged instead."""
    plus_minute: int


class Buckets:
    """Knows the ids of buckets. It must hear how each transaction ended: one undone makes no bucket."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}
        self._buckets: dict[int, Bucket] = {}
        self._fresh: dict[str, int] = {}
        """Made, or found, in the transaction that is under way."""

    def ended(self, committed: bool) -> None:
        """How the transaction ended."""
        if not committed:
            for name, id in self._fresh.items():
                del self._ids[name], self._buckets[id]
        elif len(self._ids) > MOST_KNOWN:
            self._ids.clear()
            self._buckets.clear()
        self._fresh.clear()

    def find(self, db: sqlite3.Connection, buckets: Sequence[Bucket]) -> list[int | None]:
        """The id of each; None: there is no such bucket yet."""
        names = [bucket.id for bucket in buckets]
        unknown = [name for name in names if name not in self._ids]
        if unknown:
            found = dict(db.execute(_FIND, (_json(unknown),)))
            for name, bucket in zip(names, buckets, strict=True):
                if name in found:
                    self._know(found[name], name, bucket)
        return [self._ids.get(name) for name in names]

    def open(
        self,
        db: sqlite3.Connection,
        bucket: Bucket,
        amount: int,
        enforce: Enforce,
        since_us: int,
        now_us: int,
    ) -> int:
        """Make a bucket that is not there yet. Its id."""
        name = bucket.id
        first = 0 if bucket.rolling_us is None else horizon(bucket.rolling_us, now_us)
        values = (name, *_values(bucket), amount, enforce.value, since_us, first)
        ((id,),) = db.execute(_OPEN, values).fetchall()
        self._know(id, name, bucket)
        return int(id)

    def bucket(self, db: sqlite3.Connection, ids: Iterable[int]) -> dict[int, Bucket]:
        """The buckets of these ids; one that was pruned is missing."""
        known = self._buckets
        wanted = list(ids)
        if unknown := [id for id in wanted if id not in known]:
            for *values, id, name in db.execute(_LOAD, (_json(unknown),)):
                self._know(id, name, bucket_of(values))
            wanted = [id for id in wanted if id in known]
        return {id: known[id] for id in wanted}

    def look(self, db: sqlite3.Connection, ids: Iterable[int], now_us: int | None = None) -> dict[int, State]:
        """How they stand: rolling ones as of now, or else as of when somebody last said what now is."""
        found = {row[0]: State(*row[1:]) for row in db.execute(_LOOK, (_json(list(ids)),))}
        if now_us is None:
            return found
        for id, bucket in self.bucket(db, found).items():
            state = found[id]
            if bucket.rolling_us is not None and (to := horizon(bucket.rolling_us, now_us)) != state.horizon:
                ((settled,),) = db.execute(_ROLL, {"id": id, "to": to}).fetchall()
                found[id] = state._replace(settled=settled, horizon=to)
        return found

    def balances(self, db: sqlite3.Connection, ids: Iterable[int]) -> tuple[Balance, ...]:
        """The balances of buckets, in their order; one that was pruned is missing."""
        buckets = self.bucket(db, ids)
        found = self.look(db, buckets)
        return tuple([balance(buckets[id], *found[id][:4]) for id in buckets if id in found])

    def hold(self, db: sqlite3.Connection, holds: Sequence[tuple[int, int, int, str]]) -> None:
        """Hold more: the bucket's id, how much, and the limit's amount and enforcement as they are now."""
        db.execute(_HOLD, (_json(holds),))

    def move(self, db: sqlite3.Connection, moves: Sequence[Move]) -> tuple[Balance, ...]:
        """Apply moves, at most one for a bucket. The balances, in the order of the moves."""
        if not moves:
            return ()
        # All rows are to be fetched: the statement has done its work, and lets go of its lock, only then.
        found = {row[0]: row[1:] for row in db.execute(_MOVE, (_json(list(map(tuple, moves))),)).fetchall()}
        buckets = self.bucket(db, found)
        rolling = [each for each in moves if each.bucket in buckets and buckets[each.bucket].rolling_us]
        minutes = [
            (each.bucket, minute, amount)
            for each in rolling
            for minute, amount in ((each.minus_minute, -each.minus), (each.plus_minute, each.plus))
            if amount
        ]
        if minutes:
            db.executemany(_PUT, minutes)
        return tuple(
            balance(buckets[each.bucket], *found[each.bucket]) for each in moves if each.bucket in found
        )

    def _know(self, id: int, name: str, bucket: Bucket) -> None:
        if name not in self._ids:
            self._fresh[name] = id
            self._ids[name] = id
            self._buckets[id] = bucket


def balance(bucket: Bucket, amount: int, enforce: str, settled: int, held: int) -> Balance:
    """A bucket's state."""
    return Balance(bucket=bucket, amount=amount, enforce=_ENFORCE[enforce], settled=settled, held=held)


def bucket_of(row: Sequence[Any]) -> Bucket:
    """The bucket of a row of `_BUCKET`."""
    limit, key, per, unit, start_us, end_us, rolling_us = row
    return Bucket(
        limit=limit,
        key=key,
        values=json.loads(per),
        unit=Unit(unit),
        start_us=start_us,
        end_us=end_us,
        rolling_us=rolling_us,
    )


def _values(bucket: Bucket) -> tuple[Any, ...]:
    return (
        bucket.limit,
        bucket.key,
        _json(dict(bucket.values)),
        bucket.unit.value,
        bucket.start_us,
        bucket.end_us,
        bucket.rolling_us,
    )


def _json(value: Sequence[Any] | Mapping[str, Any]) -> str:
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()
