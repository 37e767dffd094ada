"""What providers say of plans, a line for each gauge: how much is used, and when it begins anew."""

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from rich.text import Text

from tollway.live.columns import Cell, Column, table
from tollway.live.figures import duration
from tollway.live.glyphs import Glyphs
from tollway.plans.seen import Seen
from tollway.reporting import periods
from tollway.reporting.figures import ABSENT, compact, printable
from tollway.sockets.events import Gauge

LEAST = ("said", "left", "resets")
NEARLY = 80
SHORT = 8
"""Characters of an account, which is a long number."""


def plan_lines(
    plans: Sequence[Seen], now_us: int, zone: ZoneInfo, glyphs: Glyphs, width: int, height: int
) -> list[Text]:
    """The heading, and so many gauges as have room: the fullest."""
    rows = [row for plan in plans for row in _rows(plan)]
    rows.sort(key=lambda row: row[1].used_percent or 0, reverse=True)
    if not rows or height < 2:
        return []
    bar = max(min(width // 5, 30), 8)
    cells = [_cells(plan, gauge, now_us, zone, glyphs, bar) for plan, gauge in rows[: height - 1]]
    columns = [
        Column(
            name=name,
            cells=[row[name] for row in cells],
            right=name not in ("plan", "gauge", "", "resets"),
            least=18 if name == "plan" else None,
        )
        for name in cells[0]
        if any(row[name] != ABSENT for row in cells)
    ]
    return table(columns, width, LEAST, glyphs.cut)


def _rows(plan: Seen) -> Iterator[tuple[Seen, Gauge]]:
    for gauge in plan.gauges.gauges:
        yield plan, gauge
    if plan.gauges.credits:
        yield plan, Gauge(name="credits")


def _cells(
    plan: Seen, gauge: Gauge, now_us: int, zone: ZoneInfo, glyphs: Glyphs, bar: int
) -> dict[str, Cell]:
    used = gauge.used_percent
    style = "bold reverse" if (used or 0) >= 100 else "bold yellow" if (used or 0) >= NEARLY else "blue"
    return {
        "plan": _name(plan),
        "gauge": printable(gauge.name),
        "": ABSENT if used is None else _bar(used, glyphs, bar, style),
        "used": ABSENT if used is None else Text(f"{int(used)}%{'!' if used >= 100 else ''}", style=style),
        "left": _left(plan, gauge),
        "resets": _resets(gauge, now_us, zone),
        "said": f"{duration(now_us - plan.gauges.at)} ago",
    }


def _name(plan: Seen) -> str:
    whose, told = plan.whose, plan.gauges
    account = whose.account if len(whose.account) <= SHORT else whose.account[:SHORT] + ".."
    parts = (whose.provider, told.plan, told.meter, whose.user, account)
    return " ".join(printable(part) for part in parts if part)


def _bar(used: float, glyphs: Glyphs, width: int, style: str) -> Text:
    settled, _, left = glyphs.bar(max(used, 0.0) / 100, 0.0, width)
    return Text.assemble((glyphs.settled * settled, style), (glyphs.left * left, "dim"))


def _left(plan: Seen, gauge: Gauge) -> str:
    if gauge.remaining is not None:
        return compact(gauge.remaining)
    return printable(plan.gauges.credits) if gauge.name == "credits" else ABSENT


def _resets(gauge: Gauge, now_us: int, zone: ZoneInfo) -> str:
    if gauge.resets is None:
        return ABSENT
    time = periods.local(gauge.resets, zone)
    return f"{time:%H:%M}" if gauge.resets - now_us < DAY_US else f"{time:%d %b}"


DAY_US = 86_400_000_000
