"""Rows added up for limits that are rebuilt.

They are grouped by what these limits tell apart, and by nothing else: of a million rows few groups are left,
and each is looked at once. What falls into the minutes of rolling windows is added up by SQLite alone.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, NamedTuple

import orjson

from tollway.budget.amounts import Amounts, Unit
from tollway.budget.bucket import Bucket
from tollway.ledger.counted import DAY_US, ENDED, LONG, MINUTE_US, SUM_OF, SUMS
from tollway.ledger.store import LATEST_US, Rules
from tollway.model import Billing, CallRecord

BACK_US = DAY_US
"""A rolling window is rebuilt from as much before it: a clock may be set back."""

_COLUMNS = (
    "user", "team", "role", "service", "network", "provider", "model", "operation", "program", "session",
    "billing", "groups", "tags",
)  # fmt: skip
"""All that a limit may go by."""
_CALENDAR = f"""SELECT min(started_us), max(started_us), {SUMS}, {{columns}}
    FROM calls INDEXED BY calls_started
    WHERE started_us >= ? AND started_us < ? AND state <> 'open' GROUP BY {{by}}"""
_PARTS = (
    ("calls_started", f"started_us >= :from_us - {DAY_US} AND {ENDED} >= :from_us"),
    ("calls_long", f"{LONG} AND ended_us >= :from_us AND started_us < :from_us - {DAY_US}"),
)
"""All calls that ended since a moment, each once: an index, and what to look for in it."""
_WHO = """SELECT min(started_us), json_array({by}) AS who, {columns}
    FROM calls INDEXED BY {index} WHERE {within} AND state <> 'open' GROUP BY who"""
_APART = """CREATE TEMP TABLE IF NOT EXISTS apart
    (who TEXT NOT NULL, bucket INTEGER NOT NULL, PRIMARY KEY (who, bucket)) WITHOUT ROWID"""
_MINUTES = f"""INSERT INTO minutes (bucket, minute, settled)
    SELECT bucket, {ENDED} / {MINUTE_US} AS at, {{sum}} AS charged
    FROM calls INDEXED BY {{index}} CROSS JOIN apart ON who = json_array({{by}})
    WHERE {{within}} AND state <> 'open' GROUP BY bucket, at HAVING charged <> 0
    ON CONFLICT (bucket, minute) DO UPDATE SET settled = settled + excluded.settled"""


class Sum(NamedTuple):
    """What a calendar's bucket has settled."""

    bucket: Bucket
    first_us: int
    """When the first call started that counts in it."""
    amount: int


def calendar_sums(
    db: sqlite3.Connection, rules: Rules, keys: Collection[str], since_us: int
) -> Iterator[Sum]:
    """What calls from a moment on come to, in the buckets of these limits, whose windows began then."""
    sql = _grouped(_CALENDAR, rules, keys)
    until_us = LATEST_US
    while since_us < LATEST_US:
        found: dict[str, Sum] = {}
        ends_us = LATEST_US
        for first_us, last_us, *row in db.execute(sql, (since_us, until_us)):
            amounts = Amounts(nano=row[0], input_tokens=row[1], output_tokens=row[2], requests=row[3])
            for bucket in _buckets(rules, keys, row[4:], first_us):
                assert bucket.end_us is not None
                if last_us >= bucket.end_us:
                    ends_us = min(ends_us, bucket.end_us)
                before = found.get(bucket.id, Sum(bucket, first_us, 0))
                amount = before.amount + amounts.of(bucket.unit)
                found[bucket.id] = Sum(bucket, min(before.first_us, first_us), amount)
        if ends_us < until_us:  # some calls started in a later window: a clock was set back
            until_us = ends_us
            continue
        yield from found.values()
        since_us, until_us = until_us, LATEST_US


def add_up_minutes(
    db: sqlite3.Connection,
    rules: Rules,
    keys: Collection[str],
    since_us: int,
    ids_of: Callable[[Sequence[Bucket]], Sequence[int]],
) -> dict[int, int]:
    """Write what calls that ended in a rolling window, or shortly before, come to, minute by minute.

    `ids_of`: the ids of buckets, which are made where there are none. By id: when the first call started.
    """
    span = {"from_us": since_us - BACK_US}
    first: dict[int, int] = {}
    db.execute(_APART)
    for index, within in _PARTS:
        who, minutes = (
            _grouped(sql, rules, keys).replace("{index}", index).replace("{within}", within)
            for sql in (_WHO, _MINUTES)
        )
        apart: dict[Unit, list[tuple[str, int]]] = {}
        for first_us, name, *row in db.execute(who, span).fetchall():
            buckets = _buckets(rules, keys, row, first_us)
            for id, bucket in zip(ids_of(buckets), buckets, strict=True):
                first[id] = min(first_us, first.get(id, first_us))
                apart.setdefault(bucket.unit, []).append((name, id))
        for unit, pairs in apart.items():
            db.execute("DELETE FROM apart")
            db.executemany("INSERT OR IGNORE INTO apart VALUES (?, ?)", pairs)
            db.execute(minutes.replace("{sum}", SUM_OF[unit]), span)
    return first


def _grouped(sql: str, rules: Rules, keys: Collection[str]) -> str:
    """A query that tells apart what these limits do."""
    by = {"billing", *map(_column, rules.attributes(keys))}
    columns = ", ".join(name if name in by else f"NULL AS {name}" for name in _COLUMNS)
    return sql.replace("{columns}", columns).replace("{by}", ", ".join(sorted(by)))


def _column(attribute: str) -> str:
    """Where an attribute stands."""
    if attribute.startswith("tag."):
        return "tags"
    return "groups" if attribute == "group" else attribute


def _buckets(rules: Rules, keys: Collection[str], row: Sequence[Any], at_us: int) -> Sequence[Bucket]:
    """The buckets of these limits that calls with the values of _COLUMNS count in."""
    named = dict(zip(_COLUMNS, row, strict=True))
    tags, groups = named.pop("tags"), named.pop("groups")
    billing = Billing(named.pop("billing"))
    call = CallRecord(
        id="",
        state="done",
        started_us=at_us,
        billing=billing,
        tags=orjson.loads(tags) if tags else {},
        groups=tuple(orjson.loads(groups)) if groups else (),
        **named,
    )
    return [bucket for bucket in rules.all_buckets(call, at_us) if bucket.key in keys]
