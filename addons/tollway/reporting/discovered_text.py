"""What passed to AI services that Tollway does not read, as plain text and as CSV."""

import csv
import io
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from tollway.reporting.discovered import NOT_READ, Discovered, Passed, iso
from tollway.reporting.figures import ABSENT, printable
from tollway.reporting.periods import local
from tollway.reporting.sheet import cell

FIGURES = ("connections", "refused", "sent", "received", "first seen", "last seen")
_UNITS = ("kB", "MB", "GB", "TB", "PB")


def as_text(found: Discovered) -> str:
    """Columns two spaces apart: the headings, the rows, the total; then that nothing was read."""
    lines = [
        [*found.by, *FIGURES],
        *([*map(printable, group), *_figures(passed, found.zone)] for group, passed in found.rows),
        [*(["total"] + [""] * len(found.by))[: len(found.by)], *_figures(found.total, found.zone)],
    ]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    right = range(len(found.by), len(found.by) + 4)
    padded = [
        "  ".join(
            text.rjust(width) if at in right else text.ljust(width)
            for at, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    return "\n".join([*padded, "", NOT_READ])


def as_csv(found: Discovered) -> str:
    """A header, then a row a line, no total."""
    text = io.StringIO()
    sheet = csv.writer(text, lineterminator="\n")
    figures = ("connections", "refused", "sent_bytes", "received_bytes", "first_seen", "last_seen")
    sheet.writerow([*found.by, *figures])
    for group, passed in found.rows:
        counts = (passed.connections, passed.refused, passed.sent, passed.received)
        times = (iso(passed.first_us, found.zone), iso(passed.last_us, found.zone))
        sheet.writerow([*map(cell, group), *counts, *times])
    return text.getvalue()


def size(count: int) -> str:
    """Bytes, as people read them: 999 B, 1.2 kB, 34.5 MB."""
    if count < 1_000:
        return f"{count} B"
    tenths, unit = count, 0
    while tenths >= 999_950 and unit < len(_UNITS) - 1:
        tenths //= 1_000
        unit += 1
    tenths = (tenths + 50) // 100
    return f"{tenths // 10:,}.{tenths % 10} {_UNITS[unit]}"


def _figures(passed: Passed, zone: ZoneInfo) -> Sequence[str]:
    counts = (f"{passed.connections:,}", f"{passed.refused:,}", size(passed.sent), size(passed.received))
    return (*counts, _moment(passed.first_us, zone), _moment(passed.last_us, zone))


def _moment(us: int | None, zone: ZoneInfo) -> str:
    return ABSENT if us is None else f"{local(us, zone):%Y-%m-%d %H:%M}"
