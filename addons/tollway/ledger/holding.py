"""The verbs of `Budgets` over an SQLite connection, each a step within the writer's transaction.

The open row of a call is its hold. What a verb does to rows it does to buckets in the same transaction: what
a bucket holds is always the sum over open rows, and what is settled the sum over the others, of what they are
charged (`budget.charges`). Every process writes under SQLite's one write lock: so a look at what is left, and
the hold that follows from it, are one step for all of them.
"""

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from tollway.budget.amounts import Amounts, Unit
from tollway.budget.bucket import Balance, Bucket, Enforce, Want, fits, is_reached
from tollway.ledger import awaited, incidents, rebuild
from tollway.ledger.buckets import Buckets
from tollway.ledger.dead import Lost, lose
from tollway.ledger.fault import LedgerError
from tollway.ledger.flying import Flying, Opened
from tollway.ledger.keeping import keep
from tollway.ledger.members import Kept
from tollway.ledger.presence import living
from tollway.ledger.row import BOUND, CHANGE, INSERT_HELD, row_of, written_holds
from tollway.ledger.settling import before, settle
from tollway.ledger.states import State
from tollway.ledger.store import Outdated, Reached, Refused, Reserved, Rules
from tollway.ledger.writer import Fit
from tollway.model import CallRecord

LEASE_US = 300_000_000
"""How long a call is in flight that nobody extends."""
REAP_US = 1_000_000
"""How often, at the most, a refusal looks for the dead first."""
LARGEST_HOLD = 5 * 10**15
"""Of one call: five million USD, as much as a row may be charged."""

_RESERVE = f"""{INSERT_HELD} ON CONFLICT (id) DO UPDATE SET {", ".join(CHANGE)}, policy = excluded.policy,
    holds = excluded.holds, hard = excluded.hard, lease_us = excluded.lease_us,
    admitted_us = excluded.admitted_us
    WHERE calls.holds IS NULL AND calls.state = 'open'"""
_LOWER = f"UPDATE calls SET holds = ?, {', '.join(f'{name} = min({name}, ?)' for name in BOUND)} WHERE id = ?"
_HOLDS = "UPDATE calls SET holds = ? WHERE id = ?"
_EXTEND = """UPDATE calls SET lease_us = ?
    WHERE id IN (SELECT value FROM json_each(?)) AND state = 'open' AND lease_us IS NOT NULL"""


