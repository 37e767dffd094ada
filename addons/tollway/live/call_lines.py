"""Calls as they happen, a line each."""

from collections.abc import Collection, Sequence

from rich.text import Text

from tollway.actions import Kind, kinds
from tollway.live.columns import Cell, Column, table
from tollway.live.figures import caller, clock, cost, duration
from tollway.live.flight import is_flying, took_us
from tollway.live.glyphs import Glyphs
from tollway.live.snapshot import Snapshot
from tollway.model import CallRecord
from tollway.reporting.figures import ABSENT, compact, printable

NAMES = (
    "time", "who", "program", "model", "in", "cached", "out", "cost", "first", "took", "status", "did",
    "done",
)  # fmt: skip
LEAST = ("done", "first", "program", "cached", "did", "in", "time", "out", "who", "took")
TEXTS = {"time": None, "who": 8, "program": 8, "model": 16, "status": None, "did": None, "done": 12}
"""Columns of text, and the cells that each may be cut to."""
STYLES = {"time": "dim", "program": "dim", "cost": "bold"}
LETTERS = {
    Kind.ROUTE: "R", Kind.BACK: "R", Kind.STAYS: "K", Kind.POSTPONED: "K", Kind.CLAMP: "C", Kind.WAIT: "W",
    Kind.SET: "S", Kind.REDACT: "T", Kind.FLAG: "F", Kind.BLOCK: "X",
}  # fmt: skip
"""Of what was done to a call."""
ANSWERED_HERE = {"hit": "H", "join": "J"}
"""Of how the cache answered it."""
WIDE = 110
"""Cells from which on there is room for all that was done, and for the model that was asked for."""
EXPLAINED = (
    "did: R routed, K kept where it was, C clamped, W waited, S set, X refused,",
    "     by guardrails: T something taken out, F flagged",
    "     by the cache: H hit, J joined another call",
)
"""What the letters say."""


def call_lines(
    snapshot: Snapshot,
    calls: Sequence[CallRecord],
    chosen: str | None,
    glyphs: Glyphs,
    width: int,
    height: int,
) -> list[Text]:
    """So many of these calls as have room, the chosen one among them."""
    shown = window(calls, chosen, height - 1)
    if not shown:
        return []
    wide = width >= WIDE
    rows = [_cells(call, snapshot, glyphs, wide) for call in shown]
    other = "did" if wide else "done"
    names = [name for name in NAMES if name != other and any(row[name] != ABSENT for row in rows)]
    columns = [
        Column(
            name=name,
            cells=[row[name] for row in rows],
            style=STYLES.get(name, ""),
            right=name not in TEXTS,
            least=TEXTS.get(name),
        )
        for name in names
    ]
    lines = table(columns, width, LEAST, glyphs.cut)
    for line, call in zip(lines[1:], shown, strict=True):
        if call.id == chosen:
            line.pad_right(width - line.cell_len)
            line.stylize("reverse")
    return lines


def window(calls: Sequence[CallRecord], chosen: str | None, size: int) -> Sequence[CallRecord]:
    """The calls that have room: the first, unless the chosen one is further down."""
    at = next((i for i, call in enumerate(calls) if call.id == chosen), 0)
    first = max(at - size + 1, 0)
    return calls[first : first + max(size, 0)]


def letters(call: CallRecord) -> str:
    """What was done to a call, a letter for each kind."""
    found = [ANSWERED_HERE.get(call.cache or "", ""), *[LETTERS.get(kind, "") for kind in kinds(call.action)]]
    return "".join(dict.fromkeys(found))


def done(call: CallRecord) -> str | None:
    """The same in words."""
    return ", ".join(filter(None, (call.cache if call.cache in ANSWERED_HERE else None, call.action))) or None


def model(call: CallRecord, arrow: str, wide: bool) -> str:
    """The model, with an arrow where it is another one than was asked for, which has no room but in a `wide`
    terminal."""
    served, asked = printable(call.model), call.model_asked
    if asked in (None, call.model):
        return served
    return f"{printable(asked)} {arrow} {served}" if wide else f"{arrow} {served}"


def status(call: CallRecord, orphaned: Collection[str]) -> str:
    """The HTTP status, or what came in its place. `orphaned`: the ids of open calls whose process died."""
    if call.state == "open":
        return "..." if is_flying(call, orphaned) else "died"
    if call.state == "lost":
        return "lost"
    return str(call.status) if call.status is not None else printable(call.error)


def _cells(call: CallRecord, snapshot: Snapshot, glyphs: Glyphs, wide: bool) -> dict[str, Cell]:
    usage, failed = call.usage, call.status is None or call.status >= 400 or call.state == "open"
    first = None if call.first_byte_us is None else call.first_byte_us - call.started_us
    took, said = _took(call, snapshot), status(call, snapshot.orphaned)
    style = "bold" if is_flying(call, snapshot.orphaned) else "bold yellow" if failed else ""
    return {
        "time": clock(call.started_us, snapshot.zone),
        "who": printable(caller(call)),
        "program": printable(call.program),
        "model": model(call, glyphs.arrow, wide),
        "in": _count(usage.input_tokens),
        "cached": _count(usage.cache_read_tokens or None),
        "out": _count(usage.output_tokens),
        "cost": cost(call),
        "first": ABSENT if first is None else duration(first),
        "took": Text(took, style=style) if style else took,
        "status": Text(said, style=style) if style else said,
        "did": letters(call) or ABSENT,
        "done": printable(done(call)),
    }


def _took(call: CallRecord, snapshot: Snapshot) -> str:
    us = took_us(call, snapshot.now_us, snapshot.orphaned)
    return ABSENT if us is None else duration(us)


def _count(count: int | None) -> str:
    return ABSENT if count is None else compact(count)
