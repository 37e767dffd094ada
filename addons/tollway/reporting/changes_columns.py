"""Two bills side by side as columns, for every form that people and spreadsheets read."""

from collections.abc import Callable
from decimal import Decimal

from tollway.reporting.changes import Change, Changes
from tollway.reporting.columns import Column, Kind, grouped
from tollway.reporting.percent import percent
from tollway.reporting.stretch import title as stretches


def columns(found: Changes, others: bool = True) -> list[Column]:
    """What rows are of, then calls, cost, cost before, difference and per cent; and what flat plans cover, if
    they cover any. `others`: what is left out is a row of its own, the last."""
    rows = [*found.rows] if found.by else []
    if others and found.others is not None and found.by:
        count, rest = found.others
        rows.append(((f"{count} others", *(None for _ in found.by[1:])), rest))

    def column(name: str, kind: Kind, of: Callable[[Change], int | str | None]) -> Column:
        return Column(name, kind, tuple(of(change) for _, change in rows), of(found.total))

    plans = [
        column("notional_usd", Kind.MONEY, lambda change: change.now.notional_nano),
        column("notional_before_usd", Kind.MONEY, lambda change: change.before.notional_nano),
    ]
    return [
        *grouped(found.by, [group for group, _ in rows]),
        column("calls", Kind.COUNT, lambda change: change.now.calls),
        column("calls_before", Kind.COUNT, lambda change: change.before.calls),
        column("cost_usd", Kind.MONEY, lambda change: change.now.cost_nano),
        column("before_usd", Kind.MONEY, lambda change: change.before.cost_nano),
        column("difference_usd", Kind.CHANGE, lambda change: change.difference_nano),
        column("percent", Kind.PERCENT, _percent),
        *(plans if any(each.total for each in plans) else ()),
    ]


def title(found: Changes) -> str:
    """What is compared with what."""
    return f"AI calls, {stretches(found.pair, found.zone)}, {found.zone.key}"


def _percent(change: Change) -> str | None:
    share: Decimal | None = percent(change.now.cost_nano, change.before.cost_nano)
    return None if share is None else str(share)
