"""What was spent by user, team, model ..., the dearest first, and when."""

from collections.abc import Sequence

from rich.text import Text

from tollway.live.columns import Column, table
from tollway.live.glyphs import Glyphs
from tollway.live.spent import Line
from tollway.reporting.figures import ABSENT, compact, printable
from tollway.tally import dollars

LEAST = ("calls", "plan", "course")


def spend_lines(by: str, lines: Sequence[Line], glyphs: Glyphs, width: int, height: int) -> list[Text]:
    """So many lines as have room. `plan`: what calls under a flat plan would have cost."""
    shown = lines[: max(height - 1, 0)]
    if not shown:
        return []
    cells = [Text(printable(line.value)) for line in shown]
    columns = [
        Column(name=by, cells=cells, least=8),
        Column(
            name="cost", cells=[Text(dollars(line.cost_nano), style="bold") for line in shown], right=True
        ),
        Column(name="calls", cells=[Text(compact(line.calls)) for line in shown], right=True),
    ]
    if any(line.notional_nano for line in shown):
        plan = [Text(f"({dollars(line.notional_nano)})" if line.notional_nano else ABSENT) for line in shown]
        columns.append(Column(name="plan", cells=plan, right=True))
    room = min(max(width // 4, 8), max(len(line.course) for line in shown))
    course = [Text(glyphs.sparkline(line.course, room), style="cyan") for line in shown]
    return table([*columns, Column(name="course", cells=course)], width, LEAST, glyphs.cut)
