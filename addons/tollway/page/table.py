"""Tables that are read aloud well: with a caption, and a heading for each column and row."""

from collections.abc import Sequence
from enum import Enum

from msgspec import Struct

from tollway.page.html import Child, Markup, element

LONGEST = 200
"""Characters of a text in a cell: clients choose some of them."""


class Cells(Enum):
    """What the cells of a column hold."""

    TEXT = ""
    SHORT = "short"
    """Texts that are never cut into lines."""
    FIGURE = "figure"
    """They end where the column does."""


class Column(Struct, frozen=True):
    """One column."""

    name: str
    cells: Cells = Cells.TEXT


def table(caption: str, columns: Sequence[Column], rows: Sequence[Sequence[Child]], none: str) -> Markup:
    """The rows, of which each begins with what it is of; `none`: a sentence where there are none.

    What is wider than the window is moved sideways, with the keyboard too.
    """
    if not rows:
        return element("p", none, class_="quiet")
    head = element("tr", [element("th", each.name, scope="col", class_=_class(each)) for each in columns])
    body = [_row(columns, row) for row in rows]
    inner = element("table", element("caption", caption), element("thead", head), element("tbody", body))
    return element("div", inner, class_="wide", role="region", aria_label=caption, tabindex=0)


def _row(columns: Sequence[Column], row: Sequence[Child]) -> Markup:
    first, *others = zip(columns, row, strict=True)
    return element(
        "tr",
        element("th", _cut(first[1]), scope="row", class_=_class(first[0])),
        [element("td", _cut(cell), class_=_class(column)) for column, cell in others],
    )


def _class(column: Column) -> str | None:
    return column.cells.value or None


def _cut(cell: Child) -> Child:
    return f"{cell[:LONGEST]}…" if isinstance(cell, str) and len(cell) > LONGEST else cell
