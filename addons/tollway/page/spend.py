"""What was spent: sums, the course of a day, and by whom or what."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from tollway.live.spent import Line
from tollway.page.bars import columns, share_bar
from tollway.page.figures import count, money
from tollway.page.html import Child, Markup, element
from tollway.page.table import Cells, Column, table
from tollway.reporting import periods


def sums(said: Sequence[tuple[str, str]]) -> Markup:
    """Figures with what they are of, at the head of a page."""
    pairs = [element("div", element("dt", name), element("dd", figure)) for name, figure in said]
    return element("dl", pairs, class_="sums")


def total(line: Line) -> list[tuple[str, str]]:
    """What calls come to, as `sums` shows it."""
    found = [("Spent", money(line.cost_nano)), ("Calls", count(line.calls))]
    if line.notional_nano:
        found.append(("At list price, covered by a plan", money(line.notional_nano)))
    return found


def course(line: Line, slots: Sequence[int], zone: ZoneInfo) -> Child:
    """What was spent when. `slots`: the beginnings of those of the line's course."""
    most = max(line.course, default=0)
    if not most:
        return None
    at = periods.local(slots[line.course.index(most)], zone)
    first = periods.local(slots[0], zone)
    said = f"Spent since {first:%d %b %H:%M} by time; most, {money(most)}, from {at:%d %b %H:%M} on"
    return element("figure", columns(line.course, said), element("figcaption", said, class_="quiet"))


def spent_table(by: str, lines: Sequence[Line], caption: str) -> Markup:
    """What each value of an attribute comes to, the dearest first."""
    most = max((line.cost_nano for line in lines), default=0)
    figures = [Column(name, Cells.FIGURE) for name in ("Spent", "By plan", "Calls")]
    rows: list[list[Child]] = [
        [
            line.value or f"no {by}",
            share_bar(line.cost_nano, most, f"{money(line.cost_nano)} of at most {money(most)}"),
            money(line.cost_nano),
            money(line.notional_nano) if line.notional_nano else "–",
            count(line.calls),
        ]
        for line in lines
    ]
    return table(caption, [Column(by.capitalize()), Column("Share"), *figures], rows, "Nothing yet.")
