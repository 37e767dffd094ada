"""A statement as JSON: names that stay, money as decimal strings in USD."""

from collections.abc import Sequence
from typing import Any

from tollway.budget.amounts import Unit
from tollway.money import usd
from tollway.reporting.bill import amounts
from tollway.reporting.budgets import iso
from tollway.reporting.percent import percent
from tollway.reporting.refused import as_json as refused_as_json
from tollway.statement.headline import NOTES
from tollway.statement.reached import Reached
from tollway.statement.section import summed
from tollway.statement.statement import PARTS, SESSION, Line, Statement

MOST_SESSIONS = 100
"""The dearest; what the others come to is one figure."""


def as_json(of: Statement) -> dict[str, Any]:
    """`{month, timezone, whose, since, until, whole, before: {since, until}, made_at, total,
    total_before_usd, difference_usd, percent, by_team, by_model, by_program, by_user, by_day, sessions,
    other_sessions, cache, refused, limits, notes}`.

    Rows are as those of `tollway report`, with `before_usd`, `difference_usd` and `percent` (null where
    nothing was before) beside; each list adds up to the total, sessions with `other_sessions`. `refused` is
    as of `tollway report --refused`: estimates, and in no total.
    """
    zone, now, before = of.zone, of.pair.now, of.pair.before
    sessions = of.sessions
    return {
        "month": str(of.month),
        "timezone": zone.key,
        "whose": dict(of.whose.where),
        "since": iso(now.since_us, zone),
        "until": iso(now.until_us, zone),
        "whole": of.pair.whole,
        "before": {"since": iso(before.since_us, zone), "until": iso(before.until_us, zone)},
        "made_at": iso(of.at_us, zone),
        "total": amounts(of.total),
        **_compared(of.total.cost_nano, of.before.cost_nano, "total_before_usd"),
        **{f"by_{name}": _rows(PARTS[name], lines, True) for name, lines in of.parts.items()},
        "by_day": _rows(("day",), of.days, False),
        "sessions": [
            {
                **row,
                "first": iso(line.sums.first_us, zone),
                "last": iso(line.sums.last_us, zone),
            }
            for row, line in zip(_rows(SESSION, sessions[:MOST_SESSIONS], False), sessions, strict=False)
        ],
        "other_sessions": amounts(summed(sessions[MOST_SESSIONS:]).sums),
        "cache": _rows(("cache",), of.cache, False),
        "refused": {
            name: value for name, value in refused_as_json(of.refused).items() if name in ("refused", "total")
        },
        "limits": [_limit(each) for each in of.limits],
        "notes": list(NOTES),
    }


def _rows(names: Sequence[str], lines: Sequence[Line], compares: bool) -> list[dict[str, Any]]:
    return [
        {
            **dict(zip(names, line.names, strict=True)),
            **amounts(line.sums),
            **(_compared(line.sums.cost_nano, line.before_nano, "before_usd") if compares else {}),
        }
        for line in lines
    ]


def _compared(now: int, before: int, name: str) -> dict[str, str | None]:
    share = percent(now, before)
    return {
        name: usd(before),
        "difference_usd": usd(now - before),
        "percent": None if share is None else str(share),
    }


def _limit(one: Reached) -> dict[str, Any]:
    def said(amount: int) -> str | int:
        return usd(amount) if one.unit is Unit.USD else amount

    return {
        "limit": one.limit,
        "bucket": dict(one.values),
        "enforce": one.enforce,
        "unit": one.unit.value,
        "windows": one.windows,
        "full": one.full,
        "used": said(one.used),
        "amount": said(one.amount),
        "percent": None if one.percent is None else str(one.percent),
    }
