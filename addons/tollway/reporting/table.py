"""The bill as a table for a terminal: figures short, the total at the foot, no wider than the terminal."""

from collections.abc import Sequence

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from tollway.reporting.bill import Bill
from tollway.reporting.cells import Form, cells, is_text
from tollway.reporting.columns import Column, columns
from tollway.reporting.figures import ABSENT
from tollway.reporting.headings import heading, notes, title

LEAST = (
    "requests", "pages", "characters", "seconds", "images", "tool_calls", "web_searches",
    "cache_write_tokens", "estimated_usd", "cache_read_tokens", "input_tokens", "output_tokens", "last",
    "first", "calls_before", "notional_before_usd", "notional_usd", "saved_usd", "unsettled_usd", "bound_usd",
    "percent", "before_usd", "calls",
)  # fmt: skip
"""Columns that make way in a narrow terminal, in that order."""
_GAP = 2
"""Between columns: the padding, and the space that is the box's line."""
_LEAST_TEXT = 8


def as_table(bill: Bill, width: int) -> Group:
    """A table of at most so many characters a line, if need be without columns that it then names."""
    return fitted(title(bill), columns(bill), width)


def fitted(title: str, columns: Sequence[Column], width: int, more: Sequence[str] = ()) -> Group:
    """Columns as such a table. `more`: what else is to be said below."""
    shown, left_out = _fitting([_Strip(column) for column in columns], width)
    said = notes([strip.column for strip in shown], more)
    if left_out:
        said.append(f"no room for {', '.join(strip.heading for strip in left_out)}")
    table = Table(
        box=box.SIMPLE_HEAD,
        show_footer=True,
        pad_edge=False,
        header_style="dim",
        padding=(0, _GAP - 1, 0, 0),
    )
    for i, strip in enumerate(shown):
        strip.add_to(table, is_first=i == 0)
    for row in zip(*(strip.cells for strip in shown), strict=True):
        table.add_row(*row)
    return Group(Text(title), table, *(Text(note, style="dim") for note in said))


class _Strip:
    """A column as the table shows it."""

    def __init__(self, column: Column) -> None:
        self.column = column
        self.heading = heading(column)
        *texts, self.foot = cells(column, Form.SHORT)
        self.width = max(map(len, (self.heading, self.foot, *texts)))
        self.cells = [Text(text, style="dim" if text == ABSENT else "") for text in texts]

    def add_to(self, table: Table, is_first: bool) -> None:
        left = is_text(self.column)
        if left and is_first:
            self.foot = "total"
            self._say_once()
        table.add_column(
            self.heading,
            footer=Text("" if left and not is_first else self.foot, style="bold"),
            justify="left" if left else "right",
            no_wrap=True,
            overflow="ellipsis",
            width=self.width,
            style="bold" if self.column.name == "cost_usd" else "",
        )

    def _say_once(self) -> None:
        """A value of the first column stands where it begins."""
        plain = [cell.plain for cell in self.cells]
        for i in range(1, len(plain)):
            if plain[i] == plain[i - 1]:
                self.cells[i] = Text("")


def _fitting(strips: list[_Strip], width: int) -> tuple[list[_Strip], list[_Strip]]:
    """The columns that fit, and those left out; long texts are cut if that is not enough."""
    shown, left_out = list(strips), []
    for name in LEAST:
        if _excess(shown, width) <= 0:
            break
        leaving = [strip for strip in shown if strip.column.name == name]
        left_out += leaving
        shown = [strip for strip in shown if strip not in leaving]
    texts = [strip for strip in shown if is_text(strip.column) and strip.width > _LEAST_TEXT]
    while texts and _excess(shown, width) > 0:
        longest = max(texts, key=lambda strip: strip.width)
        longest.width -= 1
        texts = [strip for strip in texts if strip.width > _LEAST_TEXT]
    return shown, left_out


def _excess(strips: list[_Strip], width: int) -> int:
    return sum(strip.width + _GAP for strip in strips) - width
