"""All limits and rates of a policy: which of them a call meets, and in which buckets it counts."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import product

from tollway.budget.attributes import Value, attributes
from tollway.budget.bucket import Away, Bucket
from tollway.budget.terms import Terms
from tollway.model import Billing, CallRecord
from tollway.policy.compiled import compiled
from tollway.policy.compiled_rate import compiled_rate
from tollway.policy.index import Index, Test
from tollway.policy.limit import Limit
from tollway.policy.met import Met, Remembered, met
from tollway.policy.pattern import tester, values
from tollway.policy.schema import Policy
from tollway.policy.window import Span, Window, span

type Combination = tuple[str | None, ...]
"""A value for each attribute of `per`; None: the call has none."""

MOST_REMEMBERED = 150_000
"""Buckets; then all are forgotten."""
LONGEST_REMEMBERED = 1024
"""Characters of a bucket's id: clients choose some of the values in it."""


class Limits:
    """A policy's limits and rates, ready for look-ups; of its limits a `ledger.store.Rules`: what rates count
    is never rebuilt from rows. May be used from several threads."""

    def __init__(self, policy: Policy) -> None:
        self._zone = policy.zone
        self._limits = tuple(compiled(entry, policy.zone) for entry in policy.limits)
        rates = [(rate, entry.match) for entry in policy.rates for rate in compiled_rate(entry)]
        self._all = (*self._limits, *(rate for rate, _ in rates))
        self._by_key = {limit.key: limit for limit in self._limits}
        self._index = Index([*(entry.match for entry in policy.limits), *(match for _, match in rates)])
        self._tests = {
            limit.key: [(name, tester(name, condition)) for name, condition in entry.match.items()]
            for limit, entry in zip(self._limits, policy.limits, strict=True)
        }
        self._spans: dict[Window, Span] = {}
        self._buckets: dict[tuple[str, int, int | None, Combination], Bucket] = {}
        names = {name for entry in policy.limits for name in (*entry.match, *entry.per)}
        names |= {name for entry in policy.rates for name in (*entry.match, *entry.per)}
        self._met = Remembered(names)

    def __iter__(self) -> Iterator[Limit]:
        """Limits alone."""
        return iter(self._limits)

    def __bool__(self) -> bool:
        """Whether there is anything that a call may have to be held by."""
        return bool(self._all)

    def refuse_unwritten(self, general: str) -> bool:
        """Whether calls are refused that can't be written down. `general`: what the policy's `faults` say of
        `store_down`."""
        return general != "open" or any((limit.store_down or general) != "open" for limit in self._all)

    def refuse_unheld(self, general: str) -> bool:
        """Whether calls are refused while the store that processes share is away."""
        return any(limit.away(general) is Away.CLOSED for limit in self._all)

    def met(self, call: CallRecord) -> Met:
        """The limits and rates that a call meets, and the buckets that it counts in."""
        known, notional = attributes(call), call.billing is Billing.NOTIONAL
        key = self._met.key(known, notional)
        found = self._met.get(key, call.started_us)
        if found is None:
            found = met(
                [
                    (limit, bucket)
                    for limit in self.all_matching(known, notional)
                    for bucket in self.buckets_of(limit, known, call.started_us)
                ]
            )
            self._met.put(key, found)
        return found

    def matching(self, attributes: Mapping[str, Value], notional: bool = False) -> tuple[Limit, ...]:
        """The limits that a call with these attributes meets, in the policy's order.

        `notional`: a flat plan covers it, so that it does not count in USD unless a limit says so.
        """
        return tuple([limit for limit in self.all_matching(attributes, notional) if not limit.is_rate])

    def all_matching(self, attributes: Mapping[str, Value], notional: bool = False) -> tuple[Limit, ...]:
        """The same, and behind them the rates, which count calls under a flat plan, too."""
        found = [self._all[place] for place in self._index.find(attributes)]
        return tuple([limit for limit in found if limit.counts(notional)])

    def buckets_of(self, limit: Limit, attributes: Mapping[str, Value], at_us: int) -> tuple[Bucket, ...]:
        """The buckets of one limit that a call which meets it counts in.

        One for each combination of values, if an attribute of `per` has several: `per: group`. A call that
        lacks an attribute shares a bucket with all like it.
        """
        if limit.window.unit is None:
            start_us, end_us = 0, None
        else:
            start_us, end_us = self._span(limit.window, at_us)
        if not limit.per:
            return (self._bucket(limit, (), start_us, end_us),)
        several = product(*[values(name, attributes.get(name)) or (None,) for name in limit.per])
        return tuple([self._bucket(limit, combination, start_us, end_us) for combination in several])

    def tests(self, key: str) -> Sequence[Test]:
        """The conditions of a limit's `match`."""
        return self._tests[key]

    def levels(self, key: str) -> Sequence[int]:
        """The alert levels of a limit, in percent; none of one that is not there."""
        limit = self._by_key.get(key)
        return limit.alerts if limit is not None else ()

    def keys(self) -> Sequence[str]:
        """The key of each limit."""
        return tuple(self._by_key)

    def terms(self, key: str, now_us: int) -> Terms:
        """What the limit says of its buckets as of now."""
        limit = self._by_key[key]
        return Terms(
            amount=limit.amount_at(now_us), enforce=limit.enforce, rolling_us=limit.window.rolling_us
        )

    def attributes(self, keys: Collection[str]) -> Collection[str]:
        """The attributes that limits of these keys match, and are kept apart by."""
        return {
            name for key in keys for name in (*self._by_key[key].per, *(name for name, _ in self._tests[key]))
        }

    def since_us(self, key: str, now_us: int) -> int:
        """Where the limit's window began that now is in."""
        return span(self._by_key[key].window, now_us, self._zone).start_us

    def buckets(self, key: str, call: CallRecord, at_us: int) -> Sequence[Bucket]:
        """The buckets of one limit that a call counts in; none if it does not match, or does not count."""
        limit, known = self._by_key[key], attributes(call)
        if not limit.counts(call.billing is Billing.NOTIONAL):
            return ()
        if not all(meets(known.get(name)) for name, meets in self._tests[key]):
            return ()
        return self.buckets_of(limit, known, at_us)

    def all_buckets(self, call: CallRecord, at_us: int) -> Sequence[Bucket]:
        """The buckets of all limits that a call counts in, in the policy's order."""
        known = attributes(call)
        return [
            bucket
            for limit in self.matching(known, call.billing is Billing.NOTIONAL)
            for bucket in self.buckets_of(limit, known, at_us)
        ]

    def _bucket(self, limit: Limit, combination: Combination, start_us: int, end_us: int | None) -> Bucket:
        """The bucket of these values: the same object as the last time, as long as it is remembered."""
        at = (limit.key, start_us, end_us, combination)
        if (known := self._buckets.get(at)) is not None:
            return known
        bucket = Bucket(
            limit=limit.name,
            key=limit.key,
            values=dict(zip(limit.per, combination, strict=True)),
            unit=limit.unit,
            start_us=start_us,
            end_us=end_us,
            rolling_us=limit.window.rolling_us,
            slot_us=limit.slot_us,
        )
        if len(bucket.id) <= LONGEST_REMEMBERED:
            if len(self._buckets) >= MOST_REMEMBERED:
                self._buckets.clear()
            self._buckets[at] = bucket
        return bucket

    def _span(self, window: Window, at_us: int) -> Span:
        """A calendar's window: the one that was looked up last, while it lasts."""
        last = self._spans.get(window)
        if last is not None and last.start_us <= at_us < last.end_us:
            return last
        self._spans[window] = found = span(window, at_us, self._zone)
        return found
