"""The buckets of a ledger in SQLite: found, looked at, and moved, always within somebody's transaction."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from tollway.budget.amounts import Amounts, Unit
from tollway.budget.bucket import Balance, Bucket, Enforce, Want
from tollway.ledger.counted import horizon
from tollway.ledger.states import NEVER, State, States

_ENFORCE = {each.value: each for each in Enforce}
"""Faster than the enum's own look-up."""

NONE = 0
"""The id of no bucket."""
MOST_KNOWN = 200_000
"""Buckets that a process remembers the ids of; with more, it starts anew."""

_BUCKET = "limit_name, limit_key, per, unit, start_us, end_us, rolling_us, slot_us"
_FIND = "SELECT name, id FROM buckets WHERE name IN (SELECT value FROM json_each(?))"
_LOAD = f"SELECT {_BUCKET}, id, name FROM buckets WHERE id IN (SELECT value FROM json_each(?))"
_OPEN = f"INSERT INTO buckets (name, {_BUCKET}, since_us) VALUES ({', '.join('?' * 10)}) RETURNING id"
_EMPTY = "INSERT INTO balances (bucket, amount, enforce, horizon) VALUES (?, ?, ?, ?)"


class Charge(NamedTuple):
    """What a row is charged, and in which minute since the epoch its call ended."""

    amounts: Amounts
    minute: int


class Used(NamedTuple):
    """What a call turned out to use, and when it ended."""

    amounts: Amounts
    at_us: int


class Course(NamedTuple):
    """What becomes of the tokens that a call reserved in rates' windows."""

    reserved: Mapping[int, int]
    """By the bucket's id."""
    admitted_us: int
    was: Used | None
    """None: what it reserved stands for what it used; ..."""
    now: Used | None
    """... and from now on."""


