"""Refusals as columns, for every form that people and spreadsheets read."""

from collections.abc import Callable

from tollway.reporting.columns import Column, Kind, grouped
from tollway.reporting.refused import Refusals, Refused

LIKELY = (
    "likely: an estimate, of what answered calls of the same model cost in the same time; in no cost. "
    "A program that tries again is refused again, and counts again"
)
BOUND = "at most: what {} of the calls could have come to, by the bounds that hard limits had asked for"
UNKNOWN = "{} of the calls were of models that answered none: nothing is estimated for them"


def columns(found: Refusals) -> list[Column]:
    """What rows are of, reason, the limit that refused, how many, and what they might have cost."""

    def column(name: str, kind: Kind, of: Callable[[Refused], int]) -> Column:
        return Column(name, kind, tuple(of(sums) for _, _, sums in found.rows), of(found.total))

    reasons = [error for _, (error, _), _ in found.rows]
    limits = [",".join(limits) or None for _, (_, limits), _ in found.rows]
    bound = column("bound_usd", Kind.MONEY, lambda sums: sums.bound_nano)
    return [
        *grouped(found.by, [group for group, _, _ in found.rows]),
        Column("reason", Kind.TEXT, tuple(reasons)),
        Column("limits", Kind.TEXT, tuple(limits)),
        column("calls", Kind.COUNT, lambda sums: sums.calls),
        column("likely_usd", Kind.MONEY, lambda sums: sums.likely_nano),
        *([bound] if bound.total else ()),
    ]


def notes(found: Refusals) -> list[str]:
    """What the figures are, and what they are not."""
    total = found.total
    said = [LIKELY]
    if total.likely_calls < total.calls:
        said.append(UNKNOWN.format(f"{total.calls - total.likely_calls:,}"))
    if total.bounded_calls:
        said.append(BOUND.format(f"{total.bounded_calls:,}"))
    return said
