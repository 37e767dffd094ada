"""Budgets as bars: settled, held and left, how fast they are spent, and until when they last."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from rich.text import Text

from tollway.budget.bucket import Enforce
from tollway.live.columns import Cell, Column, table
from tollway.live.figures import lasts
from tollway.live.glyphs import Glyphs
from tollway.reporting import periods
from tollway.reporting.budgets import Standing
from tollway.reporting.budgets_table import UNITS, short
from tollway.reporting.budgets_text import values
from tollway.reporting.figures import ABSENT, printable

LEAST = ("settled", "held", "amount", "resets", "an hour", "lasts")
FULL, NEARLY = 1.0, 0.8
DAY_US = 86_400_000_000


def budget_lines(
    standings: Sequence[Standing], now_us: int, zone: ZoneInfo, glyphs: Glyphs, width: int, height: int
) -> list[Text]:
    """The heading, and so many budgets as have room: those that are nearest to their end."""
    if not standings or height < 2:
        return []
    shown = standings[: height - 1]
    bar = max(min(width // 5, 30), 8)
    rows = [_cells(standing, now_us, zone, glyphs, bar) for standing in shown]
    names = list(rows[0])
    columns = [
        Column(
            name=name,
            cells=[row[name] for row in rows],
            right=name not in ("budget", "", "lasts", "resets"),
            least=18 if name == "budget" else None,
        )
        for name in names
    ]
    return table(columns, width, LEAST, glyphs.cut)


def _cells(standing: Standing, now_us: int, zone: ZoneInfo, glyphs: Glyphs, bar: int) -> dict[str, Cell]:
    row, unit = standing.row, standing.row.bucket.unit
    style = _style(standing)
    return {
        "budget": _name(standing),
        "": _bar(standing, glyphs, bar),
        "used": Text(f"{int(100 * standing.used)}%{'!' if standing.used >= FULL else ''}", style=style),
        "left": Text(short(standing.left, unit) + UNITS[unit], style=style),
        "amount": short(row.amount, unit),
        "settled": short(row.settled, unit),
        "held": short(row.held, unit) if row.held else ABSENT,
        "an hour": short(standing.per_hour, unit) if standing.per_hour else ABSENT,
        "lasts": lasts(standing, now_us) or ABSENT,
        "resets": _resets(standing, now_us, zone),
    }


def _name(standing: Standing) -> str:
    row = standing.row
    name = printable(row.bucket.limit)
    whose = f" {values(row.bucket.values)}" if row.bucket.values else ""
    return name + whose + ("" if row.enforce is Enforce.HARD else f" ({row.enforce.value})")


def _bar(standing: Standing, glyphs: Glyphs, width: int) -> Text:
    row = standing.row
    whole = row.amount or 1
    settled, held, left = glyphs.bar(row.settled / whole, row.held / whole, width)
    if not row.amount:
        settled, held, left = width, 0, 0
    return Text.assemble(
        (glyphs.settled * settled, _style(standing)),
        (glyphs.held * held, "cyan"),
        (glyphs.left * left, "dim"),
    )


def _style(standing: Standing) -> str:
    """Yellow and bold, not red and green: those who can't tell them apart see it, too."""
    return "bold reverse" if standing.used >= FULL else "bold yellow" if standing.used >= NEARLY else "blue"


def _resets(standing: Standing, now_us: int, zone: ZoneInfo) -> str:
    if standing.until_us is None:
        return "rolling"
    time = periods.local(standing.until_us, zone)
    return f"{time:%H:%M}" if standing.until_us - now_us < DAY_US else f"{time:%d %b}"