class Buckets:
    """Knows the ids of buckets. It must hear how each transaction ended: one undone makes no bucket."""

    def __init__(self, moved: Callable[[Sequence[State]], None] | None = None) -> None:
        """`moved`: as of `States`."""
        self._ids: dict[str, int] = {}
        self._buckets: dict[int, Bucket] = {}
        self._fresh: dict[str, int] = {}
        """Made, or found, in the transaction that is under way."""
        self._states = States(moved)
        self.corrected: list[tuple[Bucket, int, int]] = []
        """Of rates in windows, in the transaction that is under way: how much more they count, as of when."""

    def ended(self, committed: bool) -> None:
        """How the transaction ended."""
        if not committed:
            for name, id in self._fresh.items():
                self._ids.pop(name, None)
                self._buckets.pop(id, None)
        elif len(self._ids) > MOST_KNOWN:
            self._ids.clear()
            self._buckets.clear()
        self._fresh.clear()
        self.corrected.clear()
        self._states.ended(committed)

    def find(self, db: sqlite3.Connection, buckets: Sequence[Bucket]) -> list[State | None]:
        """How each stands; None: there is no such bucket yet."""
        ids = [self._ids.get(bucket.id, NONE) for bucket in buckets]
        found = self._states.of(db, ids)
        if len(found) == len(ids):
            return [*found.values()]
        self._forget({*ids} - found.keys() - {NONE})  # another process has pruned these
        unknown = {bucket.id: bucket for bucket in buckets if bucket.id not in self._ids}
        for name, id in db.execute(_FIND, (_json(list(unknown)),)):
            self._know(id, name, unknown[name])
        ids = [self._ids.get(bucket.id, NONE) for bucket in buckets]
        found = self._states.of(db, ids)
        return [found.get(id) for id in ids]

    def open(
        self,
        db: sqlite3.Connection,
        bucket: Bucket,
        amount: int,
        enforce: Enforce,
        since_us: int,
        now_us: int,
    ) -> State:
        """Make a bucket that is not there yet."""
        name = bucket.id
        rolls = bucket.rolling_us is not None and bucket.slot_us is None
        first = horizon(bucket.rolling_us, now_us) if rolls and bucket.rolling_us is not None else 0
        ((id,),) = db.execute(_OPEN, (name, *_values(bucket), since_us)).fetchall()
        db.execute(_EMPTY, (id, amount, enforce.value, first))
        self._know(id, name, bucket)
        state = State(id, amount, enforce.value, 0, 0, first, since=NEVER)
        self._states.opened(db, state)
        return state

    def bucket(self, db: sqlite3.Connection, ids: Iterable[int]) -> dict[int, Bucket]:
        """The buckets of these ids; one that was pruned is missing."""
        known = self._buckets
        wanted = list(ids)
        if unknown := [id for id in wanted if id not in known]:
            for *values, id, name in db.execute(_LOAD, (_json(unknown),)):
                self._know(id, name, bucket_of(values))
            wanted = [id for id in wanted if id in known]
        return {id: known[id] for id in wanted}

    def look(self, db: sqlite3.Connection, buckets: Sequence[Bucket], now_us: int) -> list[State | None]:
        """How each stands, rolling ones as of now; None: there is no such bucket yet."""
        found = self.find(db, buckets)
        for bucket, state in zip(buckets, found, strict=True):
            if bucket.rolling_us is None or state is None:
                continue
            if bucket.slot_us:
                self._states.slide(state, bucket, now_us)
            else:
                self._states.roll(db, state, horizon(bucket.rolling_us, now_us))
        return found

    def balances(self, db: sqlite3.Connection, ids: Iterable[int]) -> tuple[Balance, ...]:
        """The balances of buckets, as of the last look at them; one that was pruned is missing."""
        return self.move(db, dict.fromkeys(ids, 0))

    def hold(self, state: State, want: Want, now_us: int) -> None:
        """Hold more in a bucket, under the limit's terms as they are now. A rate in a window holds nothing:
        it counts it from now on, and no more once it has left the window, whether the call has ended or
        not."""
        if want.bucket.slot_us:
            self._states.count(state, want.bucket, want.hold, now_us)
        else:
            self._states.hold(state, want.hold)
        enforce = want.enforce._value_
        if state.amount != want.amount or state.enforce != enforce:
            self._states.tell(state, want.amount, enforce)

    def move(
        self,
        db: sqlite3.Connection,
        held: Mapping[int, int],
        minus: Charge | None = None,
        plus: Charge | None = None,
        course: Course | None = None,
    ) -> tuple[Balance, ...]:
        """Hold more, or less, by the buckets' ids, and charge one thing there instead of another.

        `course`: of a call that rates count the tokens of; a request is one, whatever came of it.
        The balances after it, in this order; a bucket that was pruned is passed over. Rates are charged
        nothing. Those in a window hold nothing; of those that count requests there nothing is told, as no end
        of a call makes room in them.
        """
        states = self._states.of(db, held)
        told: list[Balance] = []
        for id, bucket in self.bucket(db, states).items():
            state, slot_us = states[id], bucket.slot_us
            if slot_us:
                if bucket.unit is Unit.REQUESTS:
                    continue
                if course is not None:
                    self._correct(state, bucket, course)
            elif more := held[id]:
                self._states.hold(state, more)
            if slot_us is None:
                self._charge(state, bucket, minus, plus)
            told.append(balance(bucket, state))
        return tuple(told)

    def _charge(self, state: State, bucket: Bucket, minus: Charge | None, plus: Charge | None) -> None:
        """Charge a limit one thing instead of another."""
        rolls = bucket.rolling_us is not None
        if minus is not None:
            self._states.charge(state, -minus.amounts.of(bucket.unit), minus.minute, rolls)
        if plus is not None:
            self._states.charge(state, plus.amounts.of(bucket.unit), plus.minute, rolls)

    def _correct(self, state: State, bucket: Bucket, course: Course) -> None:
        """Have a rate in a window count what a call used in the place of what it reserved. What it used
        beyond that counts from its end on."""
        reserved, was, now = course.reserved[state.id], course.was, course.now
        before = after = reserved
        if was is not None and (before := was.amounts.of(bucket.unit)) > reserved:
            self._amend(state, bucket, reserved - before, was.at_us)
            before = reserved
        if now is not None and (after := now.amounts.of(bucket.unit)) > reserved:
            self._amend(state, bucket, after - reserved, now.at_us)
            after = reserved
        if before != after:
            self._amend(state, bucket, after - before, course.admitted_us)

    def lower(self, db: sqlite3.Connection, more: Mapping[int, int], at_us: int) -> None:
        """Have rates in a window count less of what they counted at a moment: `more`, by ids, below zero."""
        states = self._states.of(db, more)
        for id, bucket in self.bucket(db, states).items():
            if bucket.slot_us and more[id]:
                self._amend(states[id], bucket, more[id], at_us)

    def _amend(self, state: State, bucket: Bucket, more: int, at_us: int) -> None:
        """Have a rate in a window count more, or less, as of a moment."""
        self._states.correct(state, bucket, more, at_us)
        self.corrected.append((bucket, more, at_us))

    def flush(self, db: sqlite3.Connection) -> None:
        """Write what was held and moved: before the transaction ends."""
        self._states.flush(db)

    def hand_over(self, db: sqlite3.Connection) -> None:
        """Write what was held and moved, and know nothing of it: somebody is about to write the table."""
        self._states.flush(db)
        self._states.forget()

    def _forget(self, ids: Iterable[int]) -> None:
        for id in ids:
            del self._ids[self._buckets.pop(id).id]

    def _know(self, id: int, name: str, bucket: Bucket) -> None:
        if name not in self._ids:
            self._fresh[name] = id
            self._ids[name] = id
            self._buckets[id] = bucket


def balance(bucket: Bucket, state: State) -> Balance:
    """A bucket's state, as it is now."""
    return Balance(
        bucket=bucket,
        amount=state.amount,
        enforce=_ENFORCE[state.enforce],
        settled=state.settled,
        held=state.held,
    )


def bucket_of(row: Sequence[Any]) -> Bucket:
    """The bucket of a row of `_BUCKET`."""
    limit, key, per, unit, start_us, end_us, rolling_us, slot_us = row
    return Bucket(
        limit=limit,
        key=key,
        values=json.loads(per),
        unit=Unit(unit),
        start_us=start_us,
        end_us=end_us,
        rolling_us=rolling_us,
        slot_us=slot_us,
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
        bucket.slot_us,
    )


def _json(value: Sequence[Any] | Mapping[str, Any]) -> str:
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()
