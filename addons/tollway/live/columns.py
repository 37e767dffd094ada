"""Cells in columns, in no more lines and cells than there are: what has no room is left out, or cut."""

from collections.abc import Iterable, Sequence

from msgspec import Struct
from rich.cells import cell_len
from rich.text import Span, Text

from tollway.live.glyphs import fit

GAP = 1
"""Cells between columns."""
Cell = Text | str
"""A text where parts of it have a style of their own: it costs three times as much to make and to draw."""


class Column(Struct, frozen=True, kw_only=True):
    """One column."""

    name: str
    cells: Sequence[Cell]
    style: str = ""
    """Of every cell that is no Text."""
    right: bool = False
    """Figures end where their column does."""
    least: int | None = None
    """It may be cut to so many cells; None: it may not be cut."""

    @property
    def width(self) -> int:
        """Of the longest cell."""
        return max([len(self.name), *map(_taken, self.cells)])

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
    lines = [_line([column.name for column in shown], shown, ["dim"] * len(shown), widths, cut)]
    styles = [column.style for column in shown]
    rows = zip(*(column.cells for column in shown), strict=True)
    lines += [_line(row, shown, styles, widths, cut) for row in rows]
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


def _line(
    cells: Sequence[Cell], columns: Sequence[Column], styles: Sequence[str], widths: Sequence[int], cut: str
) -> Text:
    """One text of all cells: to append them to each other takes twice as long."""
    parts, spans, at = list[str](), list[Span](), 0
    for i, (cell, column, style, width) in enumerate(zip(cells, columns, styles, widths, strict=True)):
        shown, taken = cell, _taken(cell)
        if taken > width:
            shown = _shortened(cell, width, cut)
            taken = _taken(shown)
        gap, blank = " " * GAP if i else "", " " * (width - taken)
        before, after = (gap + blank, "") if column.right else (gap, blank)
        at += len(before)
        plain, own = (shown, style) if isinstance(shown, str) else (shown.plain, shown.style)
        if own:
            spans.append(Span(at, at + len(plain), own))
        if isinstance(shown, Text):
            spans += [Span(at + span.start, at + span.end, span.style) for span in shown.spans]
        parts += (before, plain, after)
        at += len(plain) + len(after)
    line = Text("".join(parts), spans=spans, no_wrap=True, end="")
    line.rstrip()
    return line


def _taken(cell: Cell) -> int:
    return cell_len(cell) if isinstance(cell, str) else cell.cell_len


def _shortened(cell: Cell, width: int, cut: str) -> Cell:
    if isinstance(cell, str):
        return fit(cell, width, cut)
    shown = cell.copy()
    shown.truncate(max(width - 1, 0))
    return shown.append(cut)
