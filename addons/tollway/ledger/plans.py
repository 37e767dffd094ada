"""What providers last said of plans, over all processes: each a step of the writer's, or a reader's look."""

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from tollway.plans.seen import Seen, Whose
from tollway.sockets.events import Gauge, Gauges

_NOTE = """INSERT INTO plan_gauges
    (provider, account, user, meter, name, at_us, plan, credits,
    used_percent, limit_count, remaining, window_minutes, resets_us)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET at_us = excluded.at_us, plan = excluded.plan, credits = excluded.credits,
    used_percent = excluded.used_percent, limit_count = excluded.limit_count, remaining = excluded.remaining,
    window_minutes = excluded.window_minutes, resets_us = excluded.resets_us
    WHERE excluded.at_us >= at_us"""
_NOTED = """SELECT provider, account, user, meter, name, at_us, plan, credits,
    used_percent, limit_count, remaining, window_minutes, resets_us FROM plan_gauges
    ORDER BY provider, account, user, meter, window_minutes, name"""
CREDITS = ""
"""In the place of a gauge's name: there are only credits."""

whose: Any = itemgetter(0, 1, 2, 3)


def note(db: sqlite3.Connection, seen: Seen) -> None:
    """As `Ledger.note_plan`."""
    told = seen.gauges
    gauges = told.gauges or (Gauge(name=CREDITS),)
    db.executemany(_NOTE, [(*seen.whose, *_values(gauge, told)) for gauge in gauges])


def noted(db: sqlite3.Connection) -> tuple[Seen, ...]:
    """The last of each plan, by provider, account, caller and meter."""
    return tuple([_seen(Whose(*key), list(rows)) for key, rows in groupby(db.execute(_NOTED), whose)])


def _values(gauge: Gauge, told: Gauges) -> tuple[Any, ...]:
    said = (gauge.used_percent, gauge.limit, gauge.remaining, gauge.window_minutes, gauge.resets)
    return (gauge.name, told.at, told.plan, told.credits, *said)


def _seen(whose: Whose, rows: list[tuple[Any, ...]]) -> Seen:
    """A plan has the age of its youngest gauge, whose plan and credits are those that hold."""
    _, _, _, _, _, at, plan, credits, *_ = max(rows, key=itemgetter(5))
    told = Gauges(
        at=at, gauges=tuple(_gauges(rows)), plan=plan, meter=whose.meter or None, credits=credits
    )  # fmt: skip
    return Seen(whose=whose, gauges=told)


def _gauges(rows: list[tuple[Any, ...]]) -> Iterator[Gauge]:
    for _, _, _, _, name, _, _, _, used, limit, remaining, minutes, resets in rows:
        if name != CREDITS:
            yield Gauge(
                name=name,
                used_percent=used,
                limit=limit,
                remaining=remaining,
                window_minutes=minutes,
                resets=resets,
            )
