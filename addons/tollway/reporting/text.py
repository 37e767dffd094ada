"""The bill as plain text, for pipes and files: a row a line, words in columns, figures in full."""

from tollway.reporting.bill import Bill
from tollway.reporting.columns import Column, Kind, columns
from tollway.reporting.figures import decimals, fixed, printable


def as_text(bill: Bill) -> str:
    """Columns two spaces apart: the headings, the rows, the total."""
    shown = [_cells(column) for column in columns(bill)]
    if bill.by:
        shown[0][-1] = "total"
    padded = [_padded(cells, column.kind) for cells, column in zip(shown, columns(bill), strict=True)]
    return "\n".join("  ".join(line).rstrip() for line in zip(*padded, strict=True))


def _cells(column: Column) -> list[str]:
    values = [*column.values, column.total]
    if column.kind is Kind.MONEY:
        amounts = [value for value in values if isinstance(value, int)]
        places = decimals(amounts)
        return [column.name, *(fixed(amount, places) for amount in amounts)]
    return [column.name, *map(printable, values)]


def _padded(cells: list[str], kind: Kind) -> list[str]:
    width = max(map(len, cells))
    return [cell.ljust(width) if kind is Kind.TEXT else cell.rjust(width) for cell in cells]
