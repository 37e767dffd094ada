"""What a call's record does to the buckets that it counts in, within the writer's transaction."""

import sqlite3
from typing import NamedTuple

import orjson

from tollway.budget.amounts import Amounts
from tollway.budget.bucket import Balance
from tollway.budget.charges import charged
from tollway.ledger.buckets import Buckets, Move
from tollway.ledger.counted import COLUMNS as COUNTED
from tollway.ledger.counted import MINUTE_US, charge
from tollway.ledger.members import Kept, open_all
from tollway.ledger.row import BOUND, CHANGE, INSERT_HELD, call_of, row_of
from tollway.ledger.writer import Fit, as_it_is
from tollway.model import CallRecord

# A bound may have been lowered since the record was made.
_KEEP = {f"{name} = excluded.{name}": f"{name} = coalesce(calls.{name}, excluded.{name})" for name in BOUND}
_SETTLE = f"{INSERT_HELD} ON CONFLICT (id) DO UPDATE SET " + ", ".join(
    _KEEP.get(each, each) for each in CHANGE
)
_BEFORE = f"SELECT started_us, ended_us, holds, policy, {COUNTED} FROM calls WHERE id = ?"


class Before(NamedTuple):
    """What a row says before it changes."""

    started_us: int
    ended_us: int | None
    holds: dict[str, int]
    """By the bucket's id, which JSON has as a text."""
    policy: int | None
    is_open: bool
    charge: Amounts


def before(db: sqlite3.Connection, id: str) -> Before | None:
    """What the row of a call says; None: there is none."""
    row = db.execute(_BEFORE, (id,)).fetchone()
    if row is None:
        return None
    started_us, ended_us, holds, policy, *counted = row
    return Before(
        started_us,
        ended_us,
        orjson.loads(holds) if holds else {},
        policy,
        counted[0] == "open",
        charge(counted),
    )


def settle(
    db: sqlite3.Connection, buckets: Buckets, kept: Kept, process: str, fit: Fit, call: CallRecord
) -> tuple[Balance, ...]:
    """As `Budgets.settle`; also of a row that stays open."""
    row = fit(row_of(call, process))
    stored = call if fit is as_it_is else call_of(row)
    was = before(db, call.id)
    holds: dict[str, int] = was.holds if was else {}
    added = _added(db, buckets, kept, was, stored)
    db.execute(_SETTLE, (*row, kept.policy, None, 0, None))
    if added:
        holds = {**added, **holds}
        db.execute("UPDATE calls SET holds = ? WHERE id = ?", (orjson.dumps(holds).decode(), call.id))
    return buckets.move(db, _moves(db, buckets, holds, was, stored)) if holds else ()


def _added(
    db: sqlite3.Connection, buckets: Buckets, kept: Kept, was: Before | None, stored: CallRecord
) -> dict[str, int]:
    """The buckets that the call counts in and its row does not name; it holds nothing there."""
    more = kept.of_new(stored) if was is None else kept.added(db, was.policy, stored)
    if not more:
        return {}
    named = buckets.bucket(db, map(int, was.holds)) if was else {}
    keys = {bucket.key for bucket in named.values()}
    ids = open_all(db, buckets, kept, [each for each in more if each.key not in keys], stored.started_us)
    return dict.fromkeys(map(str, ids), 0)


def _moves(
    db: sqlite3.Connection, buckets: Buckets, holds: dict[str, int], was: Before | None, now: CallRecord
) -> list[Move]:
    """What the row's change makes of the buckets that its call counts in."""
    started_us = was.started_us if was else now.started_us
    minute = _minute(now.ended_us, started_us)
    minus, minus_minute = (was.charge, _minute(was.ended_us, started_us)) if was else (Amounts(), minute)
    plus = charged(now)
    opens = (now.state == "open") - (was is not None and was.is_open)
    return [
        Move(id, holds[str(id)] * opens, minus.of(each.unit), minus_minute, plus.of(each.unit), minute)
        for id, each in buckets.bucket(db, map(int, holds)).items()
    ]


def _minute(ended_us: int | None, started_us: int) -> int:
    return (started_us if ended_us is None else ended_us) // MINUTE_US
