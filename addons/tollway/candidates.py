"""Makes candidates of a call, under the policy in force: as asked for, clamped, moved, and as time passes."""

from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from tollway.accounting import Accounting
from tollway.batches.ending import SHAPE
from tollway.batches.weight import Weight
from tollway.bound.bound import Bound, Unbounded
from tollway.bound.capacity import capacity_of
from tollway.bound.table import bound_of
from tollway.budget.amounts import Amounts, Unit
from tollway.budget.bucket import Balance, Bucket, Enforce, Want
from tollway.budget.likely import likely_output
from tollway.budget.room import output_within
from tollway.candidate import Candidate
from tollway.exchange import Exchange
from tollway.model import Billing, CallRecord, Usage
from tollway.played import Played
from tollway.policy.limit import Clamp, Limit
from tollway.policy.limits import Limits
from tollway.prices.ceiling import Ceiling
from tollway.rows import IN_BACKGROUND
from tollway.wire.duplicates import named_twice
from tollway.wire.form import is_form
from tollway.wire.output_maximum import floor, may_clamp

NO_PRICE = "no price of {} is known (faults: unknown_price, or a price in the policy's prices)"
UNBOUNDED = "it has no bound: {}"
NO_MAXIMUM = "it names no output maximum, the model's is not known, and nothing may be written into it"
QUARANTINED = "such calls ({}) have cost more than their bound (alert {}; faults: accept_bound)"

NO_SLICE = "nothing bounds what such a call comes to, and no slice of {} is set (sockets: slice)"
TWICE = "it names {!r} twice, and which of the two counts is for the provider to say"

ENDLESS = 2**60
"""What is held for an output, or for tools, that nothing bounds yet: more than any limit."""
PARTS = {
    Unit.USD: (Unit.USD,),
    Unit.TOKENS: (Unit.INPUT, Unit.OUTPUT),
    Unit.INPUT: (Unit.INPUT,),
    Unit.OUTPUT: (Unit.OUTPUT,),
}
"""Of what a slice has to say so much, for a limit in this unit."""
CLAMP = Clamp()
"""Equal to each."""
CAPS = (5, 3, 2, 1)
"""Caps that a clamp puts on calls of the provider's tools: the first that leaves room for an answer."""


