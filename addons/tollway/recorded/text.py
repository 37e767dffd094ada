"""The calls of a file as plain text, for pipes and files: a line each, then their sums by model."""

from collections.abc import Sequence

from tollway.recorded.call import Call
from tollway.recorded.listing import FIGURES, HEADINGS, left_out, lines, shown
from tollway.recorded.total import bill
from tollway.reporting.text import as_text as bill_as_text

NONE = "no AI calls"


def as_text(calls: Sequence[Call], all_of_them: bool) -> str:
    """Up to three parts, an empty line between them: the calls, what else there was, the total."""
    listed = shown(calls, all_of_them)
    sums = bill(calls)
    parts = [
        "\n".join(_columns([list(HEADINGS), *lines(listed)])) if listed else NONE,
        "" if all_of_them else left_out(calls),
        bill_as_text(sums) if sums.rows else "",
    ]
    return "\n\n".join(part for part in parts if part)


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Cells in columns two spaces apart."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(_padded(row, widths)).rstrip() for row in rows]


def _padded(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [
        cell.rjust(width) if name in FIGURES else cell.ljust(width)
        for name, cell, width in zip(HEADINGS, row, widths, strict=True)
    ]
