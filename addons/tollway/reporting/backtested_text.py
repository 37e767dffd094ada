"""What a backtest found as plain text, for pipes and files: three sheets, and what can't be known."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from tollway.backtest.result import Backtest
from tollway.reporting.backtested_sheets import TEXTS, Sheet, callers, entries, notes, summary, title

_GAP = "  "
HEADING = "What a backtest can't know:"


def as_text(found: Backtest, policy: str, zone: ZoneInfo) -> str:
    """Columns two spaces apart, an empty line between sheets. Every caller for whom something changes."""
    people, hidden = callers(found, zone)
    parts = [title(found, policy, zone), "\n".join(_lines(summary(found)))]
    parts += ["\n".join(_lines(sheet)) for sheet in (entries(found, zone), people) if sheet.rows]
    parts += ["\n".join(said)] if (said := notes(found, hidden)) else []
    parts += ["\n".join([HEADING, *(f"- {one}" for one in found.unknown)])] if found.unknown else []
    return "\n\n".join(parts)


def _lines(sheet: Sheet) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(sheet.names, *sheet.rows, strict=True)]
    for row in (sheet.names, *sheet.rows):
        cells = zip(sheet.names, row, widths, strict=True)
        yield _GAP.join(
            cell.ljust(width) if name in TEXTS else cell.rjust(width) for name, cell, width in cells
        ).rstrip()
