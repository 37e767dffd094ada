"""The bill as a value: rows, each with a value for what it was grouped by, and their total."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from tollway.ledger.attributes import PERIODS, Where
from tollway.ledger.store import Books, Group
from tollway.ledger.sums import Sums
from tollway.money import usd
from tollway.reporting import periods

LASTING = frozenset({"session"})
"""What has a beginning and an end that are shown: those of its calls."""


@dataclass(frozen=True, slots=True)
class Bill:
    """What the calls cost that started in [since, until)."""

    by: tuple[str, ...]
    rows: tuple[tuple[Group, Sums], ...]
    """A value for each of `by`, and the sums: periods in their order, then the dearest first."""
    total: Sums
    zone: ZoneInfo
    since_us: int | None = None
    until_us: int | None = None


def report(
    books: Books,
    by: Sequence[str],
    since_us: int | None,
    until_us: int | None,
    zone: ZoneInfo,
    where: Where = (),
) -> Bill:
    """The bill by attributes, periods (hour, day, week, month of the zone) and tags (`tag.KEY`). `where`:
    what alone counts."""
    by = tuple(dict.fromkeys(by))
    attributes = [name for name in by if name not in PERIODS]
    unit = periods.finest(tuple(name for name in by if name in PERIODS))
    span = {name: us for name, us in (("since_us", since_us), ("until_us", until_us)) if us is not None}
    end_of = None if unit is None else lambda us: periods.end(unit, us, zone)
    found = books.sums(attributes, **span, end_of=end_of, where=where)

    rows: dict[Group, Sums] = {}
    total = Sums()
    for (period_us, values), sums in found.items():
        named = dict(zip(attributes, values, strict=True))
        group = tuple(periods.label(name, period_us, zone) if name in PERIODS else named[name] for name in by)
        rows.setdefault(group, Sums()).add(sums)
        total.add(sums)
    ordered = in_order(rows, by, lambda sums: sums.cost_nano + sums.notional_nano)
    return Bill(by, tuple(ordered), total, zone, since_us, until_us)


def in_order[T](
    rows: Mapping[Group, T], by: Sequence[str], cost: Callable[[T], int]
) -> list[tuple[Group, T]]:
    """By period where there are any; within one the dearest first, then by name."""
    times = [i for i, name in enumerate(by) if name in PERIODS]

    def place(row: tuple[Group, T]) -> tuple[Any, ...]:
        group, sums = row
        return (*(group[i] for i in times), -cost(sums), *(str(value) for value in group))

    return sorted(rows.items(), key=place)


def as_json(bill: Bill) -> dict[str, Any]:
    """`{since, until, by, rows: [{<by>, calls, <usage>, cost_usd, notional_usd, estimated_usd, unsettled_usd,
    saved_usd}], total}`.

    Times are ISO 8601 in the bill's zone, null where the bill is not bounded; usage fields that no call of a
    row reported are absent; `cost_usd` counts what is metered, `notional_usd` what a flat plan covers,
    `estimated_usd` is the part of `cost_usd` that is estimated, `unsettled_usd` that of it which batches come
    to whose end did not pass in time, `saved_usd` what the cache's answers would
    have cost; it is in none of the others. By `session`, `first` and `last` say when its first and its last
    call began.
    """
    return {
        "since": _iso(bill.since_us, bill.zone),
        "until": _iso(bill.until_us, bill.zone),
        "by": list(bill.by),
        "rows": [
            {**dict(zip(bill.by, group, strict=True)), **when(bill, sums), **amounts(sums)}
            for group, sums in bill.rows
        ],
        "total": {**when(bill, bill.total), **amounts(bill.total)},
    }


def when(bill: Bill, sums: Sums) -> dict[str, str | None]:
    """When the first and the last of these calls began, of a bill by what lasts; of others nothing."""
    if not LASTING & set(bill.by):
        return {}
    return {"first": _iso(sums.first_us, bill.zone), "last": _iso(sums.last_us, bill.zone)}


def amounts(sums: Sums) -> dict[str, Any]:
    """Sums by their stable names, money as decimal strings in USD."""
    return {
        "calls": sums.calls,
        **sums.in_order(),
        "cost_usd": usd(sums.cost_nano),
        "notional_usd": usd(sums.notional_nano),
        "estimated_usd": usd(sums.estimated_nano),
        "unsettled_usd": usd(sums.unsettled_nano),
        "saved_usd": usd(sums.saved_nano),
    }


def _iso(us: int | None, zone: ZoneInfo) -> str | None:
    return None if us is None else periods.local(us, zone).isoformat()
