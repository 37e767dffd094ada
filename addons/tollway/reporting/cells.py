"""A column's values as texts: in full, short, or exact."""

from collections.abc import Iterable
from enum import Enum

from tollway.reporting.columns import Column, Kind
from tollway.reporting.figures import ABSENT, compact, decimals, exact_decimals, printable, signed


class Form(Enum):
    """How figures are written."""

    FULL = "full"
    """Counts to the last digit, money with two digits of its smallest amount: for pipes."""
    SHORT = "short"
    """Counts in three digits, money as in FULL, with commas: for a look."""
    EXACT = "exact"
    """Money to the nano-dollar, with commas: what can be added up."""


def cells(column: Column, form: Form) -> list[str]:
    """A text for each value, and for the total, which comes last."""
    values = [*column.values, column.total]
    if column.kind is Kind.COUNT:
        return [_count(value, form) for value in values]
    if column.kind in (Kind.MONEY, Kind.CHANGE):
        return _money([value if isinstance(value, int) else None for value in values], column.kind, form)
    if column.kind is Kind.PERCENT:
        return [_percent(value) for value in values]
    return [printable(value) for value in values]


def is_text(column: Column) -> bool:
    """Whether its values begin where the column does; figures end where it does."""
    return column.kind is Kind.TEXT


def _count(value: str | int | None, form: Form) -> str:
    if not isinstance(value, int):
        return ABSENT
    if form is Form.SHORT:
        return compact(value)
    return str(value) if form is Form.FULL else f"{value:,}"


def _money(amounts: list[int | None], kind: Kind, form: Form) -> list[str]:
    known: Iterable[int] = [abs(amount) for amount in amounts if amount is not None]
    places = exact_decimals(known) if form is Form.EXACT else decimals(known)
    separator, plus = "" if form is Form.FULL else ",", "+" if kind is Kind.CHANGE else ""
    return [ABSENT if each is None else signed(each, places, separator, plus) for each in amounts]


def _percent(value: str | int | None) -> str:
    if not isinstance(value, str):
        return ABSENT
    return f"{value}%" if value.startswith("-") or value == "0.0" else f"+{value}%"
