"""What is said around a bill's figures: its title, short names of columns, and what needs a word."""

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from tollway.reporting import periods
from tollway.reporting.bill import Bill
from tollway.reporting.columns import Column

HEADINGS = {
    "input_tokens": "input", "cache_read_tokens": "cached", "cache_write_tokens": "written",
    "output_tokens": "output", "web_searches": "searches", "cost_usd": "cost $", "notional_usd": "notional $",
    "estimated_usd": "estimated $", "unsettled_usd": "unsettled $", "saved_usd": "saved $",
    "calls_before": "calls before", "before_usd": "before $", "difference_usd": "difference $",
    "percent": "change", "notional_before_usd": "notional before $", "likely_usd": "likely $",
    "bound_usd": "at most $", "repriced_usd": "repriced $", "repriced_notional_usd": "repriced notional $",
}  # fmt: skip
"""Of columns, where their names are long."""
NOTES = {
    "estimated_usd": "estimated: the part of the cost that rests on an estimate",
    "unsettled_usd": "unsettled: the part of it whose batches' ends did not pass in time",
    "notional_usd": "notional: what the calls under a flat plan would have cost; not in the cost",
    "saved_usd": "saved: what the calls that the cache answered would have cost; not in the cost",
}
"""What columns are, where their names do not say it."""


def heading(column: Column) -> str:
    """A column's name for people."""
    return HEADINGS.get(column.name, column.name)


def notes(columns: Iterable[Column], more: Sequence[str] = ()) -> list[str]:
    """What there is to say of columns, then the rest."""
    names = {column.name for column in columns}
    return [*(note for name, note in NOTES.items() if name in names), *more]


def title(bill: Bill) -> str:
    """What the bill is about."""
    return ", ".join(["AI calls", *bounds(bill.since_us, bill.until_us, bill.zone)])


def bounds(since_us: int | None, until_us: int | None, zone: ZoneInfo) -> list[str]:
    """Since when and until when something is, as far as it is bounded, and in which zone."""
    said = [
        f"{word} {periods.local(us, zone):%Y-%m-%d %H:%M}"
        for word, us in (("since", since_us), ("until", until_us))
        if us is not None
    ]
    return [*said, zone.key]
