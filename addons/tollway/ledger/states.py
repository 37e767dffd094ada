"""How buckets stand within a transaction: read once, changed in memory, written back before it is committed.

All processes write under SQLite's one write lock, so nobody else changes a bucket meanwhile. What was read
stays true from one transaction to the next as long as no other connection commits, which SQLite tells.
"""

import sqlite3
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import orjson

from tollway.budget.bucket import Bucket
from tollway.budget.sliding import Sliding

MOST_REMEMBERED = 150_000
"""Buckets from one transaction to the next; with more, it starts anew."""
NEVER = 2**62
"""A minute that does not come."""

_VERSION = "PRAGMA data_version"
"""Another number once another connection has committed; one's own commits leave it as it is."""
_LOOK = """SELECT bucket, amount, enforce, settled, held, horizon, newest, slots FROM balances
    WHERE bucket IN (SELECT value FROM json_each(?))"""
_BETWEEN = "SELECT coalesce(sum(settled), 0) FROM minutes WHERE bucket = ? AND minute >= ? AND minute < ?"
_SINCE = "SELECT minute FROM minutes WHERE bucket = ? AND minute >= ? ORDER BY minute LIMIT 1"
_PUT = """INSERT INTO minutes (bucket, minute, settled) VALUES (?, ?, ?)
    ON CONFLICT (bucket, minute) DO UPDATE SET settled = settled + excluded.settled"""
_SUMS = "UPDATE balances SET settled = ?, held = ?, horizon = ?, newest = ?, slots = ? WHERE bucket = ?"
_TERMS = "UPDATE balances SET amount = ?, enforce = ? WHERE bucket = ?"


@dataclass(slots=True)
class State:
    """What a bucket's balance says."""

    id: int
    amount: int
    enforce: str
    settled: int
    held: int
    horizon: int
    """The first minute since the epoch that is in a rolling window; 0 for a calendar's."""
    since: int
    """Nothing is charged in the minutes of a rolling window before this one."""
    newest: int | None = None
    """Of a rate in a window: the number of its newest slot, ..."""
    slots: str | None = None
    """... and what counts in its slots, as they are stored."""
    sliding: Sliding | None = None
    """The same, once it was looked at."""


