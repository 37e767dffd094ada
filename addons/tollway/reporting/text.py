"""The bill as plain text, for pipes and files: a row a line, words in columns, figures in full."""

from collections.abc import Sequence

from tollway.reporting.bill import Bill
from tollway.reporting.cells import Form, cells, is_text
from tollway.reporting.columns import Column, columns


def as_text(bill: Bill) -> str:
    """Columns two spaces apart: the headings, the rows, the total."""
    return aligned(columns(bill), bool(bill.by))


def aligned(
    columns: Sequence[Column], has_rows: bool = True, form: Form = Form.FULL, foot: bool = True
) -> str:
    """Columns two spaces apart. `has_rows`: the total is named where the first column has names; `foot`:
    there is a total."""
    shown = [[column.name, *cells(column, form)] for column in columns]
    if not foot:
        shown = [texts[:-1] for texts in shown]
    elif has_rows:
        shown[0][-1] = "total"
    padded = [_padded(texts, is_text(column)) for texts, column in zip(shown, columns, strict=True)]
    return "\n".join("  ".join(line).rstrip() for line in zip(*padded, strict=True))


def _padded(texts: list[str], left: bool) -> list[str]:
    width = max(map(len, texts))
    return [text.ljust(width) if left else text.rjust(width) for text in texts]
