"""Budgets, as a table with bars."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from tollway.budget.bucket import Enforce
from tollway.live.figures import lasts
from tollway.page.bars import budget_bar
from tollway.page.figures import amount
from tollway.page.html import Child, Markup
from tollway.page.table import Cells, Column, table
from tollway.reporting.budgets import Standing
from tollway.reporting.budgets_text import values, when

COLUMNS = (
    Column("Budget"),
    Column("Used"),
    Column("Left", Cells.FIGURE),
    Column("Of", Cells.FIGURE),
    Column("Settled", Cells.FIGURE),
    Column("Held by calls in flight", Cells.FIGURE),
    Column("An hour", Cells.FIGURE),
    Column("Lasts", Cells.SHORT),
    Column("Until", Cells.SHORT),
)
NONE = "No limit of the policy is about these calls."


def budgets_table(standings: Sequence[Standing], caption: str, now_us: int, zone: ZoneInfo) -> Markup:
    """A row for each bucket, in their order."""
    return table(caption, COLUMNS, [_row(each, now_us, zone) for each in standings], NONE)


def _row(standing: Standing, now_us: int, zone: ZoneInfo) -> list[Child]:
    row = standing.row
    unit, taken = row.bucket.unit, row.settled + row.held
    percent = 100 * taken // row.amount if row.amount else 100
    return [
        _name(standing),
        [budget_bar(row.settled, row.held, row.amount, f"{percent}% used"), f"{percent}%"],
        amount(standing.left, unit),
        amount(row.amount, unit),
        amount(row.settled, unit),
        amount(row.held, unit) if row.held else "–",
        amount(standing.per_hour, unit) if standing.per_hour else "–",
        lasts(standing, now_us) or "–",
        "rolling" if standing.until_us is None else when(standing.until_us, zone).replace("T", " "),
    ]


def _name(standing: Standing) -> str:
    row = standing.row
    whose = f", {values(row.bucket.values)}" if row.bucket.values else ""
    return row.bucket.limit + whose + ("" if row.enforce is Enforce.HARD else f" ({row.enforce.value})")