class States:
    """Of the buckets that a process moved last. It must hear how each transaction ended."""

    def __init__(self, moved: Callable[[Sequence[State]], None] | None = None) -> None:
        """`moved` hears which states have changed before a transaction ends, and may be undone yet."""
        self._heard = moved
        self._states: dict[int, State] = {}
        self._version: int | None = None
        self._is_current = False
        self._moved: set[int] = set()
        """Whose sums are still to be written; ..."""
        self._told: set[int] = set()
        """... whose terms are, ..."""
        self._minutes: dict[tuple[int, int], int] = {}
        """... and what was added to minutes of buckets."""

    def of(self, db: sqlite3.Connection, ids: Collection[int]) -> dict[int, State]:
        """How these stand, by their ids; one that was pruned is missing. They are for reading: the methods
        below change them, within the same transaction."""
        if not self._is_current:
            self._look_around(db)
        states = self._states
        if unknown := [id for id in ids if id not in states]:
            for id, *row, horizon, newest, slots in db.execute(_LOOK, (_json(unknown),)):
                amount, enforce, settled, held = row
                states[id] = State(id, amount, enforce, settled, held, horizon, horizon, newest, slots)
            return {id: states[id] for id in ids if id in states}
        return {id: states[id] for id in ids}

    def opened(self, db: sqlite3.Connection, state: State) -> None:
        """Take a bucket whose row was just made."""
        if not self._is_current:
            self._look_around(db)
        self._states[state.id] = state

    def hold(self, state: State, more: int) -> None:
        """Hold more, or less."""
        state.held += more
        self._moved.add(state.id)

    def tell(self, state: State, amount: int, enforce: str) -> None:
        """Have the row say the limit's terms, which are others now."""
        state.amount, state.enforce = amount, enforce
        self._told.add(state.id)

    def charge(self, state: State, amount: int, minute: int, rolls: bool) -> None:
        """Charge more, or less, for a call that ended in a minute. `rolls`: the window does."""
        if minute >= state.horizon:
            state.settled += amount
            self._moved.add(state.id)
        if rolls and amount:
            if state.horizon <= minute < state.since:
                state.since = minute
            at = (state.id, minute)
            self._minutes[at] = self._minutes.get(at, 0) + amount

    def roll(self, db: sqlite3.Connection, state: State, to: int) -> None:
        """Let a rolling window begin with another minute."""
        if to == state.horizon:
            return
        if not state.horizon < to <= state.since:
            self._write_minutes(db)
            first, end = sorted((state.horizon, to))
            between = _first(db.execute(_BETWEEN, (state.id, first, end)), 0)
            state.settled += between if to < state.horizon else -between
            state.since = to if to < state.horizon else _first(db.execute(_SINCE, (state.id, to)), NEVER)
        state.horizon = to
        self._moved.add(state.id)

    def slide(self, state: State, bucket: Bucket, now_us: int) -> None:
        """Look at what a rate counts in its window as of now."""
        sliding = state.sliding or _slid(state, bucket)
        if sliding.look(now_us):
            self._moved.add(state.id)
        state.settled = sliding.total

    def count(self, state: State, bucket: Bucket, amount: int, now_us: int) -> None:
        """Have a rate count so much from now on."""
        sliding = state.sliding or _slid(state, bucket)
        sliding.add(amount, now_us)
        state.settled = sliding.total
        self._moved.add(state.id)

    def correct(self, state: State, bucket: Bucket, more: int, at_us: int) -> None:
        """Have a rate count more, or less, as of a moment."""
        sliding = state.sliding or _slid(state, bucket)
        sliding.change(more, at_us)
        state.settled = sliding.total
        self._moved.add(state.id)

    def flush(self, db: sqlite3.Connection) -> None:
        """Write what has changed: before the transaction ends, or somebody else reads or writes the table."""
        states = self._states
        if self._moved:
            db.executemany(_SUMS, [_written(states[id]) for id in self._moved])
            if self._heard is not None:
                self._heard([states[id] for id in self._moved])
            self._moved.clear()
        if self._told:
            told = [(id, states[id]) for id in self._told]
            db.executemany(_TERMS, [(each.amount, each.enforce, id) for id, each in told])
            self._told.clear()
        self._write_minutes(db)

    def forget(self) -> None:
        """Read them anew when they are asked for again. What was not written is lost."""
        self._states.clear()
        self._moved.clear()
        self._told.clear()
        self._minutes.clear()

    def ended(self, committed: bool) -> None:
        """How the transaction ended."""
        self._is_current = False
        if not committed or len(self._states) > MOST_REMEMBERED:
            self.forget()

    def _look_around(self, db: sqlite3.Connection) -> None:
        """Forget all if another connection has written since."""
        ((version,),) = db.execute(_VERSION).fetchall()
        if version != self._version:
            self.forget()
            self._version = version
        self._is_current = True

    def _write_minutes(self, db: sqlite3.Connection) -> None:
        if self._minutes:
            db.executemany(_PUT, [(*at, amount) for at, amount in self._minutes.items()])
            self._minutes.clear()


def _slid(state: State, bucket: Bucket) -> Sliding:
    """What a rate counts in its window, as it was stored."""
    assert bucket.rolling_us is not None
    assert bucket.slot_us is not None
    slots = orjson.loads(state.slots or "[]")
    state.sliding = Sliding(bucket.rolling_us, bucket.slot_us, state.newest or 0, slots)
    return state.sliding


def _written(state: State) -> tuple[int | str | None, ...]:
    """The values of _SUMS."""
    newest, slots, sliding = state.newest, state.slots, state.sliding
    if sliding is not None:
        newest, slots = sliding.newest, orjson.dumps(sliding.amounts).decode()
    return state.settled, state.held, state.horizon, newest, slots, state.id


def _first(found: sqlite3.Cursor, none: int) -> int:
    """The value of the one row that there may be."""
    rows = found.fetchall()
    return rows[0][0] if rows else none


def _json(ids: Sequence[int]) -> str:
    return orjson.dumps(ids).decode()