class Candidates:
    """Under one policy."""

    def __init__(
        self,
        limits: Limits,
        accounting: Accounting,
        *,
        unknown_price: str = "refuse",
        store_down: str = "closed",
        quarantined: Callable[[str, str | None, str], str | None] = lambda provider, model, shape: None,
    ) -> None:
        """`quarantined`: the alert for which calls of a provider, model and shape are not taken, if any."""
        self._limits = limits
        self._accounting = accounting
        self._dearest = unknown_price == "dearest"
        self._store_down = store_down
        self._quarantined = quarantined

    def of(self, call: Exchange) -> Candidate | None:
        """The call as it is; None: no limit applies."""
        candidate = self.any(call)
        return candidate if candidate.limits else None

    def any(self, call: Exchange) -> Candidate:
        """The call as it is, whether a limit applies or not."""
        row = self._accounting.opened(call)
        met = self._limits.met(row)
        row = replace(row, limits=met.names) if met.limits else row
        candidate = Candidate(call=call, row=row, rules=self._limits, limits=met.limits, wants=())
        if not met.limits:
            return candidate
        if call.batch is not None:
            return self._handed_in(candidate, call.batch, met.buckets)
        is_bounded = met.is_hard or met.counts_tokens
        if call.played is not None:
            return self._held(self._given(candidate, call.played, is_bounded), met.buckets)
        if is_bounded:
            candidate = (
                self._bounded(candidate) if call.slice is None else self._sliced(candidate, call.slice)
            )
        if not met.is_hard_alone or (met.is_hard and candidate.most is None):
            candidate = replace(candidate, estimate=self._estimate(candidate))
        return self._held(candidate, met.buckets)

    def _handed_in(self, candidate: Candidate, batch: Weight, buckets: Sequence[Bucket]) -> Candidate:
        """A batch holds what all of its requests come to. It takes a day, so rates of tokens, which are about
        a minute's, do not count it."""
        met = [
            (limit, bucket)
            for limit, bucket in zip(candidate.limits, buckets, strict=True)
            if not bucket.is_rate or bucket.unit is Unit.REQUESTS
        ]
        held = replace(
            candidate,
            limits=tuple([limit for limit, _ in met]),
            most=batch.most if batch.unbounded is None else None,
            estimate=batch.likely,
        )
        return self._held(held, [bucket for _, bucket in met])

    def _given(self, candidate: Candidate, played: Played, is_bounded: bool) -> Candidate:
        """No provider is asked: it costs nothing. It counts for as much as what it is given came to; while
        that is not known, for as much as if it were asked. `is_bounded`: something goes by the most of it."""
        if (known := played.came_to) is not None:
            counts = Amounts(
                input_tokens=known.usage.input_tokens or 0,
                output_tokens=known.usage.output_tokens or 0,
                requests=1,
            )
            return replace(candidate, most=counts, estimate=counts)
        estimate = replace(self._estimate(candidate), nano=0)
        if is_bounded:
            candidate = self._bounded(candidate)
        most = candidate.most and replace(candidate.most, nano=0)
        return replace(candidate, most=most, estimate=estimate)

    def clamped(self, whole: Candidate, maximum: int) -> Candidate:
        """The candidate where each answer may write at most so many tokens."""
        assert isinstance(whole.bound, Bound)
        return replace(self.bounded(whole, whole.bound.clamped(maximum)), clamp=maximum)

    def bounded(self, whole: Candidate, bound: Bound) -> Candidate:
        """The candidate with another bound."""
        other = replace(whole, bound=bound, most=_most(bound, whole.ceiling))
        return self._held(other, [want.bucket for want in whole.wants])

    def capped(self, whole: Candidate, calls: int) -> Candidate | None:
        """The candidate where the provider's tools may be called so often; None: that does not bound it."""
        call = whole.call
        assert call.asked is not None
        assert call.parsed is not None
        capacity = capacity_of(call.endpoint.provider, whole.row.model)
        bound = bound_of(call.endpoint, call.asked, call.parsed, capacity, calls)
        return replace(self.bounded(whole, bound), cap=calls) if isinstance(bound, Bound) else None

    def fitting(self, whole: Candidate, balances: Sequence[Balance]) -> Candidate | None:
        """With the largest output maximum that fits in all these buckets; None: it may not be set so low."""
        if not may_change_output(whole):
            return None
        if isinstance(whole.bound, Bound):
            found = self._fitting(whole, whole.bound, balances)
            return found if found is not whole else None
        for calls in CAPS if may_cap(whole) else ():
            one = self.capped(whole, calls)
            if one is not None and isinstance(one.bound, Bound):
                if (found := self._fitting(one, one.bound, balances)) is not None:
                    return found
        return None

    def _fitting(self, whole: Candidate, bound: Bound, balances: Sequence[Balance]) -> Candidate | None:
        """As it is, if it fits."""
        within = None if whole.ceiling is None else _within(whole.ceiling, bound)
        room = output_within(balances, bound, within)
        if bound.max_output is not None and room >= bound.max_output:
            return whole
        return self.clamped(whole, room) if room >= self.least_output(whole) else None

    def least(self, whole: Candidate) -> Candidate:
        """The smallest that a clamp may make of it."""
        if may_cap(whole) and (one := self.capped(whole, CAPS[-1])) is not None:
            return self.least(one)
        if not isinstance(whole.bound, Bound) or not may_change_output(whole):
            return whole
        least = self.least_output(whole)
        if whole.bound.max_output is not None and whole.bound.max_output <= least:
            return whole
        return self.clamped(whole, least)

    def least_output(self, whole: Candidate) -> int:
        """What a clamp leaves for an answer at the least: by its limits, its format and its thinking."""
        call = whole.call
        assert call.asked is not None
        assert call.parsed is not None
        own = [limit.floor for limit in whole.limits if limit.floor is not None]
        return floor(call.endpoint, call.asked, call.parsed, max(own) if own else None)

    def renewed(self, whole: Candidate, now_us: int) -> Candidate:
        """As it is now: under this policy, and as if it started now once a window or a raise has ended."""
        if whole.rules is not self._limits:
            whole = _as_before(self.any(whole.call), whole)
        if not self._is_over(whole, now_us):
            return whole
        return _as_before(self.any(whole.call.with_(started_us=now_us)), whole)

    def _is_over(self, whole: Candidate, now_us: int) -> bool:
        """Whether a window, or the amount in it, is not any more what it was when the call started."""
        return any(
            (want.bucket.end_us is not None and want.bucket.end_us <= now_us)
            or want.amount != limit.amount_at(now_us)
            for want, limit in zip(whole.wants, whole.limits, strict=True)
        )

    def _estimate(self, candidate: Candidate) -> Amounts:
        """What the call is likely to come to. Its row stays at what the input alone does, until it ends."""
        likely = _likely(candidate)
        output = likely.output_tokens
        nano = self._accounting.likely(candidate.call, Usage(output_tokens=output)) if output else 0
        return replace(likely, nano=nano + candidate.row.cost.nano)

    def _sliced(self, candidate: Candidate, slice: Mapping[Unit, int]) -> Candidate:
        """Held by a slice: what it really comes to is known when it ends."""
        nano, input_tokens, output_tokens = (slice.get(unit, 0) for unit in (Unit.USD, *PARTS[Unit.TOKENS]))
        most = Amounts(nano=nano, input_tokens=input_tokens, output_tokens=output_tokens, requests=1)
        ceiling = self._accounting.ceiling(candidate.call, self._dearest)
        return replace(candidate, ceiling=ceiling, most=most)

    def _bounded(self, candidate: Candidate) -> Candidate:
        """With its bound, the price of that, or why a hard limit can't take it."""
        call = candidate.call
        if call.asked is None or call.parsed is None:
            return candidate
        capacity = capacity_of(call.endpoint.provider, candidate.row.model)
        bound = bound_of(call.endpoint, call.asked, call.parsed, capacity)
        if not is_form(call.media_type) and (key := named_twice(call.body or b"")) is not None:
            bound = Unbounded(reason=TWICE.format(key), shape=bound.shape)
        ceiling = self._accounting.ceiling(call, self._dearest)
        most = _most(bound, ceiling) if isinstance(bound, Bound) else None
        return replace(candidate, bound=bound, ceiling=ceiling, most=most)

    def _held(self, candidate: Candidate, buckets: Sequence[Bucket]) -> Candidate:
        at_us, estimate, most = candidate.row.started_us, candidate.estimate, candidate.most
        hard = most or (_endless(estimate) if may_cap(candidate) else estimate)
        rated: Amounts | None = None
        made = []
        for limit, bucket in zip(candidate.limits, buckets, strict=True):
            amount = limit.amount_at(at_us)
            if limit.slot_us is None:
                hold = (hard if limit.enforce is Enforce.HARD else estimate).of(bucket.unit)
            elif bucket.unit is Unit.REQUESTS:
                hold = 1
            else:
                rated = rated or _reserved(candidate)
                hold = min(rated.of(bucket.unit), amount)
            away = limit.away(self._store_down)
            made.append(Want(bucket=bucket, amount=amount, enforce=limit.enforce, hold=hold, away=away))
        wants = tuple(made)
        row = replace(candidate.row, bound=_recorded(most, wants))
        return replace(candidate, wants=wants, row=row, unholdable=self._unholdable(candidate))

    def _unholdable(self, candidate: Candidate) -> tuple[int, str] | None:
        checked = set()
        for index, limit in enumerate(candidate.limits):
            if limit.unit is Unit.REQUESTS or not limit.is_hard:
                continue
            kind = limit.unit, CLAMP in limit.then
            if kind not in checked:
                if (why := self._why_not(candidate, limit)) is not None:
                    return index, why
                checked.add(kind)
        return None

    def _why_not(self, candidate: Candidate, limit: Limit) -> str | None:
        """Why a hard limit can't hold the call."""
        bound, row, unit = candidate.bound, candidate.row, limit.unit
        if candidate.call.batch is not None:
            return self._why_not_handed_in(row, candidate.call.batch)
        if candidate.call.slice is not None:
            return _why_not_sliced(candidate, candidate.call.slice, unit)
        if bound is None or (unit is Unit.USD and candidate.call.played is not None):
            return None
        if isinstance(bound, Unbounded) and not (may_cap(candidate) and CLAMP in limit.then):
            return UNBOUNDED.format(bound.reason)
        if unit is Unit.USD and candidate.ceiling is None:
            return _no_price(row)
        if isinstance(bound, Bound) and bound.max_output is None and not may_change_output(candidate):
            return NO_MAXIMUM
        later = (candidate.call.parsed or {}).get("background") is True
        for shape in (bound.shape, IN_BACKGROUND) if later else (bound.shape,):
            if (alert := self._quarantined(row.provider, row.model, shape)) is not None:
                return QUARANTINED.format(shape, alert)
        return None

    def _why_not_handed_in(self, row: CallRecord, batch: Weight) -> str | None:
        """As `_why_not`. One that nothing bounds is let pass by who allows batches; not if its like, which
        were bounded, have come to more."""
        for model in (row.model, *batch.models):
            if (alert := self._quarantined(row.provider, model, SHAPE)) is not None:
                return QUARANTINED.format(SHAPE, alert)
        return None


