"""The bill as FOCUS: what the ledger's calls come to, as CSV.

Amounts are as charged; list cost is by the built-in prices where an operator's own prices made the charge.
Charge periods and billing periods are UTC's, as the specification wants it.
"""

import csv
import io
from collections.abc import Callable, Iterator, Sequence

from tollway.focus.fold import About, Call, Fold
from tollway.focus.row import columns, values
from tollway.ledger.attributes import PERIODS
from tollway.ledger.charged import Charged
from tollway.ledger.store import EARLIEST_US, LATEST_US, Books
from tollway.reporting.periods import UTC_ZONE, beginning, end
from tollway.reporting.sheet import cell

DEFAULT_BY = ("day", "team", "user", "service")
GIVEN = frozenset({"provider", "model", "billing", "cost_source", "tier", "account"})
"""Attributes that every row is about anyway."""
_OWN_PRICES = "+"
"""In a price's version: a list of the operator's had a part in it."""

ByList = Callable[[Charged], Sequence[int] | None]
"""What a call costs by the built-in list, part by part; None: what it was charged."""


def period_of(by: Sequence[str]) -> str:
    """The charge period that attributes say: hour, day or month; else a day. Raises ValueError."""
    found = [name for name in by if name in PERIODS]
    if len(found) > 1 or "week" in found:
        raise ValueError(
            f"a charge period of FOCUS is an hour, a day or a month, and not {' and '.join(found)}"
        )
    return found[0] if found else "day"


def as_csv(
    books: Books, by: Sequence[str], since_us: int | None, until_us: int | None, by_list: ByList
) -> Iterator[str]:
    """The header, then a row a line; `by` as of a bill. Raises ValueError, as `period_of`."""
    unit, apart = period_of(by), _apart(by)
    fold = Fold()
    for call in _calls(books, apart, unit, since_us, until_us, by_list):
        fold.feed(call)
    names = columns(apart)
    yield header(by)
    for key, amounts in fold.rows():
        row = values(key, amounts, apart, unit)
        yield _line([row[name] for name in names])


def header(by: Sequence[str]) -> str:
    """The names of the columns, as a line."""
    return _line(columns(_apart(by)))


def _apart(by: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in by if name not in PERIODS and name not in GIVEN))


def _calls(
    books: Books,
    by: Sequence[str],
    unit: str,
    since_us: int | None,
    until_us: int | None,
    by_list: ByList,
) -> Iterator[Call]:
    start, over = 0, -1
    since = EARLIEST_US if since_us is None else since_us
    until = LATEST_US if until_us is None else until_us
    for call in books.charged(("account", *by), since, until):
        if call.started_us >= over:
            over = end(unit, call.started_us, UTC_ZONE)
            start = beginning(unit, call.started_us, UTC_ZONE)
        listed = by_list(call) if _OWN_PRICES in call.price_version else None
        account, *group = call.group
        about = About(
            start, call.provider, call.model, call.tier, call.billing, call.cost_source,
            None if account is None else str(account), tuple(group),
        )  # fmt: skip
        yield Call(about, call.used, call.parts, call.parts if listed is None else listed, call.calls)


def _line(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(map(cell, cells))
    return text.getvalue()
