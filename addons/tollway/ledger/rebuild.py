"""Holding a set of limits from now on; buckets that are not up to date are rebuilt from the rows first.

Each row names the set of limits that its process kept. A limit is up to date if none of the rows that count
in its current window was written under a set without it. Else all rows are added up anew, by their
attributes, so that a million of them take seconds; what calls in flight hold is added to that.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import orjson

from tollway.budget.amounts import Amounts
from tollway.budget.bucket import Bucket, Enforce
from tollway.ledger.buckets import Buckets
from tollway.ledger.counted import ENDED, MINUTE_US, SUMS, horizon
from tollway.ledger.members import Kept, open_all
from tollway.ledger.row import COLUMNS, call_of
from tollway.ledger.store import LATEST_US, Rules, Terms
from tollway.model import Billing, CallRecord

DAY_US = 86_400_000_000
"""No call takes as long. A rolling window is rebuilt from as much before it: a clock may be set back."""

_ATTRIBUTES = (
    "user", "team", "role", "service", "network", "provider", "model", "operation", "program", "session",
    "billing", "groups", "tags",
)  # fmt: skip
"""All that a limit may go by."""
_GROUPED = ", ".join(_ATTRIBUTES)
_FIRST = "min(started_us), max(started_us)"
_CALENDAR = f"""SELECT {SUMS}, {_FIRST}, NULL, {_GROUPED} FROM calls INDEXED BY calls_started
    WHERE started_us >= ? AND started_us < ? AND state <> 'open' GROUP BY {_GROUPED}"""
_ROLLING = f"""SELECT {SUMS}, {_FIRST}, {ENDED} / {MINUTE_US} AS minute, {_GROUPED}
    FROM calls INDEXED BY calls_started
    WHERE started_us >= ? AND {ENDED} >= ? AND state <> 'open' GROUP BY minute, {_GROUPED}"""
_OPEN = f"""SELECT id, holds, {", ".join(COLUMNS)} FROM calls INDEXED BY calls_open WHERE state = 'open'"""
_LOST = f"""SELECT id, holds, {", ".join(COLUMNS)} FROM calls INDEXED BY calls_started
    WHERE started_us >= ? AND state = 'lost'"""
_LATEST = "SELECT max(started_us) FROM calls INDEXED BY calls_policy WHERE policy IS ?"
_EMPTY = """UPDATE buckets SET settled = 0, held = 0, horizon = ?
    WHERE limit_key = ? AND (rolling_us IS NOT NULL OR start_us >= ?) RETURNING id"""
_TERMS = """UPDATE buckets SET amount = ?, enforce = ?
    WHERE limit_key = ? AND (end_us IS NULL OR end_us > ?)"""


class _Group(NamedTuple):
    """Calls that no limit can tell apart."""

    call: CallRecord
    amounts: Amounts
    first_us: int
    last_us: int
    minute: int
    """In which they ended; 0 for calendars."""


class _Sum(NamedTuple):
    """What is added up for a bucket."""

    bucket: Bucket
    first_us: int
    by_minute: dict[int, int]


class _Stale(NamedTuple):
    """The limits that are to be rebuilt."""

    rules: Rules
    terms: dict[str, Terms]
    since_us: dict[str, int]
    """By the limits' keys."""
    now_us: int

    def counts(self, bucket: Bucket) -> bool:
        since_us = self.since_us.get(bucket.key)
        return since_us is not None and (bucket.rolling_us is not None or bucket.start_us >= since_us)


def adopt(db: sqlite3.Connection, buckets: Buckets, kept: Kept, rules: Rules, now_us: int) -> None:
    """As `Budgets.adopt`."""
    keys = sorted(set(rules.keys()))
    terms = {key: rules.terms(key, now_us) for key in keys}
    since_us = {key: rules.since_us(key, now_us) for key in keys}
    text = json.dumps(keys)
    db.execute("INSERT OR IGNORE INTO policies (keys) VALUES (?)", (text,))
    ((policy,),) = db.execute("SELECT id FROM policies WHERE keys = ?", (text,)).fetchall()
    kept.keep(policy, rules, since_us)
    old = set(_not_up_to_date(db, terms, since_us))
    if old:
        stale = _Stale(rules, terms, {key: since_us[key] for key in keys if key in old}, now_us)
        _rebuild(db, buckets, kept, stale)
    values = [(each.amount, each.enforce.value, key, now_us) for key, each in terms.items()]
    db.executemany(_TERMS, values)


