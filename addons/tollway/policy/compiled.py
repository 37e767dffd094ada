"""The entries of a policy -> limits, each with the key that its buckets are known by."""

import hashlib
import json
from datetime import timedelta
from zoneinfo import ZoneInfo

from tollway.budget.amounts import Unit
from tollway.policy.entry import LimitEntry, Raise
from tollway.policy.limit import Level, Limit
from tollway.policy.pattern import folded
from tollway.policy.window import day_start


def compiled(entry: LimitEntry, zone: ZoneInfo) -> Limit:
    """The limit that an entry says."""
    return Limit(
        key=key(entry, zone),
        name=entry.name,
        unit=entry.amount.unit,
        window=entry.window,
        per=tuple(sorted(entry.per)),
        enforce=entry.enforce,
        then=entry.then,
        amount=entry.amount.number,
        raises=tuple((each.amount.number, ends_us(each, zone)) for each in entry.raises),
        at=tuple(Level(percent, entry.at[percent].route) for percent in sorted(entry.at)),
        alerts=entry.alerts,
        notional=entry.notional,
        floor=entry.floor,
        store_down=entry.store_down,
    )


def key(entry: LimitEntry, zone: ZoneInfo) -> str:
    """What the buckets of a limit are known by: the same for the same meaning, in whatever order it is said.

    A calendar's windows begin elsewhere in another time zone, so the zone is a part of it; of a rolling
    window it is none.
    """
    match = {
        name: [condition.negated, sorted({folded(name, text) for text in condition.values})]
        for name, condition in entry.match.items()
    }
    rolling_us = entry.window.rolling_us
    meant = [
        match,
        sorted(entry.per),
        entry.amount.unit,
        [rolling_us] if rolling_us is not None else [entry.window.unit, zone.key],
        entry.notional and entry.amount.unit is Unit.USD,
    ]
    text = json.dumps(meant, sort_keys=True, separators=(",", ":"))
    return f"{entry.id or entry.name}:{hashlib.blake2s(text.encode(), digest_size=8).hexdigest()}"


def ends_us(each: Raise, zone: ZoneInfo) -> int:
    """When a raise is over: at the end of its last day."""
    return day_start(each.until + timedelta(days=1), zone)
