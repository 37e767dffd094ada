"""The verbs of `Budgets` over an SQLite connection, each a step within the writer's transaction.

The open row of a call is its hold. What a verb does to rows it does to buckets in the same transaction: what
a bucket holds is always the sum over open rows, and what is settled the sum over the others, of what they are
charged (`budget.charges`). Every process writes under SQLite's one write lock: so a look at what is left, and
the hold that follows from it, are one step for all of them.
"""

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import orjson

from tollway.budget.amounts import Amounts
from tollway.budget.bucket import Balance, Bucket, Enforce, Want, fits
from tollway.ledger import incidents, rebuild
from tollway.ledger.buckets import Buckets, Move, balance
from tollway.ledger.dead import Lost, lose
from tollway.ledger.fault import LedgerError
from tollway.ledger.keeping import keep
from tollway.ledger.members import Kept
from tollway.ledger.presence import living
from tollway.ledger.row import BOUND, CHANGE, INSERT_HELD, row_of
from tollway.ledger.settling import before, settle
from tollway.ledger.store import Outdated, Refused, Reserved, Rules
from tollway.ledger.writer import Fit
from tollway.model import CallRecord

LEASE_US = 300_000_000
"""How long a call is in flight that nobody extends."""
REAP_US = 1_000_000
"""How often, at the most, a refusal looks for the dead first."""
LARGEST_HOLD = 5 * 10**15
"""Of one call: five million USD, as much as a row may be charged."""

_RESERVE = f"""{INSERT_HELD} ON CONFLICT (id) DO UPDATE SET {", ".join(CHANGE)}, policy = excluded.policy,
    holds = excluded.holds, hard = excluded.hard, lease_us = excluded.lease_us
    WHERE calls.holds IS NULL AND calls.state = 'open'"""
_LOWER = f"UPDATE calls SET holds = ?, {', '.join(f'{name} = min({name}, ?)' for name in BOUND)} WHERE id = ?"
_EXTEND = """UPDATE calls SET lease_us = ?
    WHERE id IN (SELECT value FROM json_each(?)) AND state = 'open' AND lease_us IS NOT NULL"""


