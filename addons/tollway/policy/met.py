"""What calls meet, worked out once for all that are alike to the limits of a policy.

They are alike if the attributes that some limit goes by have the same values, and no window ends in between.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from tollway.budget.amounts import Unit
from tollway.budget.attributes import Value
from tollway.budget.bucket import Bucket
from tollway.policy.limit import Limit

MOST_REMEMBERED = 50_000
"""Kinds of calls; then all are forgotten."""
LONGEST_REMEMBERED = 1024
"""Characters of all values together: clients choose some of them."""

NEVER = 2**62
Key = tuple[Value | bool, ...]


class Met(NamedTuple):
    """The limits, and the rates behind them, that a call meets, in the policy's order, each as often as it
    counts in a bucket of it."""

    limits: tuple[Limit, ...]
    buckets: tuple[Bucket, ...]
    names: tuple[str, ...]
    """Of the limits, each once."""
    is_hard: bool
    """Whether one of them is, rates apart."""
    is_hard_alone: bool
    """Whether all of them are, rates apart."""
    counts_tokens: bool
    """Whether one of them is a rate that counts tokens."""
    start_us: int
    """From when on calls count in these buckets; 0: whenever they start."""
    end_us: int


def met(pairs: Sequence[tuple[Limit, Bucket]]) -> Met:
    """What these limits and buckets come to."""
    limits, buckets = tuple(limit for limit, _ in pairs), tuple(bucket for _, bucket in pairs)
    return Met(
        limits=limits,
        buckets=buckets,
        names=tuple(dict.fromkeys(limit.name for limit in limits)),
        is_hard=any(limit.is_hard for limit in limits),
        is_hard_alone=all(limit.is_hard or limit.is_rate for limit in limits),
        counts_tokens=any(limit.is_rate and limit.unit is not Unit.REQUESTS for limit in limits),
        start_us=max((bucket.start_us for bucket in buckets), default=0),
        end_us=min((bucket.end_us for bucket in buckets if bucket.end_us is not None), default=NEVER),
    )


class Remembered:
    """Of the calls that came by. May be used from several threads."""

    def __init__(self, names: Iterable[str]) -> None:
        """`names`: the attributes that some limit goes by."""
        self._names = tuple(sorted(names))
        self._met: dict[Key, Met] = {}

    def key(self, attributes: Mapping[str, Value], notional: bool) -> Key:
        """What calls that are alike have in common."""
        return (notional, *[attributes.get(name) for name in self._names])

    def get(self, key: Key, at_us: int) -> Met | None:
        """What a call meets that starts at a moment, if it is known."""
        found = self._met.get(key)
        return found if found is not None and found.start_us <= at_us < found.end_us else None

    def put(self, key: Key, found: Met) -> None:
        """Remember it, but for values that are very long."""
        if sum(map(_length, key)) > LONGEST_REMEMBERED:
            return
        if len(self._met) >= MOST_REMEMBERED:
            self._met.clear()
        self._met[key] = found


def _length(value: Value | bool) -> int:
    if isinstance(value, tuple):
        return sum(map(len, value))
    return len(value) if isinstance(value, str) else 0
