"""Budgets as a table for a terminal: figures short, no wider than the terminal."""

from zoneinfo import ZoneInfo

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from tollway.budget.amounts import Unit
from tollway.budget.bucket import Enforce
from tollway.reporting import periods
from tollway.reporting.budgets import Budgets, Standing
from tollway.reporting.budgets_text import notes, values
from tollway.reporting.figures import ABSENT, compact, printable
from tollway.tally import dollars

NAMES = ("limit", "bucket", "used", "left", "amount", "settled", "held", "an hour", "lasts until", "resets")
LEAST = ("settled", "held", "an hour", "amount", "resets", "lasts until")
"""Columns that make way in a narrow terminal, in that order."""
TEXTS = frozenset({"limit", "bucket", "lasts until", "resets"})
UNITS = {
    Unit.USD: "",
    Unit.TOKENS: " tokens",
    Unit.INPUT: " input",
    Unit.OUTPUT: " output",
    Unit.REQUESTS: " calls",
}
"""Said once in a row, beside what is left."""
FULL, NEARLY = 1.0, 0.8
_GAP = 2


def as_table(budgets: Budgets, width: int) -> Group:
    """A table of at most so many characters a line, if need be without columns that it then names."""
    cells = [_cells(standing, budgets.zone) for standing in budgets.standings]
    widths = {name: max(len(name), *(len(row[name]) for row in cells)) for name in NAMES}
    shown, left_out = _fitting(widths, width)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="dim", padding=(0, _GAP - 1, 0, 0))
    for name in shown:
        is_text = name in TEXTS
        table.add_column(name, justify="left" if is_text else "right", no_wrap=True, overflow="ellipsis")
    for standing, row in zip(budgets.standings, cells, strict=True):
        table.add_row(*(Text(row[name], style=_style(name, row[name], standing)) for name in shown))
    said = notes(budgets)
    if left_out:
        said.append(f"no room for {', '.join(left_out)}")
    return Group(Text(f"Budgets, {budgets.zone.key}"), table, *(Text(note, style="dim") for note in said))


def _cells(standing: Standing, zone: ZoneInfo) -> dict[str, str]:
    row = standing.row
    unit = row.bucket.unit
    name = printable(row.bucket.limit)
    return {
        "limit": name if row.enforce is Enforce.HARD else f"{name} ({row.enforce.value})",
        "bucket": values(row.bucket.values),
        "used": f"{int(100 * standing.used)}%",
        "left": short(standing.left, unit) + UNITS[unit],
        "amount": short(row.amount, unit),
        "settled": short(row.settled, unit),
        "held": short(row.held, unit) if row.held else ABSENT,
        "an hour": short(standing.per_hour, unit) if standing.per_hour else ABSENT,
        "lasts until": _day_and_hour(standing.exhausted_us, zone),
        "resets": "rolling" if standing.until_us is None else _day_and_hour(standing.until_us, zone),
    }


def short(amount: int, unit: Unit) -> str:
    """An amount for people: $12.34, 1.23M."""
    text = dollars(abs(amount)) if unit is Unit.USD else compact(abs(amount))
    return f"-{text}" if amount < 0 else text


def _day_and_hour(us: int | None, zone: ZoneInfo) -> str:
    return ABSENT if us is None else f"{periods.local(us, zone):%d %b %H:%M}"


def _style(name: str, cell: str, standing: Standing) -> str:
    if cell == ABSENT:
        return "dim"
    if name in ("used", "left"):
        return "bold red" if standing.used >= FULL else "yellow" if standing.used >= NEARLY else "bold"
    return "yellow" if name == "lasts until" else ""


def _fitting(widths: dict[str, int], width: int) -> tuple[list[str], list[str]]:
    """The columns that fit, and those left out; long names are cut if that is not enough."""
    shown, left_out = list(NAMES), []
    for name in LEAST:
        if sum(widths[each] + _GAP for each in shown) <= width:
            break
        shown.remove(name)
        left_out.append(name)
    return shown, left_out
