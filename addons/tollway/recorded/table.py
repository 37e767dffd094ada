"""The calls of a file as a table for a terminal, and the bill by model below it."""

from collections.abc import Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from tollway.recorded.call import Call
from tollway.recorded.listing import FIGURES, HEADINGS, left_out, lines, shown
from tollway.recorded.text import NONE
from tollway.recorded.total import bill
from tollway.reporting.figures import ABSENT
from tollway.reporting.table import as_table as bill_as_table


def as_table(calls: Sequence[Call], all_of_them: bool, width: int) -> Group:
    """Of at most so many characters a line."""
    listed = shown(calls, all_of_them)
    parts: list[RenderableType] = [_listing(listed) if listed else Text(NONE)]
    if not all_of_them and (others := left_out(calls)):
        parts.append(Text(others, style="dim"))
    sums = bill(calls)
    if sums.rows:
        parts += [Text(), bill_as_table(sums, width)]
    return Group(*parts)


def _listing(calls: Sequence[Call]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="dim", padding=(0, 1, 0, 0))
    for name in HEADINGS:
        table.add_column(
            name,
            justify="right" if name in FIGURES else "left",
            no_wrap=True,
            overflow="ellipsis",
            style="bold" if name == "cost_usd" else "",
        )
    for row in lines(calls):
        table.add_row(*(Text(cell, style="dim" if cell == ABSENT else "") for cell in row))
    return table
