"""Calls that never had an answer, as they were refused or failed before one, added up by their reason."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence

from tollway.actions import block_by
from tollway.ledger.attributes import Where, expression, only
from tollway.ledger.statements import Unanswered

_BY = block_by("")
# Rows that an earlier release wrote say of a limit's refusal which limits the call met, and not whose it was.
_LIMITS = f"""CASE WHEN instr(action, '{_BY}') > 0
    THEN json_array(substr(action, instr(action, '{_BY}') + {len(_BY)})) ELSE limits END"""
_SPAN = """calls INDEXED BY calls_unanswered
    WHERE status IS NULL AND error IS NOT NULL AND started_us >= ? AND started_us < ?"""
_GROUPS = """SELECT {columns}, sum(calls), coalesce(sum(calls * (bound_nano > 0)), 0),
        coalesce(sum(bound_nano), 0)
    FROM {span}{only} GROUP BY {columns}"""
_FIRST = f"SELECT min(started_us) FROM {_SPAN}"


def found(
    db: sqlite3.Connection,
    by: Sequence[str],
    since_us: int,
    until_us: int,
    end_of: Callable[[int], int] | None,
    where: Where,
) -> list[Unanswered]:
    """As `Statements.unanswered`."""
    columns = [*map(expression, by), "error", _LIMITS, "provider", "model"]
    sql = _GROUPS.format(columns=", ".join(columns), span=_SPAN, only=only(where))
    values = [value for _, value in where]
    return [
        _unanswered(period, row, len(by))
        for period, since, until in _periods(db, since_us, until_us, end_of)
        for row in db.execute(sql, (since, until, *values))
    ]


def _periods(
    db: sqlite3.Connection, since_us: int, until_us: int, end_of: Callable[[int], int] | None
) -> Iterator[tuple[int, int, int]]:
    """Those that have any: how it is known, its beginning and its end."""
    while since_us < until_us:
        ((first_us,),) = db.execute(_FIRST, (since_us, until_us)).fetchall()
        if first_us is None:
            return
        end_us = until_us if end_of is None else min(end_of(first_us), until_us)
        yield first_us, first_us, end_us
        since_us = end_us


def _unanswered(period_us: int, row: Sequence[str | int | None], width: int) -> Unanswered:
    error, limits, provider, model, calls, bounded, bound_nano = row[width:]
    return Unanswered(
        period_us=period_us,
        group=tuple(row[:width]),
        error=str(error),
        limits=tuple(json.loads(str(limits or "[]"))),
        provider=str(provider),
        model=None if model is None else str(model),
        calls=int(calls or 0),
        bounded=int(bounded or 0),
        bound_nano=int(bound_nano or 0),
    )
