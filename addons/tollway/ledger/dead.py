"""Calls in flight whose process died, or whose lease ran out: what becomes of what they held.

Nobody knows how they ended. Under a hard limit such a call is charged its bound: it may have cost as much,
and the limit is to hold. Else it stays at the estimate it was opened with, and what it held is released.
Either way it is `lost`, and a late settlement replaces the charge.

A call whose end comes later (`awaited`) is nobody's in particular: it is lost once the time for it is over.
"""

import json
import sqlite3
from collections.abc import Iterable
from typing import Any, NamedTuple

from tollway.ledger.awaited import UNSETTLED
from tollway.ledger.buckets import Buckets, Charge
from tollway.ledger.counted import MINUTE_US, charge
from tollway.ledger.row import LARGEST_COUNT, LARGEST_PART, read_holds

AT_BOUND = "charged_at_bound"
"""Flag of a cost."""

_FIND = """SELECT id, operation, started_us, ended_us, holds, hard, bound_nano, bound_input_tokens,
        bound_output_tokens, cost_nano, input_tokens, output_tokens, status, flags, awaited_us
    FROM calls INDEXED BY calls_open WHERE state = 'open' AND iif(awaited_us IS NULL,
        process IS NULL OR process NOT IN (SELECT value FROM json_each(:living)) OR lease_us < :now,
        awaited_us < :now)"""
_LOSE = "UPDATE calls SET state = 'lost', ended_us = :ended_us, flags = :flags WHERE id = :id"
_CHARGE = """UPDATE calls SET state = 'lost', ended_us = :ended_us, cost_source = 'estimated', flags = :flags,
        input_nano = 0, cache_read_nano = 0, cache_write_nano = 0, output_nano = 0, other_nano = :nano,
        cost_nano = :nano, input_tokens = :input_tokens, output_tokens = :output_tokens
    WHERE id = :id"""


class Lost(NamedTuple):
    """How many calls were found to be lost."""

    calls: int
    at_bound: int
    """Of these, charged at their bound."""
    unsettled: int = 0
    """Beside these, whose end did not pass in time."""


class _Open(NamedTuple):
    """A row that is open, and nobody's."""

    id: str
    operation: str
    started_us: int
    ended_us: int | None
    holds: str | None
    hard: int
    bound_nano: int | None
    bound_input_tokens: int
    bound_output_tokens: int
    cost_nano: int
    input_tokens: int | None
    output_tokens: int | None
    status: int | None
    flags: str
    awaited_us: int | None

    @property
    def at_bound(self) -> bool:
        return bool(self.hard) and self.bound_nano is not None


def lose(db: sqlite3.Connection, buckets: Buckets, living: Iterable[str], now_us: int) -> Lost:
    """Set the open rows of all but the living processes, and those whose lease or time ran out, to lost."""
    found = db.execute(_FIND, {"living": json.dumps(sorted(living)), "now": now_us}).fetchall()
    rows = [_Open(*row) for row in found]
    for row in rows:
        _lose(db, buckets, row, now_us)
    dead = [row for row in rows if row.awaited_us is None]
    return Lost(len(dead), sum(row.at_bound for row in dead), len(rows) - len(dead))


def _lose(db: sqlite3.Connection, buckets: Buckets, row: _Open, now_us: int) -> None:
    ended_us = max(now_us, row.started_us) if row.ended_us is None else row.ended_us
    counted: tuple[Any, ...] = (row.cost_nano, row.input_tokens, row.output_tokens)
    told = (row.flags, AT_BOUND * row.at_bound, UNSETTLED * (row.awaited_us is not None))
    flags = ",".join(filter(None, told))
    if row.at_bound:
        assert row.bound_nano is not None
        counted = (
            min(row.bound_nano, LARGEST_PART),
            min(row.bound_input_tokens, LARGEST_COUNT),
            min(row.bound_output_tokens, LARGEST_COUNT),
        )
        nano, input_tokens, output_tokens = counted
        db.execute(
            _CHARGE,
            {
                "id": row.id,
                "ended_us": ended_us,
                "flags": flags,
                "nano": nano,
                "input_tokens": input_tokens,
                "output_tokens": output_tokens,
            },
        )
    else:
        db.execute(_LOSE, {"id": row.id, "ended_us": ended_us, "flags": flags})
    charged = charge(("lost", row.operation, *counted, row.status, 1))
    held = {id: -hold for id, hold in read_holds(row.holds).items()}
    buckets.move(db, held, plus=Charge(charged, ended_us // MINUTE_US))