def _not_up_to_date(
    db: sqlite3.Connection, terms: dict[str, Terms], since_us: dict[str, int]
) -> Iterator[str]:
    """Limits that count rows which were written under a set without them."""
    sets: list[tuple[int | None, str]] = [(None, "[]"), *db.execute("SELECT id, keys FROM policies")]
    for policy, text in sets:
        ((latest_us,),) = db.execute(_LATEST, (policy,)).fetchall()
        if latest_us is None:
            continue
        has = frozenset(json.loads(text))
        for key, since in since_us.items():
            margin_us = 0 if terms[key].rolling_us is None else DAY_US
            if key not in has and latest_us >= since - margin_us:
                yield key


def _rebuild(db: sqlite3.Connection, buckets: Buckets, kept: Kept, stale: _Stale) -> None:
    emptied = set(_empty(db, stale))
    sums: dict[str, _Sum] = {}
    spans = {since for key, since in stale.since_us.items() if stale.terms[key].rolling_us is None}
    for since_us in spans:
        keys = {key for key, since in stale.since_us.items() if since == since_us}
        _add_calendar(db, stale, keys, since_us, sums)
    _add_rolling(db, stale, sums)
    _write(db, buckets, kept, stale, list(sums.values()))
    _add_open(db, buckets, kept, stale, emptied)
    _name_lost(db, buckets, kept, stale)


def _empty(db: sqlite3.Connection, stale: _Stale) -> Iterator[int]:
    """Set buckets to zero that are there already. Their ids."""
    for key, since_us in stale.since_us.items():
        rolling_us = stale.terms[key].rolling_us
        first = 0 if rolling_us is None else horizon(rolling_us, stale.now_us)
        ids = db.execute(_EMPTY, (first, key, since_us)).fetchall()
        db.executemany("DELETE FROM minutes WHERE bucket = ?", ids)
        yield from (id for (id,) in ids)


def _add_calendar(
    db: sqlite3.Connection, stale: _Stale, keys: set[str], since_us: int, sums: dict[str, _Sum]
) -> None:
    """Add up the calls from a moment on, in spans that no window ends in."""
    until_us = LATEST_US
    while since_us < LATEST_US:
        found: dict[str, _Sum] = {}
        ends_us = LATEST_US
        for row in db.execute(_CALENDAR, (since_us, until_us)):
            group = _group(row)
            for bucket in stale.rules.all_buckets(group.call, group.first_us):
                if bucket.key in keys and bucket.rolling_us is None:
                    assert bucket.end_us is not None
                    if group.last_us >= bucket.end_us:
                        ends_us = min(ends_us, bucket.end_us)
                    _add(found, bucket, group)
        if ends_us < until_us:  # some calls started in a later window: a clock was set back
            until_us = ends_us
            continue
        for name, each in found.items():
            _merge(sums, name, each)
        since_us, until_us = until_us, LATEST_US


def _add_rolling(db: sqlite3.Connection, stale: _Stale, sums: dict[str, _Sum]) -> None:
    """Add up, minute by minute, the calls that ended within rolling windows, and those shortly before."""
    rolling = {key for key in stale.since_us if stale.terms[key].rolling_us is not None}
    if not rolling:
        return
    since_us = {key: stale.since_us[key] - DAY_US for key in rolling}
    from_us = min(since_us.values())
    for row in db.execute(_ROLLING, (from_us - DAY_US, from_us)):
        group = _group(row)
        for bucket in stale.rules.all_buckets(group.call, group.first_us):
            if bucket.key in rolling and (group.minute + 1) * MINUTE_US > since_us[bucket.key]:
                _add(sums, bucket, group)


def _group(row: Sequence[Any]) -> _Group:
    amounts = Amounts(nano=row[0], input_tokens=row[1], output_tokens=row[2], requests=row[3])
    first_us, last_us, minute = row[4:7]
    named = dict(zip(_ATTRIBUTES, row[7:], strict=True))
    tags, groups = named.pop("tags"), named.pop("groups")
    billing = Billing(named.pop("billing"))
    call = CallRecord(
        id="",
        state="done",
        started_us=first_us,
        billing=billing,
        tags=orjson.loads(tags) if tags else {},
        groups=tuple(orjson.loads(groups)) if groups else (),
        **named,
    )
    return _Group(call, amounts, first_us, last_us, minute or 0)


