"""The entries of `rates` -> limits that count what is admitted; one with a burst is two of them."""

import hashlib
import json
from collections.abc import Iterator

from tollway.budget.bucket import Enforce
from tollway.budget.sliding import slot_of
from tollway.policy.limit import Limit
from tollway.policy.pattern import folded
from tollway.policy.rate import RateEntry
from tollway.policy.window import Window


def compiled_rate(entry: RateEntry) -> tuple[Limit, ...]:
    """The rate that an entry says, and its burst behind it."""
    return tuple([_limit(entry, number, window_us) for number, window_us in _windows(entry)])


def _windows(entry: RateEntry) -> Iterator[tuple[int, int | None]]:
    """How much is admitted in which length of time; None: at once."""
    number, _, window_us = entry.allow
    yield number, window_us
    if entry.burst is not None and entry.burst < number:
        assert window_us is not None
        yield entry.burst, -(-window_us * entry.burst // number)


def _limit(entry: RateEntry, number: int, window_us: int | None) -> Limit:
    return Limit(
        key=_key(entry, window_us),
        name=entry.name,
        unit=entry.allow.unit,
        window=Window(rolling_us=window_us),
        per=tuple(sorted(entry.per)),
        enforce=Enforce.HARD,
        then=entry.then,
        amount=number,
        slot_us=0 if window_us is None else slot_of(window_us),
    )


def _key(entry: RateEntry, window_us: int | None) -> str:
    """What its buckets are known by: no limit's are known so. An edit of how much is admitted keeps what was
    counted."""
    match = {
        name: [condition.negated, sorted({folded(name, text) for text in condition.values})]
        for name, condition in entry.match.items()
    }
    slot_us = None if window_us is None else slot_of(window_us)
    meant = ["rate", match, sorted(entry.per), entry.allow.unit, window_us, slot_us]
    text = json.dumps(meant, sort_keys=True, separators=(",", ":"))
    return f"{entry.name}:{hashlib.blake2s(text.encode(), digest_size=8).hexdigest()}"
