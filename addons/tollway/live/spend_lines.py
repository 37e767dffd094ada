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
    columns = [
        Column(name=by, cells=[printable(line.value) for line in shown], least=8),
        Column(name="cost", cells=[dollars(line.cost_nano) for line in shown], style="bold", right=True),
        Column(name="calls", cells=[compact(line.calls) for line in shown], right=True),
    ]
    if any(line.notional_nano for line in shown):
        plan = [f"({dollars(line.notional_nano)})" if line.notional_nano else ABSENT for line in shown]
        columns.append(Column(name="plan", cells=plan, right=True))
    room = min(max(width // 4, 8), max(len(line.course) for line in shown))
    course = [glyphs.sparkline(line.course, room) for line in shown]
    return table([*columns, Column(name="course", cells=course, style="cyan")], width, LEAST, glyphs.cut)