def _add(sums: dict[str, _Sum], bucket: Bucket, group: _Group) -> None:
    by_minute: dict[int, int] = defaultdict(int)
    by_minute[group.minute] = group.amounts.of(bucket.unit)
    _merge(sums, bucket.id, _Sum(bucket, group.first_us, by_minute))


def _merge(sums: dict[str, _Sum], name: str, more: _Sum) -> None:
    known = sums.setdefault(name, more)
    if known is not more:
        for minute, amount in more.by_minute.items():
            known.by_minute[minute] += amount
        sums[name] = known._replace(first_us=min(known.first_us, more.first_us))


def _write(db: sqlite3.Connection, buckets: Buckets, kept: Kept, stale: _Stale, sums: list[_Sum]) -> None:
    """Write what was added up into buckets, which are made where there are none yet."""
    ids = open_all(db, buckets, kept, [each.bucket for each in sums], stale.now_us)
    for id, (bucket, first_us, by_minute) in zip(ids, sums, strict=True):
        first = 0 if bucket.rolling_us is None else horizon(bucket.rolling_us, stale.now_us)
        settled = sum(amount for minute, amount in by_minute.items() if minute >= first)
        sql = "UPDATE buckets SET settled = ?, since_us = min(since_us, ?) WHERE id = ?"
        db.execute(sql, (settled, first_us, id))
        if bucket.rolling_us is not None:
            values = [(id, minute, amount) for minute, amount in by_minute.items() if amount]
            db.executemany("INSERT INTO minutes (bucket, minute, settled) VALUES (?, ?, ?)", values)


def _add_open(db: sqlite3.Connection, buckets: Buckets, kept: Kept, stale: _Stale, emptied: set[int]) -> None:
    """Have calls in flight hold in rebuilt buckets what they held there, or else their bound."""
    for id, text, *row in db.execute(_OPEN).fetchall():
        call = call_of(row)
        holds: dict[str, int] = orjson.loads(text or "{}")
        named = buckets.bucket(db, map(int, holds))
        keys = {bucket.key for bucket in named.values()}
        more = [
            bucket
            for bucket in stale.rules.all_buckets(call, call.started_us)
            if stale.counts(bucket) and bucket.key not in keys
        ]
        ids = open_all(db, buckets, kept, more, stale.now_us)
        bound = call.bound or Amounts()
        added = {id: bound.of(bucket.unit) for id, bucket in zip(ids, more, strict=True)}
        again = {each: holds[str(each)] for each in named if each in emptied}
        _hold(db, {**again, **added})
        if added:
            hard = call.bound is not None and any(
                stale.terms[bucket.key].enforce is Enforce.HARD for bucket in more
            )
            text = orjson.dumps({**holds, **{str(each): held for each, held in added.items()}}).decode()
            db.execute("UPDATE calls SET holds = ?, hard = max(hard, ?) WHERE id = ?", (text, hard, id))


def _name_lost(db: sqlite3.Connection, buckets: Buckets, kept: Kept, stale: _Stale) -> None:
    """Have lost rows name the rebuilt buckets that they count in: they may be released, or settled late."""
    since_us = min(stale.since_us.values()) - DAY_US
    for id, text, *row in db.execute(_LOST, (since_us,)).fetchall():
        call, holds = call_of(row), orjson.loads(text or "{}")
        more = [each for each in stale.rules.all_buckets(call, call.started_us) if stale.counts(each)]
        ids = map(str, open_all(db, buckets, kept, more, stale.now_us))
        if added := {each: 0 for each in ids if each not in holds}:
            text = orjson.dumps({**holds, **added}).decode()
            db.execute("UPDATE calls SET holds = ? WHERE id = ?", (text, id))


def _hold(db: sqlite3.Connection, holds: dict[int, int]) -> None:
    values = [(hold, id) for id, hold in holds.items() if hold]
    db.executemany("UPDATE buckets SET held = held + ? WHERE id = ?", values)
