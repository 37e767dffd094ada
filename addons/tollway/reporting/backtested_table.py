"""What a backtest found, for a terminal: who is hit stands out, no wider than the terminal."""

from collections.abc import Sequence
from typing import Literal
from zoneinfo import ZoneInfo

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from tollway.backtest.result import Backtest
from tollway.reporting.backtested_sheets import TEXTS, Sheet, callers, entries, notes, summary, title
from tollway.reporting.backtested_text import HEADING
from tollway.reporting.figures import ABSENT

MOST_CALLERS = 20
LEAST = ("full", "alerts", "waited", "first", "by", "first refused", "cost $", "what")
"""Columns that make way in a narrow terminal, in that order."""
STYLES = {"refused": "bold red", "would refuse": "yellow", "saved $": "bold green", "this policy": "bold"}
_GAP = 2


def as_table(found: Backtest, policy: str, zone: ZoneInfo, width: int) -> Group:
    """Sheets of at most so many characters a line, if need be without columns that it then names."""
    people, hidden = callers(found, zone, MOST_CALLERS)
    parts: list[RenderableType] = [Text(title(found, policy, zone), style="bold")]
    lost: list[str] = []
    for sheet in (summary(found), entries(found, zone), people):
        if sheet.rows:
            shown, gone = _fitting(sheet, width)
            parts.append(_table(shown))
            lost += [name for name in gone if name not in lost]
    said = notes(found, hidden)
    said += [f"no room for {', '.join(lost)}"] if lost else []
    parts += [Text(each, style="dim") for each in said]
    if found.unknown:
        parts += [Text(f"\n{HEADING}", style="dim"), _list(found.unknown)]
    return Group(*parts)


def _table(sheet: Sheet) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="dim", padding=(0, _GAP - 1, 0, 0))
    for name in sheet.names:
        justify: Literal["left", "right"] = "left" if name in TEXTS else "right"
        table.add_column(name, justify=justify, no_wrap=True, overflow="ellipsis")
    for row in sheet.rows:
        table.add_row(*(_cell(name, cell) for name, cell in zip(sheet.names, row, strict=True)))
    return table


def _list(sentences: Sequence[str]) -> Table:
    listed = Table.grid(padding=(0, 1))
    for sentence in sentences:
        listed.add_row(Text(" ·", style="dim"), Text(sentence, style="dim"))
    return listed


def _cell(name: str, cell: str) -> Text:
    return Text(cell, style="dim" if cell in (ABSENT, "0") else STYLES.get(name, ""))


def _fitting(sheet: Sheet, width: int) -> tuple[Sheet, list[str]]:
    """The columns that fit, and the names of those left out; long names are cut if that is not enough."""
    columns = dict(zip(sheet.names, zip(*sheet.rows, strict=True), strict=True))
    gone = []
    for name in LEAST:
        if sum(max(map(len, (head, *cells))) + _GAP for head, cells in columns.items()) <= width:
            break
        if name in columns:
            del columns[name]
            gone.append(name)
    return Sheet(tuple(columns), tuple(zip(*columns.values(), strict=True))), gone