def lacks_price(row: CallRecord, reason: str | None) -> bool:
    """Whether this is the reason for which a call can't be held: no price of its model is known."""
    return reason is not None and _no_price(row) in reason


def _no_price(row: CallRecord) -> str:
    return NO_PRICE.format(row.model or "this model")


def _why_not_sliced(candidate: Candidate, slice: Mapping[Unit, int], unit: Unit) -> str | None:
    for part in PARTS[unit]:
        if part not in slice:
            return NO_SLICE.format(part.replace("_", " "))
    if unit is Unit.USD and candidate.ceiling is None:
        return _no_price(candidate.row)
    return None


def _likely(candidate: Candidate) -> Amounts:
    """The tokens that a call is likely to use."""
    call = candidate.call
    size = len(call.body) if call.body is not None else call.request_bytes
    output = likely_output(call.endpoint.operation, call.asked)
    return Amounts(input_tokens=size // 4, output_tokens=output, requests=1)


def _reserved(candidate: Candidate) -> Amounts:
    """What rates reserve for a call: its bound, and what it is likely to use of what has none."""
    most = candidate.most
    if most is not None and most.output_tokens < ENDLESS:
        return most
    likely = _likely(candidate)
    return likely if most is None else replace(likely, input_tokens=most.input_tokens)


def _as_before(made: Candidate, whole: Candidate) -> Candidate:
    return replace(made, moved=whole.moved, set=whole.set, tries=whole.tries, stays=whole.stays)


def may_change_output(candidate: Candidate) -> bool:
    """Whether an output maximum may be written into the request."""
    call = candidate.call
    if call.asked is None or call.parsed is None or call.body is None:
        return False
    return may_clamp(
        call.endpoint,
        call.asked,
        call.parsed,
        signed=call.signed,
        subscription=call.billing is Billing.NOTIONAL,
        form=is_form(call.media_type),
    )


def may_cap(candidate: Candidate) -> bool:
    """Whether a cap on the calls of the provider's tools may be put into the request, and would bound it."""
    bound = candidate.bound
    return isinstance(bound, Unbounded) and bound.cappable and may_change_output(candidate)


def _most(bound: Bound, ceiling: Ceiling | None) -> Amounts:
    """What a hard limit holds, in each unit."""
    output = bound.usage.output_tokens
    endless = bound.max_output is None
    return Amounts(
        nano=ENDLESS if endless else ceiling.nano(bound.usage) if ceiling is not None else 0,
        input_tokens=bound.usage.input_tokens or 0,
        output_tokens=ENDLESS if endless else output or 0,
        requests=1,
    )


def _endless(estimate: Amounts) -> Amounts:
    """What hard limits hold of a call that only a cap on its tools will bound."""
    return replace(estimate, nano=ENDLESS, input_tokens=ENDLESS, output_tokens=ENDLESS)


def _recorded(most: Amounts | None, wants: Sequence[Want]) -> Amounts | None:
    """What the row says that the call can come to, and is charged if nobody knows what it did.

    None where hard limits count nothing but requests. What nothing bounds yet is not in it: an output
    without any maximum, which limits of the input alone admit as it is.
    """
    hard = {want.bucket.unit for want in wants if want.enforce is Enforce.HARD and not want.bucket.is_rate}
    if most is None or hard <= {Unit.REQUESTS}:
        return None
    return most if most.output_tokens < ENDLESS else Amounts(input_tokens=most.input_tokens, requests=1)


def _within(ceiling: Ceiling, bound: Bound) -> Callable[[int], int]:
    return lambda left: ceiling.output_within(left, bound.usage) - bound.more_output
