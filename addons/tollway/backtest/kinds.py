"""Sorts calls into kinds: for each what the policy's access rules, limits, rates and cache make of it.

What is worked out once holds for all that are alike, as long as no window and no raise ends.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from tollway.access.explained import judged, named_by
from tollway.access.rules import Access
from tollway.backtest import by
from tollway.backtest.attempt import FIRST
from tollway.backtest.by import By
from tollway.backtest.kind import Kind
from tollway.backtest.names import names
from tollway.backtest.purse import Purse
from tollway.backtest.purses import purse
from tollway.budget.amounts import Unit
from tollway.budget.attributes import Value, unvouched
from tollway.budget.bucket import Bucket
from tollway.model import BATCH, RETRIEVE
from tollway.model import Kind as What
from tollway.policy.caching import caching
from tollway.policy.limit import Limit
from tollway.policy.limits import Limits
from tollway.policy.met import NEVER
from tollway.policy.pattern import tester
from tollway.policy.schema import Policy
from tollway.routing.resolve import Target

MOST_REMEMBERED = 50_000
"""Kinds; then all are forgotten."""
MOST_PURSES = 100_000
"""Then those go whose window is over: no call that comes counts in them any more."""
LOG_INS, DEFAULT = "subscriptions", "default"

Who = tuple[Any, ...]
"""As of `Attempt.who`."""


class Kinds:
    """Of the calls under one policy, with the purses of all its buckets."""

    def __init__(self, policy: Policy) -> None:
        self.names = names(policy)
        self.limits = Limits(policy)
        self._policy = policy
        self._access = Access(policy.access)
        self._caching = caching(policy)
        self._always = [
            (f"always[{i}]", entry.route, [(name, tester(name, said)) for name, said in entry.match.items()])
            for i, entry in enumerate(policy.always)
        ]
        self._purses: dict[str, Purse] = {}
        self._most_purses = MOST_PURSES
        self._kinds: dict[tuple[Who, Target | None], Kind] = {}
        self.whose: dict[str, set[tuple[str | None, ...]]] = {}
        """By the name of a limit, whose buckets there were: the values of `per`."""

    def since_us(self, now_us: int) -> int:
        """From when on calls count in windows that a moment lies in."""
        return min((self.limits.since_us(key, now_us) for key in self.limits.keys()), default=now_us)

    def of(self, who: Who, at_us: int, target: Target | None = None) -> Kind:
        """The kind of a call that comes at a moment. `target`: where it is; None: where its row has it."""
        key = who, target
        found = self._kinds.get(key)
        if found is None or not found.start_us <= at_us < found.end_us:
            found = self._made(who, at_us, target)
            if len(self._kinds) >= MOST_REMEMBERED:
                self._kinds.clear()
            self._kinds[key] = found
        return found

    def _made(self, who: Who, at_us: int, target: Target | None) -> Kind:
        billing, verified, operation = who[: len(FIRST)]
        known = _known(self.names, who[len(FIRST) :], operation)
        if target is not None:
            known = {**known, "provider": target.provider, "model": target.model}
        notional = billing != "metered"
        pairs = list(self._pairs(known, notional, operation, at_us))
        limits = tuple([limit for limit, _ in pairs])
        purses = tuple([self._purse(limit, bucket, at_us) for limit, bucket in pairs])
        ends = [until_us for limit in limits for _, until_us in limit.raises if until_us > at_us]
        ends += [bucket.end_us for _, bucket in pairs if bucket.end_us is not None]
        for each, limit in zip(purses, limits, strict=True):
            if limit.raises:
                each.apply_terms(at_us)
        return Kind(
            known=known,
            limits=limits,
            purses=purses,
            denied=self._denied(known, bool(verified), notional, operation, limits),
            holds=operation not in (RETRIEVE, What.UNKNOWN.value),
            by_bound=any(limit.is_hard and limit.unit is not Unit.REQUESTS for limit in limits),
            is_cached=self._caching is not None and self._caching.place(known) is not None,
            always=tuple(self._standing(known)),
            start_us=max((bucket.start_us for _, bucket in pairs), default=0),
            end_us=min(ends, default=NEVER),
        )

    def _pairs(
        self, known: Mapping[str, Value], notional: bool, operation: str, at_us: int
    ) -> Iterator[tuple[Limit, Bucket]]:
        """A batch takes a day: rates of tokens, which are about a minute's, do not count it."""
        for limit in self.limits.all_matching(known, notional):
            if operation == BATCH and limit.is_rate and limit.unit is not Unit.REQUESTS:
                continue
            for bucket in self.limits.buckets_of(limit, known, at_us):
                yield limit, bucket

    def _denied(
        self,
        known: Mapping[str, Value],
        verified: bool,
        notional: bool,
        operation: str,
        limits: Sequence[Limit],
    ) -> By | None:
        faults = self._policy.faults
        if notional and faults.subscriptions == "refuse":
            return By(by.FAULT, LOG_INS)
        if self._access and (rule := self._denying(known, verified, operation)) is not None:
            return By(by.ACCESS, rule)
        hard = next((limit.name for limit in limits if limit.is_hard), None)
        unread = (operation == What.UNKNOWN.value and faults.unknown_call == "refuse") or (
            operation == BATCH and faults.batch == "refuse"
        )
        return By(by.LIMIT, hard) if unread and hard is not None else None

    def _denying(self, known: Mapping[str, Value], verified: bool, operation: str) -> str | None:
        """The access rule that refuses such calls."""
        model = known.get("model")
        named = named_by(operation, (model,) if isinstance(model, str) else ())
        caller = known if verified else unvouched(known)
        found = judged(self._access, self._policy.faults, caller, named)
        if found.allowed:
            return None
        return found.rule.name if found.rule is not None else DEFAULT

    def _standing(self, known: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
        for name, route, tests in self._always:
            if all(meets(known.get(attribute)) for attribute, meets in tests):
                yield name, route

    def _purse(self, limit: Limit, bucket: Bucket, at_us: int) -> Purse:
        found = self._purses.get(bucket.id)
        if found is None:
            if len(self._purses) >= self._most_purses:
                self._let_go(at_us)
            found = self._purses[bucket.id] = purse(limit, bucket, at_us)
            self.whose.setdefault(limit.name, set()).add(tuple(bucket.values.values()))
        return found

    def _let_go(self, at_us: int) -> None:
        """Of those whose window is over; what counts in them still has hold of them itself."""
        self._purses = {id: one for id, one in self._purses.items() if (one.bucket.end_us or NEVER) > at_us}
        self._most_purses = max(MOST_PURSES, 2 * len(self._purses))


def _known(names: Sequence[str], values: Sequence[Any], operation: str) -> dict[str, Value]:
    """Attributes, as `budget.attributes.attributes` has them."""
    found: dict[str, Value] = {
        name: tuple(orjson.loads(value)) if name == "group" and value else value or None
        for name, value in zip(names, values, strict=True)
    }
    found["operation"] = operation or None
    return found
