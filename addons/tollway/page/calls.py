"""Calls, as a table."""

from collections.abc import Collection, Sequence
from zoneinfo import ZoneInfo

from tollway.live.call_lines import done
from tollway.live.figures import caller, clock, duration
from tollway.live.flight import is_flying, took_us
from tollway.model import CallRecord
from tollway.page.figures import cost, count
from tollway.page.html import Child, Markup
from tollway.page.reasons import words
from tollway.page.table import Cells, Column, table
from tollway.reporting import periods

NONE = "No call yet."
_NAMES = ("Time", "Who", "Program", "Model", "In", "Cached", "Out", "Cost", "Took", "Status", "Done to it")
_FIGURES = dict.fromkeys(("In", "Cached", "Out", "Cost", "Took"), Cells.FIGURE)
_CELLS = {"Time": Cells.SHORT, **_FIGURES}


def calls_table(
    calls: Sequence[CallRecord],
    caption: str,
    now_us: int,
    zone: ZoneInfo,
    orphaned: Collection[str],
    of_all: bool = False,
) -> Markup:
    """A row for each call, in their order. `orphaned`: the ids of open ones whose process died. `of_all`:
    they are of several callers, and it says of whom."""
    names = [name for name in _NAMES if of_all or name != "Who"]
    columns = [Column(name, _CELLS.get(name, Cells.TEXT)) for name in names]
    rows = [_row(call, now_us, zone, orphaned, of_all) for call in calls]
    return table(caption, columns, rows, NONE)


def _row(
    call: CallRecord, now_us: int, zone: ZoneInfo, orphaned: Collection[str], of_all: bool
) -> list[Child]:
    usage, took = call.usage, took_us(call, now_us, orphaned)
    return [
        time(call.started_us, now_us, zone),
        *([caller(call) or "–"] if of_all else []),
        call.program or "–",
        model(call),
        count(usage.input_tokens),
        count(usage.cache_read_tokens),
        count(usage.output_tokens),
        cost(call),
        "–" if took is None else duration(took),
        status(call, orphaned),
        done(call) or "–",
    ]


def time(us: int, now_us: int, zone: ZoneInfo) -> str:
    """When it was, with the day unless that is today."""
    at = periods.local(us, zone)
    is_today = at.date() == periods.local(now_us, zone).date()
    return clock(us, zone) if is_today else f"{at:%d %b} {clock(us, zone)}"


def model(call: CallRecord) -> str:
    """The model that was asked for, and the one that served if that is another."""
    if call.model_asked in (None, call.model):
        return call.model or call.operation or "–"
    return f"{call.model_asked} → {call.model or '–'}"


def status(call: CallRecord, orphaned: Collection[str]) -> str:
    """The HTTP status, or what came in its place."""
    if call.state == "open":
        return "in flight" if is_flying(call, orphaned) else "its process died"
    if call.status is not None:
        return str(call.status)
    return "lost: its process died" if call.state == "lost" else words(call.error or "no answer")
