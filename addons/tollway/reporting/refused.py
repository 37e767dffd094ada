"""Calls that Tollway refused: why, how many, and what they might have cost.

What they might have cost is an estimate, and in no cost: nobody knows what they would have come to. `likely`
goes by what the calls of the same model cost that were answered in the same time; `bound` is the most that
they could have come to, where a hard limit had asked for that. A program that tries again is refused again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from tollway.ledger.attributes import PERIODS, Where
from tollway.ledger.statements import Statements, Unanswered
from tollway.ledger.store import Group
from tollway.ledger.sums import Sums
from tollway.model import Billing
from tollway.money import usd
from tollway.page.reasons import is_refusal
from tollway.reporting import periods
from tollway.reporting.budgets import iso

Means = dict[tuple[str, str | None], tuple[int, int]]
"""By provider and model: how many metered calls were answered, and what they cost."""
ANSWERED = ("provider", "model", "billing", "cache", "status")
"""What tells which calls those are."""


@dataclass(slots=True)
class Refused:
    """Some refusals. Amounts are nano-dollars, and estimates."""

    calls: int = 0
    likely_calls: int = 0
    """Of how many it is known what their like cost."""
    likely_nano: int = 0
    bounded_calls: int = 0
    """Of how many the row says what they could have come to at the most."""
    bound_nano: int = 0

    def add(self, other: "Refused") -> None:
        """Take in others."""
        self.calls += other.calls
        self.likely_calls += other.likely_calls
        self.likely_nano += other.likely_nano
        self.bounded_calls += other.bounded_calls
        self.bound_nano += other.bound_nano


Reason = tuple[str, tuple[str, ...]]
"""The ledger's word, and the name of the limit that refused the calls: see `Unanswered.limits`."""


@dataclass(frozen=True, slots=True)
class Refusals:
    """Those of the calls that started in [since, until)."""

    by: tuple[str, ...]
    rows: tuple[tuple[Group, Reason, Refused], ...]
    """Periods in their order, then the most frequent first."""
    total: Refused
    zone: ZoneInfo
    since_us: int | None = None
    until_us: int | None = None


def refused(
    books: Statements,
    by: Sequence[str],
    since_us: int | None,
    until_us: int | None,
    zone: ZoneInfo,
    where: Where = (),
    known: Means | None = None,
) -> Refusals:
    """The refusals by attributes and periods, and by their reason. `known`: what answered calls of the same
    time cost, where that was added up already."""
    by = tuple(dict.fromkeys(by))
    attributes = [name for name in by if name not in PERIODS]
    unit = periods.finest(tuple(name for name in by if name in PERIODS))
    span = {name: us for name, us in (("since_us", since_us), ("until_us", until_us)) if us is not None}
    end_of = None if unit is None else lambda us: periods.end(unit, us, zone)
    found = [
        each
        for each in books.unanswered(attributes, **span, end_of=end_of, where=where)
        if is_refusal(each.error)
    ]
    if found and known is None:
        known = means(books.sums(ANSWERED, **span, end_of=None, where=where), ANSWERED)
    rows: dict[tuple[Group, Reason], Refused] = {}
    total = Refused()
    for each in found:
        named = dict(zip(attributes, each.group, strict=True))
        group = tuple(
            periods.label(name, each.period_us, zone) if name in PERIODS else named[name] for name in by
        )
        one = _refused(each, known or {})
        rows.setdefault((group, (each.error, each.limits)), Refused()).add(one)
        total.add(one)
    times = [place for place, name in enumerate(by) if name in PERIODS]

    def place(row: tuple[tuple[Group, Reason], Refused]) -> tuple[Any, ...]:
        (group, reason), sums = row
        return (*(group[i] for i in times), -sums.calls, *map(str, group), reason)

    ordered = [(group, reason, sums) for (group, reason), sums in sorted(rows.items(), key=place)]
    return Refusals(by, tuple(ordered), total, zone, since_us, until_us)


def means(sums: Mapping[tuple[int, Group], Sums], names: Sequence[str]) -> Means:
    """What answered calls cost, of sums by attributes among which those of ANSWERED are."""
    places = [names.index(name) for name in ANSWERED]
    found: Means = {}
    for (_, group), each in sums.items():
        provider, model, billing, cache, status = (group[i] for i in places)
        answered = isinstance(status, int) and status < 400 and cache in (None, "miss")
        if answered and billing == Billing.METERED.value:
            key = str(provider), None if model is None else str(model)
            calls, nano = found.get(key, (0, 0))
            found[key] = calls + each.calls, nano + each.cost_nano
    return found


def _refused(each: Unanswered, means: Means) -> Refused:
    one = Refused(calls=each.calls, bounded_calls=each.bounded, bound_nano=each.bound_nano)
    mean = means.get((each.provider, each.model))
    if mean is not None:
        calls, nano = mean
        likely = (2 * each.calls * nano + calls) // (2 * calls)
        one.likely_calls = each.calls
        one.likely_nano = min(likely, each.bound_nano) if each.bounded == each.calls else likely
    return one


def as_json(found: Refusals) -> dict[str, Any]:
    """`{since, until, by, refused: [{<by>, reason, limits, calls, likely_usd, likely_calls, bound_usd,
    bounded_calls}], total}`.

    `likely_usd` is an estimate, for `likely_calls` of the calls: what answered ones of their models cost in
    the same time. `bound_usd` is the most that `bounded_calls` of them could have come to. Neither is in a
    cost. `limits` has the name of the limit or rate that refused them; of calls that an earlier release
    recorded, or that none of the limits refused, the names of all that they met.
    """
    rows = [
        {
            **dict(zip(found.by, group, strict=True)),
            "reason": error,
            "limits": list(limits),
            **amounts(sums),
        }
        for group, (error, limits), sums in found.rows
    ]
    return {
        "since": iso(found.since_us, found.zone),
        "until": iso(found.until_us, found.zone),
        "by": list(found.by),
        "refused": rows,
        "total": amounts(found.total),
    }


def amounts(sums: Refused) -> dict[str, Any]:
    """By their stable names, money as decimal strings in USD."""
    return {
        "calls": sums.calls,
        "likely_usd": usd(sums.likely_nano),
        "likely_calls": sums.likely_calls,
        "bound_usd": usd(sums.bound_nano),
        "bounded_calls": sums.bounded_calls,
    }
