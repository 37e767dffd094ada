"""The first line: what the span came to, what is in flight, and how much comes in a minute."""

from rich.text import Text

from tollway.live.figures import clock
from tollway.live.glyphs import Glyphs
from tollway.live.snapshot import Snapshot
from tollway.reporting.figures import compact
from tollway.tally import dollars


def headline(snapshot: Snapshot, glyphs: Glyphs, width: int, paused: bool) -> list[Text]:
    """Two lines: the sums, and the last hour, minute by minute."""
    total, flying = snapshot.total, snapshot.flying
    sums = Text.assemble(
        (f"{snapshot.span.value} ", "dim"),
        (dollars(total.cost_nano), "bold"),
        f"  {compact(total.calls)} call{'s' * (total.calls != 1)}",
        end="",
        no_wrap=True,
    )
    if total.notional_nano:
        sums.append(f"  ({dollars(total.notional_nano)} by plan)")
    sums.append(f"  {flying} in flight", style="bold" if flying else "dim")
    at = Text(
        f"{'PAUSED ' * paused}{clock(snapshot.now_us, snapshot.zone)} {snapshot.zone.key}",
        style="bold reverse" if paused else "dim",
    )
    sums.truncate(max(width - len(at) - 1, 0))
    sums.append(" " * (width - len(sums) - len(at)))
    sums.append_text(at)
    sums.truncate(width)
    return [sums, _rates(snapshot, glyphs, width)]


def _rates(snapshot: Snapshot, glyphs: Glyphs, width: int) -> Text:
    """A narrow terminal has the latest minutes only."""
    minute = snapshot.last_minute
    money, calls = f"{dollars(minute.cost_nano)}/min ", f"{compact(minute.calls)} calls/min "
    room = max((width - len(money) - len(calls) - 4) // 2, 0)
    room = min(room, len(snapshot.minutes))
    line = Text(end="", no_wrap=True)
    line.append(money)
    line.append(glyphs.sparkline([one.cost_nano for one in snapshot.minutes], room), style="cyan")
    line.append(f"    {calls}")
    line.append(glyphs.sparkline([one.calls for one in snapshot.minutes], room), style="cyan")
    line.truncate(width)
    return line
