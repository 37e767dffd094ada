"""The whole view, in exactly as many lines as the terminal has."""

from collections.abc import Sequence

from rich.text import Text

from tollway.live.alert_lines import alert_lines
from tollway.live.budget_lines import budget_lines
from tollway.live.call_lines import EXPLAINED, call_lines
from tollway.live.call_page import call_page
from tollway.live.flight import took_us
from tollway.live.glyphs import Glyphs, fit
from tollway.live.headline import headline
from tollway.live.matching import matches
from tollway.live.plan_lines import plan_lines
from tollway.live.snapshot import Snapshot
from tollway.live.spend_lines import spend_lines
from tollway.live.view import KEYS, Page, View
from tollway.model import CallRecord
from tollway.reporting.figures import printable

SMALL = (40, 8)
"""Cells and lines below which there is no room for a view."""
WIDE = 140
"""Cells from which on budgets and what is spent stand side by side."""
PLANS = 7
"""Lines that plans have at most."""
FOOT = "q quit  ? help  / filter  s sort  g group  t time  p pause  enter show"
QUIET = "No calls yet: lead a program through the proxy, as with `tollway run -- claude`."
UNMATCHED = "No call matches: esc shows all."


def screen(snapshot: Snapshot, view: View, glyphs: Glyphs, width: int, height: int) -> list[Text]:
    """The lines of the view; none is longer than `width`."""
    if width < SMALL[0] or height < SMALL[1]:
        return _padded([Text(fit("too small for tollway top", width, glyphs.cut), end="")], height)
    lines = headline(snapshot, glyphs, width, view.paused)
    room = height - len(lines) - 1
    shown = calls_of(snapshot, view)
    if view.page is Page.HELP:
        body = _help(glyphs, width)[:room]
    elif view.page is Page.CALL and (call := _chosen(view, snapshot.calls)) is not None:
        body = [_rule(f"call {call.id}", glyphs, width)]
        body += call_page(call, snapshot, glyphs.cut, width, room - 1)
    else:
        body = _main(snapshot, view, shown, glyphs, width, room)
    return [*lines, *_padded(body, room), _foot(view, glyphs, width)]


def calls_of(snapshot: Snapshot, view: View) -> tuple[CallRecord, ...]:
    """The calls that the view shows, in its order."""
    found = [call for call in snapshot.calls if _is_shown(call, view)]
    if view.sort == "cost":
        found.sort(key=lambda call: call.cost.nano, reverse=True)
    elif view.sort == "tokens":
        found.sort(key=_tokens, reverse=True)
    elif view.sort == "took":
        found.sort(key=lambda call: _took(call, snapshot), reverse=True)
    return tuple(found)


def _is_shown(call: CallRecord, view: View) -> bool:
    if view.only is not None and getattr(call, view.only[0]) != view.only[1]:
        return False
    return not view.filter or matches(call, view.filter)


def _tokens(call: CallRecord) -> int:
    return (call.usage.input_tokens or 0) + (call.usage.output_tokens or 0)


def _took(call: CallRecord, snapshot: Snapshot) -> int:
    """Of which nobody knows it comes last."""
    us = took_us(call, snapshot.now_us, snapshot.orphaned)
    return -1 if us is None else us