class Holding:
    """What one process holds by; each method runs within a transaction, which it hears the end of."""

    def __init__(
        self, path: Path, process: str, moved: Callable[[Sequence[State]], None] | None = None
    ) -> None:
        """`moved`: as of `States`."""
        self._path = path
        self._process = process
        self._buckets = Buckets(moved)
        self._kept = Kept()
        self._flying = Flying()
        self._reaped_us = -REAP_US

    @property
    def buckets(self) -> Buckets:
        """The ledger's buckets, as far as this process knows them."""
        return self._buckets

    @property
    def keeps(self) -> bool:
        """Whether there are limits to keep."""
        return self._kept.rules is not None

    def ending(self, db: sqlite3.Connection) -> None:
        """The transaction is about to be committed."""
        self._buckets.flush(db)

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
    ) -> Reserved | Reached | Refused | Outdated:
        """As `Budgets.reserve`."""
        if under is not None and under is not self._kept.rules:
            return Outdated()
        amounts = [want.hold for want in wants]
        if min(amounts, default=0) < 0:
            raise LedgerError(f"call {call.id}: a hold is below zero")
        found = self._look(db, wants, now_us)
        against = None if _have_room(found, wants) else _against(found, wants)
        if against and abs(now_us - self._reaped_us) >= REAP_US and self.reap(db, now_us).calls:
            found = self._look(db, wants, now_us)
            against = _against(found, wants)
        if against is not None:
            return against
        holding = wants if max(amounts, default=0) <= LARGEST_HOLD else [_storable(want) for want in wants]
        holds, states = self._hold(db, holding, found, now_us)
        self._write(db, fit, call, holds, wants, now_us)
        return Reserved(balances=_balances(states, wants))

    def enter(
        self, db: sqlite3.Connection, fit: Fit, call: CallRecord, wants: Sequence[Want], now_us: int
    ) -> None:
        """Hold for a call that was admitted elsewhere, whatever is left here."""
        found = self._look(db, wants, now_us)
        holds, _ = self._hold(db, [_storable(want) for want in wants], found, now_us)
        self._write(db, fit, call, holds, wants, now_us)

    @property
    def rules(self) -> Rules | None:
        """The limits that are kept; None: none are."""
        return self._kept.rules

    def look(self, db: sqlite3.Connection, wants: Sequence[Want], now_us: int) -> tuple[Balance, ...]:
        """As `Budgets.look`."""
        return _balances(self._look(db, wants, now_us), wants)

    def settle(self, db: sqlite3.Connection, fit: Fit, call: CallRecord) -> tuple[Balance, ...]:
        """As `Budgets.settle`; also of a row that stays open."""
        return settle(db, self._buckets, self._kept, self._process, fit, call, self._flying)

    def wait_for(
        self, db: sqlite3.Connection, fit: Fit, call: CallRecord, name: str, until_us: int
    ) -> tuple[Balance, ...]:
        """As `Awaiting.wait_for`."""
        balances = self.settle(db, fit, call)
        awaited.wait_for(db, call, name, until_us)
        return self.lower(db, call.id, None, closed=True) if balances else ()

    def lower(
        self, db: sqlite3.Connection, call_id: str, bound: Amounts | None, closed: bool = False
    ) -> tuple[Balance, ...]:
        """As `Budgets.lower`."""
        was = before(db, call_id)
        if was is None:
            return ()
        known = self._buckets.bucket(db, was.holds)
        if not was.is_open:
            return self._buckets.balances(db, known)
        lowered = {id: _lowered(was.holds[id], bucket, bound, closed) for id, bucket in known.items()}
        holds = {**was.holds, **lowered}
        text = written_holds(holds)
        if bound is None:
            db.execute(_HOLDS, (text, call_id))
        else:
            amounts = (bound.nano, bound.input_tokens, bound.output_tokens, bound.requests)
            db.execute(_LOWER, (text, *amounts, call_id))
        self._flying.note(call_id, Opened(was.started_us, was.policy, holds, text, was.admitted_us))
        more = {id: hold - was.holds[id] for id, hold in lowered.items()}
        if was.admitted_us is not None:
            self._buckets.lower(db, more, was.admitted_us)
        return self._buckets.move(db, more)

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

    def _look(self, db: sqlite3.Connection, wants: Sequence[Want], now_us: int) -> list[State | None]:
        return self._buckets.look(db, [want.bucket for want in wants], now_us)

    def _hold(
        self, db: sqlite3.Connection, wants: Sequence[Want], found: Sequence[State | None], now_us: int
    ) -> tuple[dict[int, int], list[State]]:
        """Hold in each bucket, once in one that is wanted twice; those that are not there are made.

        What is held, by the bucket's id, and how each stands by now.
        """
        holds: dict[int, int] = {}
        states: list[State] = []
        for want, there in zip(wants, found, strict=True):
            state = there
            if state is None:  # as it still is, unless the call wants the same bucket twice
                (state,) = self._buckets.find(db, [want.bucket])
            if state is None:
                state = self._buckets.open(db, want.bucket, want.amount, want.enforce, now_us, now_us)
            if state.id not in holds:
                holds[state.id] = want.hold
                self._buckets.hold(state, want, now_us)
            states.append(state)
        return holds, states

    def _write(
        self,
        db: sqlite3.Connection,
        fit: Fit,
        call: CallRecord,
        holds: Mapping[int, int],
        wants: Sequence[Want],
        now_us: int,
    ) -> None:
        """Write the call's row, which says what it holds."""
        hard = Enforce.HARD in [want.enforce for want in wants]
        text = written_holds(holds)
        tokens = any([want.bucket.slot_us and want.bucket.unit is not Unit.REQUESTS for want in wants])
        admitted_us = now_us if tokens else None
        row = fit(row_of(call, self._process))
        wrote = db.execute(_RESERVE, (*row, self._kept.policy, text, hard, now_us + LEASE_US, admitted_us))
        if not wrote.rowcount:
            raise LedgerError(f"call {call.id}: it was held before, or had ended")
        opened = Opened(call.started_us, self._kept.policy, holds, text, admitted_us)
        self._flying.note(call.id, opened)


def _have_room(found: Sequence[State | None], wants: Sequence[Want]) -> bool:
    """Whether all are hard, have no level to come to, and have room: most calls need no closer look."""
    for state, want in zip(found, wants, strict=True):
        taken = 0 if state is None else state.settled + state.held
        if want.enforce is not Enforce.HARD or want.below is not None or want.hold > want.amount - taken:
            return False
    return True


def _against(found: Sequence[State | None], wants: Sequence[Want]) -> Reached | Refused | None:
    """What speaks against admitting a call; a level that is reached goes before a wall."""
    balances = _balances(found, wants)
    pairs = tuple(enumerate(zip(balances, wants, strict=True)))
    if reached := tuple([index for index, (each, want) in pairs if is_reached(each, want.below)]):
        return Reached(balances=balances, by=reached)
    if full := tuple([index for index, (each, want) in pairs if not fits(each, want.hold, want.overlooks)]):
        triples = enumerate(zip(balances, found, wants, strict=True))
        told = [_with_room(*each) if index in full else each[0] for index, each in triples]
        return Refused(balances=tuple(told), by=full)
    return None


def _with_room(balance: Balance, found: State | None, want: Want) -> Balance:
    """Of a rate in a window, with when it will have room for a call."""
    sliding = found.sliding if found is not None else None
    if sliding is None:
        return balance
    return replace(balance, frees_us=sliding.frees_us(want.hold, want.amount), empty_us=sliding.empty_us())


def _lowered(held: int, bucket: Bucket, bound: Amounts | None, closed: bool) -> int:
    """What a call holds from now on."""
    if bucket.at_once:
        return 0 if closed else held
    return held if bound is None else min(held, bound.of(bucket.unit))


def _balances(found: Sequence[State | None], wants: Sequence[Want]) -> tuple[Balance, ...]:
    """The buckets under the limits' terms as they are now; one that is not there yet is empty."""
    return tuple(
        [
            Balance(
                bucket=want.bucket,
                amount=want.amount,
                enforce=want.enforce,
                settled=0 if state is None else state.settled,
                held=0 if state is None else state.held,
            )
            for state, want in zip(found, wants, strict=True)
        ]
    )


def _storable(want: Want) -> Want:
    """With no larger a hold than a row may be charged."""
    return want if want.hold <= LARGEST_HOLD else replace(want, hold=LARGEST_HOLD)