class Holding:
    """What one process holds by; each method runs within a transaction, which it hears the end of."""

    def __init__(self, path: Path, process: str) -> None:
        self._path = path
        self._process = process
        self._buckets = Buckets()
        self._kept = Kept()
        self._reaped_us = -REAP_US

    @property
    def keeps(self) -> bool:
        """Whether there are limits to keep."""
        return self._kept.rules is not None

    def ended(self, committed: bool) -> None:
        """How the transaction ended."""
        self._buckets.ended(committed)
        self._kept.ended(committed)

    def adopt(self, db: sqlite3.Connection, rules: Rules, now_us: int) -> None:
        """As `Budgets.adopt`."""
        rebuild.adopt(db, self._buckets, self._kept, self._process, rules, now_us)
        assert self._kept.policy is not None
        keep(db, self._process, self._kept.policy, living(self._path))

    def reserve(
        self,
        db: sqlite3.Connection,
        fit: Fit,
        call: CallRecord,
        wants: Sequence[Want],
        now_us: int,
        under: Rules | None = None,
    ) -> Reserved | Refused | Outdated:
        """As `Budgets.reserve`."""
        if under is not None and under is not self._kept.rules:
            return Outdated()
        if any(want.hold < 0 for want in wants):
            raise LedgerError(f"call {call.id}: a hold is below zero")
        ids = self._buckets.find(db, [want.bucket for want in wants])
        balances = self._balances(db, ids, wants, now_us)
        by = _without_room(balances, wants)
        if by and abs(now_us - self._reaped_us) >= REAP_US and self.reap(db, now_us).calls:
            balances = self._balances(db, ids, wants, now_us)
            by = _without_room(balances, wants)
        if by:
            return Refused(balances=balances, by=by)
        self._hold(db, fit, call, ids, wants, now_us)
        return Reserved(balances=tuple(map(_with_hold, balances, wants)))

    def settle(self, db: sqlite3.Connection, fit: Fit, call: CallRecord) -> tuple[Balance, ...]:
        """As `Budgets.settle`; also of a row that stays open."""
        return settle(db, self._buckets, self._kept, self._process, fit, call)

    def lower(self, db: sqlite3.Connection, call_id: str, bound: Amounts) -> tuple[Balance, ...]:
        """As `Budgets.lower`."""
        was = before(db, call_id)
        if was is None:
            return ()
        known = self._buckets.bucket(db, map(int, was.holds))
        if not was.is_open:
            return self._buckets.balances(db, known)
        lowered = {id: min(was.holds[str(id)], bound.of(bucket.unit)) for id, bucket in known.items()}
        amounts = (bound.nano, bound.input_tokens, bound.output_tokens, bound.requests)
        holds = {**was.holds, **{str(id): hold for id, hold in lowered.items()}}
        db.execute(_LOWER, (orjson.dumps(holds).decode(), *amounts, call_id))
        moves = [Move(id, hold - was.holds[str(id)], 0, 0, 0, 0) for id, hold in lowered.items()]
        return self._buckets.move(db, moves)

    def extend(self, db: sqlite3.Connection, call_ids: Sequence[str], until_us: int) -> None:
        """As `Budgets.extend`."""
        db.execute(_EXTEND, (until_us, json.dumps(list(call_ids))))

    def reap(self, db: sqlite3.Connection, now_us: int) -> Lost:
        """As `Budgets.reap`."""
        self._reaped_us = now_us
        return lose(db, self._buckets, living(self._path), now_us)

    def first_alert(self, db: sqlite3.Connection, bucket: Bucket, level: int, at_us: int) -> bool:
        """As `Incidents.first_alert`."""
        return incidents.first_alert(db, self._buckets, self._kept, bucket, level, at_us)

    def _balances(
        self, db: sqlite3.Connection, ids: Sequence[int | None], wants: Sequence[Want], now_us: int
    ) -> tuple[Balance, ...]:
        there = [id for id in ids if id is not None]
        found = self._buckets.look(db, there, now_us) if there else {}
        balances = []
        for id, want in zip(ids, wants, strict=True):
            settled, held = (found[id].settled, found[id].held) if id in found else (0, 0)
            balances.append(balance(want.bucket, want.amount, want.enforce, settled, held))
        return tuple(balances)

    def _hold(
        self,
        db: sqlite3.Connection,
        fit: Fit,
        call: CallRecord,
        ids: Sequence[int | None],
        wants: Sequence[Want],
        now_us: int,
    ) -> None:
        holds: dict[int, tuple[int, int, str]] = {}
        for known, want in zip(ids, wants, strict=True):
            id = known
            if id is None:  # as it still is, unless the call wants the same bucket twice
                (id,) = self._buckets.find(db, [want.bucket])
            if id is None:
                id = self._buckets.open(db, want.bucket, want.amount, want.enforce, now_us, now_us)
            holds[id] = min(want.hold, LARGEST_HOLD), want.amount, want.enforce._value_
        self._buckets.hold(db, [(id, *rest) for id, rest in holds.items()])
        hard = any(want.enforce is Enforce.HARD for want in wants)
        members = orjson.dumps({str(id): hold for id, (hold, *_) in holds.items()}).decode()
        row = fit(row_of(call, self._process))
        wrote = db.execute(_RESERVE, (*row, self._kept.policy, members, hard, now_us + LEASE_US))
        if not wrote.rowcount:
            raise LedgerError(f"call {call.id}: it was held before, or had ended")


def _without_room(balances: Sequence[Balance], wants: Sequence[Want]) -> tuple[int, ...]:
    pairs = zip(balances, wants, strict=True)
    return tuple([index for index, (each, want) in enumerate(pairs) if not fits(each, want.hold)])


def _with_hold(found: Balance, want: Want) -> Balance:
    held = found.held + min(want.hold, LARGEST_HOLD)
    return balance(found.bucket, found.amount, found.enforce, found.settled, held)
