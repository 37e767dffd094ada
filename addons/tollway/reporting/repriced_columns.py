"""The bill at other prices as columns, and what there is to say of them."""

from collections.abc import Callable

from tollway.reporting.columns import Column, Kind, grouped
from tollway.reporting.figures import printable
from tollway.reporting.headings import NOTES
from tollway.reporting.reprice import Comparison, Repriced


def columns(found: Comparison) -> list[Column]:
    """What rows are of, then calls, the cost as charged and at the other prices, and the difference; and what
    flat plans cover, if they cover any."""
    rows = [*found.rows] if found.by else []

    def column(name: str, kind: Kind, of: Callable[[Repriced], int]) -> Column:
        return Column(name, kind, tuple(of(sums) for _, sums in rows), of(found.total))

    plans = [
        column("notional_usd", Kind.MONEY, lambda sums: sums.notional_nano),
        column("repriced_notional_usd", Kind.MONEY, lambda sums: sums.repriced_notional_nano),
    ]
    return [
        *grouped(found.by, [group for group, _ in rows]),
        column("calls", Kind.COUNT, lambda sums: sums.calls),
        column("cost_usd", Kind.MONEY, lambda sums: sums.cost_nano),
        column("repriced_usd", Kind.MONEY, lambda sums: sums.repriced_nano),
        column("difference_usd", Kind.CHANGE, lambda sums: sums.repriced_nano - sums.cost_nano),
        *(plans if any(each.total for each in plans) else ()),
    ]


def title(found: Comparison) -> str:
    """What it is about."""
    return f"AI calls at other prices ({printable(found.prices)}), {found.zone.key}"


def notes(found: Comparison) -> list[str]:
    """What there is to know of the figures."""
    total = found.total
    kept = f"{total.kept:,} calls stay as charged: the provider billed them, no usage, or several models"
    plans = total.notional_nano or total.repriced_notional_nano
    return [*([kept] if total.kept else ()), *([NOTES["notional_usd"]] if plans else ())]
