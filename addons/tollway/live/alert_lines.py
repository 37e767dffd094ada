"""What limits gave alarm of, the latest first."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from rich.text import Text

from tollway.ledger.store import Raised
from tollway.live.figures import clock, happened
from tollway.live.glyphs import fit
from tollway.reporting.budgets_text import values
from tollway.reporting.figures import printable


def alert_lines(alerts: Sequence[Raised], zone: ZoneInfo, cut: str, width: int, height: int) -> list[Text]:
    """A line each; the last one tells of those that have no room."""
    shown = list(alerts[: max(height, 0)])
    more = len(alerts) - len(shown)
    lines = []
    for i, alert in enumerate(shown):
        rest = f"  and {more} earlier" if more and i == len(shown) - 1 else ""
        said = f"{clock(alert.at_us, zone)} {sentence(alert)}"
        lines.append(Text(fit(said, width - len(rest), cut) + rest, style="yellow", no_wrap=True, end=""))
    return lines


def sentence(alert: Raised) -> str:
    """`team-day team=ml has reached 80%`, `... has refused a call`."""
    name = printable(alert.bucket.limit)
    whose = f" {values(alert.bucket.values)}" if alert.bucket.values else ""
    return f"{name}{whose} {happened(alert)}"
