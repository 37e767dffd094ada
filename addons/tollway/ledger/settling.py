"""What a call's record does to the buckets that it counts in, within the writer's transaction."""

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from tollway.budget.amounts import Amounts
from tollway.budget.bucket import Balance
from tollway.budget.charges import charged
from tollway.ledger.buckets import Buckets, Charge, Course, Used
from tollway.ledger.complete import amended
from tollway.ledger.counted import COLUMNS as COUNTED
from tollway.ledger.counted import MINUTE_US, charge
from tollway.ledger.flying import Flying
from tollway.ledger.members import Kept, open_all
from tollway.ledger.row import (
    BOUND,
    CHANGE,
    CHANGED,
    INSERT_HELD,
    Row,
    call_of,
    changed_of,
    read_holds,
    row_of,
    written_holds,
)
from tollway.ledger.writer import Fit, as_it_is
from tollway.model import CallRecord

# A bound may have been lowered since the record was made.
_KEPT = {f"{name} = excluded.{name}": f"{name} = coalesce(calls.{name}, excluded.{name})" for name in BOUND}
_SETTLE = f"{INSERT_HELD} ON CONFLICT (id) DO UPDATE SET " + ", ".join(
    _KEPT.get(each, each) for each in CHANGE
)
_SET = ", ".join(f"{name} = {f'coalesce({name}, ?)' if name in BOUND else '?'}" for name in CHANGED)
_END = f"UPDATE calls SET {_SET} WHERE id = ? AND state = 'open' AND holds = ?"
_BEFORE = f"SELECT started_us, ended_us, holds, policy, admitted_us, {COUNTED} FROM calls WHERE id = ?"


class Before(NamedTuple):
    """What a row says before it changes."""

    started_us: int
    ended_us: int | None
    holds: Mapping[int, int]
    """By the bucket's id."""
    policy: int | None
    state: str
    charge: Amounts
    admitted_us: int | None = None
    """When a rate that counts tokens admitted it; None: none did."""

    @property
    def is_open(self) -> bool:
        """Whether it is in flight."""
        return self.state == "open"


def before(db: sqlite3.Connection, id: str) -> Before | None:
    """What the row of a call says; None: there is none."""
    row = db.execute(_BEFORE, (id,)).fetchone()
    if row is None:
        return None
    started_us, ended_us, holds, policy, admitted_us, *counted = row
    return Before(
        started_us,
        ended_us,
        read_holds(holds),
        policy,
        counted[0],
        charge(counted),
        admitted_us,
    )


def settle(
    db: sqlite3.Connection,
    buckets: Buckets,
    kept: Kept,
    process: str,
    fit: Fit,
    call: CallRecord,
    flying: Flying | None = None,
) -> tuple[Balance, ...]:
    """As `Budgets.settle`; also of a row that stays open. `flying`: what this process knows of open rows."""
    row = fit(row_of(call, process))
    stored = call if fit is as_it_is else call_of(row)
    was = _ended(db, flying, row) if flying is not None and stored.state != "open" else None
    if was is None:
        was = before(db, call.id)
        db.execute(_SETTLE, (*row, kept.policy, None, 0, None, None))
    holds = was.holds if was else {}
    added = _added(db, buckets, kept, was, stored)
    if added:
        holds = {**added, **holds}
        db.execute("UPDATE calls SET holds = ? WHERE id = ?", (written_holds(holds), call.id))
    if was is not None and not was.is_open and _is_amended(was, stored):
        amended(db, call.id, _known(db, buckets, kept, holds))
    return _moved(db, buckets, holds, was, stored) if holds else ()


def _ended(db: sqlite3.Connection, flying: Flying, row: Row) -> Before | None:
    """End a row that is as this process left it; what it said before. None: nothing was done."""
    opened = flying.take(row[0])
    if opened is None or not db.execute(_END, (*changed_of(row), row[0], opened.text)).rowcount:
        return None
    return Before(opened.started_us, None, opened.holds, opened.policy, "open", Amounts(), opened.admitted_us)


def _added(
    db: sqlite3.Connection, buckets: Buckets, kept: Kept, was: Before | None, stored: CallRecord
) -> dict[int, int]:
    """The buckets that the call counts in and its row does not name; it holds nothing there."""
    more = kept.of_new(stored) if was is None else kept.added(db, was.policy, stored)
    if not more:
        return {}
    named = buckets.bucket(db, was.holds) if was else {}
    keys = {bucket.key for bucket in named.values()}
    ids = open_all(db, buckets, kept, [each for each in more if each.key not in keys], stored.started_us)
    return dict.fromkeys(ids, 0)


def _is_amended(was: Before, now: CallRecord) -> bool:
    """Whether a call that had ended is charged something else by now, or in another minute."""
    minute = _minute(now.ended_us, was.started_us)
    return was.charge != charged(now) or _minute(was.ended_us, was.started_us) != minute


def _known(db: sqlite3.Connection, buckets: Buckets, kept: Kept, holds: Mapping[int, int]) -> frozenset[str]:
    """The limits that see a call change: those whose buckets its row names, and those that are kept now."""
    named = {bucket.key for bucket in buckets.bucket(db, holds).values()}
    return frozenset(named.union(() if kept.rules is None else kept.rules.keys()))


def _moved(
    db: sqlite3.Connection, buckets: Buckets, holds: Mapping[int, int], was: Before | None, now: CallRecord
) -> tuple[Balance, ...]:
    """Have the row's change change the buckets that its call counts in."""
    started_us = was.started_us if was else now.started_us
    minus = None
    if was is not None and not was.is_open:
        minus = Charge(was.charge, _minute(was.ended_us, started_us))
    spent = charged(now)
    plus = Charge(spent, _minute(now.ended_us, started_us)) if now.state != "open" else None
    opens = (now.state == "open") - (was is not None and was.is_open)
    course = None
    if was is not None and was.admitted_us is not None:
        before = Used(was.charge, was.ended_us or started_us) if was.state == "done" else None
        after = Used(spent, now.ended_us or started_us) if now.state == "done" else None
        course = Course(holds, was.admitted_us, before, after)
    held = {id: hold * opens for id, hold in holds.items()}
    return buckets.move(db, held, minus, plus, course)


def _minute(ended_us: int | None, started_us: int) -> int:
    return (started_us if ended_us is None else ended_us) // MINUTE_US
