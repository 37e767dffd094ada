"""The bill as CSV."""

import csv
import io
from collections.abc import Sequence

from tollway.ledger.sums import Sums
from tollway.model import USAGE_FIELDS
from tollway.money import usd
from tollway.reporting.bill import Bill, when
from tollway.reporting.columns import Column, Kind
from tollway.reporting.figures import printable

AMOUNTS = ("cost_usd", "notional_usd", "estimated_usd", "saved_usd", "unsettled_usd")


def as_csv(bill: Bill) -> str:
    """A header, then a row a line, no total; every usage field has its column, empty where not reported."""
    text = io.StringIO()
    sheet = csv.writer(text, lineterminator="\n")
    sheet.writerow([*bill.by, *when(bill, Sums()), "calls", *USAGE_FIELDS, *AMOUNTS])
    for group, sums in bill.rows:
        sheet.writerow([*map(cell, group), *map(cell, when(bill, sums).values()), *_figures(sums)])
    return text.getvalue()


def _figures(sums: Sums) -> list[str | int]:
    counts = [sums.usage.get(name, "") for name in USAGE_FIELDS]
    amounts = (sums.cost_nano, sums.notional_nano, sums.estimated_nano, sums.saved_nano, sums.unsettled_nano)
    return [sums.calls, *counts, *map(usd, amounts)]


def cell(value: str | int | None) -> str | int:
    """A value that no spreadsheet takes for a formula; empty where there is none."""
    if value is None or isinstance(value, int):
        return "" if value is None else value
    text = printable(value) if value else ""
    # Clients choose some of the values, and spreadsheets run what begins like a formula.
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def of_columns(columns: Sequence[Column]) -> str:
    """Columns as CSV: their names, then a row a line, no total; money exact, empty where there is nothing."""
    text = io.StringIO()
    sheet = csv.writer(text, lineterminator="\n")
    sheet.writerow([column.name for column in columns])
    sheet.writerows(zip(*map(_values, columns), strict=True))
    return text.getvalue()


def _values(column: Column) -> list[str | int]:
    if column.kind in (Kind.MONEY, Kind.CHANGE):
        return [usd(value) if isinstance(value, int) else "" for value in column.values]
    if column.kind is Kind.PERCENT:  # a minus is no formula there, and a figure is to stay one
        return ["" if value is None else str(value) for value in column.values]
    return [cell(value) for value in column.values]
