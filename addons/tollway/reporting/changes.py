"""The bill of two stretches of time side by side: what became more, what became less."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from tollway.ledger.attributes import Where
from tollway.ledger.store import Books, Group
from tollway.ledger.sums import Sums
from tollway.money import usd
from tollway.reporting.bill import report
from tollway.reporting.budgets import iso
from tollway.reporting.percent import percent
from tollway.reporting.stretch import Pair, Stretch


@dataclass(frozen=True, slots=True)
class Change:
    """What some calls cost, and what their like cost before."""

    now: Sums
    before: Sums

    @property
    def difference_nano(self) -> int:
        """How much more; of what is metered."""
        return self.now.cost_nano - self.before.cost_nano

    def with_(self, other: "Change") -> "Change":
        """Both together."""
        return Change(_both(self.now, other.now), _both(self.before, other.before))


@dataclass(frozen=True, slots=True)
class Changes:
    """Two bills."""

    by: tuple[str, ...]
    rows: tuple[tuple[Group, Change], ...]
    """A value for each of `by`, of all that is in one of the two; the dearest now first."""
    total: Change
    pair: Pair
    zone: ZoneInfo
    others: tuple[int, Change] | None = None
    """How many rows were left out, and what they come to; None: none were."""


def changes(books: Books, by: Sequence[str], pair: Pair, zone: ZoneInfo, where: Where = ()) -> Changes:
    """The bill of a stretch beside that of the one before, by attributes that are no periods."""
    now, before = (_of(books, by, each, zone, where) for each in (pair.now, pair.before))
    rows = {
        group: Change(now[0].get(group, Sums()), before[0].get(group, Sums()))
        for group in dict.fromkeys([*now[0], *before[0]])
    }
    ordered = sorted(rows.items(), key=_place)
    return Changes(tuple(dict.fromkeys(by)), tuple(ordered), Change(now[1], before[1]), pair, zone)


def movers(found: Changes, most: int) -> Changes:
    """The rows that rose the most and those that fell the most, so many of each; the others as one."""
    rising = sorted(found.rows, key=lambda row: -row[1].difference_nano)[:most]
    falling = sorted(found.rows, key=lambda row: row[1].difference_nano)[:most]
    up = [row for row in rising if row[1].difference_nano > 0]
    down = [row for row in falling if row[1].difference_nano < 0]
    kept = {group for group, _ in (*up, *down)}
    rest = Change(Sums(), Sums())
    for group, change in found.rows:
        if group not in kept:
            rest = rest.with_(change)
    left_out = len(found.rows) - len(kept)
    return Changes(
        by=found.by,
        rows=(*up, *reversed(down)),
        total=found.total,
        pair=found.pair,
        zone=found.zone,
        others=(left_out, rest) if left_out else None,
    )


def as_json(found: Changes) -> dict[str, Any]:
    """`{since, until, before: {since, until}, compare, by, rows: [{<by>, calls, calls_before, cost_usd,
    before_usd, difference_usd, percent, notional_usd, notional_before_usd}], others, total}`.

    `percent` is a decimal string, null where nothing was before. `others` is null unless rows are left out;
    else it has how many there are (`rows`), and what they come to: with them the rows add up to the total.
    """
    now, before = found.pair.now, found.pair.before
    return {
        "since": iso(now.since_us, found.zone),
        "until": iso(now.until_us, found.zone),
        "before": {"since": iso(before.since_us, found.zone), "until": iso(before.until_us, found.zone)},
        "compare": found.pair.unit,
        "by": list(found.by),
        "rows": [
            {**dict(zip(found.by, group, strict=True)), **amounts(change)} for group, change in found.rows
        ],
        "others": None if found.others is None else {"rows": found.others[0], **amounts(found.others[1])},
        "total": amounts(found.total),
    }


def amounts(change: Change) -> dict[str, Any]:
    """Both sums by their stable names, money as decimal strings in USD."""
    share = percent(change.now.cost_nano, change.before.cost_nano)
    return {
        "calls": change.now.calls,
        "calls_before": change.before.calls,
        "cost_usd": usd(change.now.cost_nano),
        "before_usd": usd(change.before.cost_nano),
        "difference_usd": usd(change.difference_nano),
        "percent": None if share is None else str(share),
        "notional_usd": usd(change.now.notional_nano),
        "notional_before_usd": usd(change.before.notional_nano),
    }


def _of(
    books: Books, by: Sequence[str], stretch: Stretch, zone: ZoneInfo, where: Where
) -> tuple[dict[Group, Sums], Sums]:
    bill = report(books, by, stretch.since_us, stretch.until_us, zone, where)
    return dict(bill.rows), bill.total


def _both(one: Sums, other: Sums) -> Sums:
    both = Sums()
    both.add(one)
    both.add(other)
    return both


def _place(row: tuple[Group, Change]) -> tuple[Any, ...]:
    group, change = row
    now, before = (sums.cost_nano + sums.notional_nano for sums in (change.now, change.before))
    return -now, -before, *(str(value) for value in group)