def _main(
    snapshot: Snapshot, view: View, shown: Sequence[CallRecord], glyphs: Glyphs, width: int, height: int
) -> list[Text]:
    alerts = alert_lines(snapshot.alerts, snapshot.zone, glyphs.cut, width, 1 if height < 30 else 3)
    plans = _plans(snapshot, glyphs, width, (height - len(alerts) - 3) // 4)
    most = (height - len(plans) - len(alerts) - 3) // 2  # calls have half of it
    summed = _beside if width >= WIDE else _below
    body = [*summed(snapshot, view, glyphs, width, most), *plans, *alerts]
    body.append(_rule(_which(view), glyphs, width))
    room = height - len(body)
    found = call_lines(snapshot, shown, view.chosen, glyphs, width, room)
    if not found:
        said = UNMATCHED if view.filter or view.only else QUIET
        found = [Text(fit(said, width, glyphs.cut), style="dim", end="")]
    return [*body, *found]


def _which(view: View) -> str:
    """Which calls are listed, and in which order."""
    only = f", {view.only[0]} {printable(view.only[1])}" if view.only else ""
    return f"calls by {view.sort}{only}" + (f", filter {view.filter}" if view.filter else "")


def _below(snapshot: Snapshot, view: View, glyphs: Glyphs, width: int, height: int) -> list[Text]:
    """What is spent stands below the budgets, each with half of the lines."""
    spent = snapshot.spent[view.group]
    for_spent = min(len(spent) + 2, max(height // 2, 3)) if spent else 0
    found = _budgets(snapshot, glyphs, width, height - for_spent)
    return [*found, *_spent(snapshot, view.group, glyphs, width, height - len(found))]


def _beside(snapshot: Snapshot, view: View, glyphs: Glyphs, width: int, height: int) -> list[Text]:
    """Budgets on the left; on the right what is spent, by what was chosen."""
    left_width = width * 3 // 5
    left = _budgets(snapshot, glyphs, left_width, height)
    if not left:
        return _spent(snapshot, view.group, glyphs, width, height)
    right = _spent(snapshot, view.group, glyphs, width - left_width - 2, height)
    lines = []
    for i in range(max(len(left), len(right))):
        line = left[i].copy() if i < len(left) else Text(end="", no_wrap=True)
        line.append(" " * (left_width + 2 - line.cell_len))
        lines.append(line.append_text(right[i]) if i < len(right) else line)
    return lines


def _budgets(snapshot: Snapshot, glyphs: Glyphs, width: int, height: int) -> list[Text]:
    found = budget_lines(snapshot.standings, snapshot.now_us, snapshot.zone, glyphs, width, height - 1)
    if not found:
        return []
    shown, every = len(found) - 1, len(snapshot.standings)
    name = "budgets" if shown == every else f"budgets, {shown} of {every}"
    return [_rule(name, glyphs, width), *found]


def _spent(snapshot: Snapshot, by: str, glyphs: Glyphs, width: int, height: int) -> list[Text]:
    found = spend_lines(by, snapshot.spent[by], glyphs, width, height - 1)
    return [_rule(f"{snapshot.span.value}, by {by}", glyphs, width), *found] if found else []


def _plans(snapshot: Snapshot, glyphs: Glyphs, width: int, height: int) -> list[Text]:
    found = plan_lines(snapshot.plans, snapshot.now_us, snapshot.zone, glyphs, width, min(height, PLANS) - 1)
    return [_rule("plans", glyphs, width), *found] if found else []


def _chosen(view: View, calls: Sequence[CallRecord]) -> CallRecord | None:
    return next((call for call in calls if call.id == view.chosen), None)


def _help(glyphs: Glyphs, width: int) -> list[Text]:
    keys = max(len(key) for key, _ in KEYS)
    lines = [_rule("keys", glyphs, width)]
    for key, what in KEYS:
        lines.append(Text.assemble((key.ljust(keys), "bold"), "  ", what, end="", no_wrap=True))
    lines += [Text(said, style="dim", end="", no_wrap=True) for said in EXPLAINED]
    bar = f"{glyphs.settled} settled, {glyphs.held} held by calls in flight, {glyphs.left} left"
    lines.append(Text(f"{bar}; ~ an estimate, (by plan)", style="dim", end="", no_wrap=True))
    for line in lines:
        line.truncate(width)
    return lines


def _rule(name: str, glyphs: Glyphs, width: int) -> Text:
    said = fit(f"{glyphs.rule * 2} {name} ", width, glyphs.cut)
    return Text(said + glyphs.rule * (width - Text(said).cell_len), style="dim", end="", no_wrap=True)


def _foot(view: View, glyphs: Glyphs, width: int) -> Text:
    if view.typing is not None:
        return Text(fit(f"filter: {view.typing}_", width, glyphs.cut), style="bold", end="", no_wrap=True)
    return Text(fit(FOOT, width, glyphs.cut), style="dim", end="", no_wrap=True)


def _padded(lines: list[Text], height: int) -> list[Text]:
    return [*lines, *(Text(end="") for _ in range(height - len(lines)))]
