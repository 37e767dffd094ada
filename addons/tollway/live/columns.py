"""Cells in columns, in no more lines and cells than there are: what has no room is left out, or cut."""

from collections.abc import Iterable, Sequence

from msgspec import Struct
from rich.text import Span, Text

GAP = 1
"""Cells between columns."""


class Column(Struct, frozen=True, kw_only=True):
    """One column."""

    name: str
    cells: Sequence[Text]
    right: bool = False
    """Figures end where their column does."""
    least: int | None = None
    """It may be cut to so many cells; None: it may not be cut."""

    @property
    def width(self) -> int:
        """Of the longest cell."""
        return max([len(self.name), *(cell.cell_len for cell in self.cells)])

    @property
    def smallest(self) -> int:
        """The width below which it is left out."""
        return self.width if self.least is None else min(self.least, self.width)


def table(columns: Iterable[Column], width: int, first: Sequence[str], cut: str) -> list[Text]:
    """The heading and the rows, as lines of at most so many cells.

    `first`: the names of columns that are left out, in that order, while there is no room for all.
    """
    shown = [column for column in columns if column.cells]
    for name in first:
        if _room([column.smallest for column in shown]) <= width:
            break
        shown = [column for column in shown if column.name != name]
    widths = _widths(shown, width)
    lines = [_line([Text(column.name, style="dim") for column in shown], shown, widths, cut)]
    lines += [_line(row, shown, widths, cut) for row in zip(*(column.cells for column in shown), strict=True)]
    for line in lines:
        line.truncate(width)
    return lines


def _room(widths: Sequence[int]) -> int:
    return sum(widths) + GAP * (len(widths) - 1)


def _widths(columns: Sequence[Column], width: int) -> list[int]:
    """What is too much is taken from the longest that may be cut."""
    widths = [column.width for column in columns]
    while _room(widths) > width:
        most = max(range(len(columns)), key=lambda i: widths[i] - columns[i].smallest, default=None)
        if most is None or widths[most] <= columns[most].smallest:
            break
        widths[most] -= 1
    return widths


def _line(cells: Sequence[Text], columns: Sequence[Column], widths: Sequence[int], cut: str) -> Text:
    """One text of all cells: to append them to each other takes twice as long."""
    parts, spans, at = list[str](), list[Span](), 0
    for i, (cell, column, width) in enumerate(zip(cells, columns, widths, strict=True)):
        shown, taken = cell, cell.cell_len
        if taken > width:
            shown = cell.copy()
            shown.truncate(max(width - 1, 0))
            shown.append(cut)
            taken = shown.cell_len
        gap, blank = " " * GAP if i else "", " " * (width - taken)
        before, after = (gap + blank, "") if column.right else (gap, blank)
        at += len(before)
        plain = shown.plain
        if shown.style:
            spans.append(Span(at, at + len(plain), shown.style))
        spans += [Span(at + span.start, at + span.end, span.style) for span in shown.spans]
        parts += (before, plain, after)
        at += len(plain) + len(after)
    return Text("".join(parts).rstrip(), spans=spans, no_wrap=True, end="")
