"""The bill as columns for people; `bill.as_json` and `sheet.as_csv` are for programs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from zoneinfo import ZoneInfo

from tollway.ledger.sums import Sums
from tollway.reporting.bill import LASTING, Bill
from tollway.reporting.periods import local

UNITS = (
    "input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens", "web_searches", "tool_calls",
    "images", "seconds", "characters", "pages", "requests",
)  # fmt: skip
"""The usage that has a column, where there is any. The other fields are parts of these."""


class Kind(Enum):
    """What a column's values are."""

    TEXT = "text"
    COUNT = "count"
    MONEY = "money"
    """In nano-dollars."""
    CHANGE = "change"
    """In nano-dollars, with a sign."""
    PERCENT = "percent"
    """Decimal texts, with a sign where they are below zero."""


@dataclass(frozen=True, slots=True)
class Column:
    """A value for each row, and their total."""

    name: str
    """As the bill's JSON calls it."""
    kind: Kind
    values: tuple[str | int | None, ...]
    total: str | int | None = None


def columns(bill: Bill) -> list[Column]:
    """What the bill is grouped by, then the figures: those that there are, and calls and cost anyway.

    A bill that is not grouped is a total without rows.
    """
    return [
        *grouped(bill.by, [group for group, _ in bill.rows]),
        *_when(bill),
        _column(bill, "calls", Kind.COUNT, lambda sums: sums.calls),
        *(_usage(bill, name) for name in UNITS if name in bill.total.usage),
        _column(bill, "cost_usd", Kind.MONEY, lambda sums: sums.cost_nano),
        *_if_any(_column(bill, "notional_usd", Kind.MONEY, lambda sums: sums.notional_nano)),
        *_if_any(_column(bill, "estimated_usd", Kind.MONEY, lambda sums: sums.estimated_nano)),
        *_if_any(_column(bill, "unsettled_usd", Kind.MONEY, lambda sums: sums.unsettled_nano)),
        *_if_any(_column(bill, "saved_usd", Kind.MONEY, lambda sums: sums.saved_nano)),
    ]


def grouped(by: Sequence[str], groups: Sequence[Sequence[str | int | None]]) -> list[Column]:
    """What rows are of: a column for each attribute."""
    return [Column(name, Kind.TEXT, tuple(group[i] for group in groups)) for i, name in enumerate(by)]


def minute(us: int | None, zone: ZoneInfo) -> str | None:
    """A moment to the minute, in the zone, as one word."""
    return None if us is None else f"{local(us, zone):%Y-%m-%dT%H:%M}"


def _when(bill: Bill) -> Sequence[Column]:
    """When the first and the last call of what lasts began."""
    if not LASTING & set(bill.by):
        return ()
    first = tuple(minute(sums.first_us, bill.zone) for _, sums in bill.rows)
    last = tuple(minute(sums.last_us, bill.zone) for _, sums in bill.rows)
    total = bill.total
    return (
        Column("first", Kind.TEXT, first, minute(total.first_us, bill.zone)),
        Column("last", Kind.TEXT, last, minute(total.last_us, bill.zone)),
    )


def _usage(bill: Bill, name: str) -> Column:
    return _column(bill, name, Kind.COUNT, lambda sums: sums.usage.get(name))


def _column(bill: Bill, name: str, kind: Kind, of: Callable[[Sums], int | None]) -> Column:
    rows = bill.rows if bill.by else ()
    return Column(name, kind, tuple(of(sums) for _, sums in rows), of(bill.total))


def _if_any(column: Column) -> Sequence[Column]:
    return [column] if column.total else []
