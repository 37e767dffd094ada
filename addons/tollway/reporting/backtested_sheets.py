"""What a backtest found as sheets of texts: a summary, then the policy's entries, then callers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from tollway.backtest import by
from tollway.backtest.effects import Figures, Share
from tollway.backtest.result import Backtest, Entry
from tollway.backtest.tally import Caller
from tollway.decision.shown import in_window
from tollway.reporting import periods
from tollway.reporting.backtested import alerts
from tollway.reporting.budgets_text import values
from tollway.reporting.figures import ABSENT, decimals, fixed, printable

DONE = ("refused", "clamped", "waited", "rerouted")
NOTHING = "Nothing would have been refused, clamped, moved or made to wait."
UNTOUCHED = "{} more caller{}: nothing changes for them"
HIDDEN = "{} more callers for whom something changes: --format json has them, and so has a pipe"
GONE = "refused then by what this policy has no more: {}"
UNDONE = "in what is saved: {} $ that routes and the cache saved then, and do not under this policy"
TEXTS = frozenset({"all calls", "that is", "entry", "what", "first", "who", "first refused", "by"})
"""Columns that hold words."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of cells under headings."""

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def title(found: Backtest, policy: str, zone: ZoneInfo) -> str:
    """What was replayed."""
    assert found.first_us is not None
    assert found.last_us is not None
    first, last = (f"{periods.local(us, zone):%Y-%m-%d %H:%M}" for us in (found.first_us, found.last_us))
    calls = f"{found.total.calls:,} call{'s' * (found.total.calls != 1)}"
    return f"{printable(policy)}: {calls}, {first} to {last}, {zone.key}"


def summary(found: Backtest) -> Sheet:
    """What was recorded beside what would have been."""
    then, now = found.total.then, found.total.now
    places = decimals((then.cost_nano, now.cost_nano, then.notional_nano, now.notional_nano))
    rows = [("cost $", *_money(then.cost_nano, now.cost_nano, places), _saved(found.total))]
    if then.notional_nano:
        rows.append(("notional $", *_money(then.notional_nano, now.notional_nano, places), ABSENT))
    rows += [
        (name, f"{getattr(then, name):,}", f"{getattr(now, name):,}", _whom(found, name)) for name in DONE
    ]
    rows.append(("alerts", ABSENT, f"{alerts(found):,}", ABSENT))
    return Sheet(("all calls", "recorded", "this policy", "that is"), tuple(rows))


def entries(found: Backtest, zone: ZoneInfo) -> Sheet:
    """A row for each limit and rate, and for what else did something."""
    places = decimals(abs(each.effects.saved_nano) for each in found.entries)
    columns: dict[str, Callable[[Entry], str]] = {
        "entry": _name,
        "what": _what,
        "refused then": lambda each: _count(each.refused_then),
        "refused": lambda each: _count(each.effects.refused),
        "would refuse": lambda each: _count(each.effects.over),
        "clamped": lambda each: _count(each.effects.clamped),
        "waited": lambda each: _count(each.effects.waited),
        "rerouted": lambda each: _count(each.effects.rerouted),
        "alerts": lambda each: _count(each.effects.told),
        "saved $": lambda each: _signed(each.effects.saved_nano, places),
        "full": _full,
        "first": lambda each: _first(each, zone),
    }
    return _sheet(columns, found.entries, keep=("entry", "what", "refused", "saved $"))


def callers(found: Backtest, zone: ZoneInfo, most: int | None = None) -> tuple[Sheet, int]:
    """A row for each caller for whom something changes, so many at most; and how many are left out."""
    touched = [each for each in found.callers if _is_touched(each[1])]
    shown = touched[:most]
    places = decimals(abs(each) for _, share in shown for each in (share.now.cost_nano, share.saved_nano))
    columns: dict[str, Callable[[tuple[Caller, Share]], str]] = {
        "who": lambda each: _who(each[0]),
        "calls": lambda each: f"{each[1].calls:,}",
        "refused then": lambda each: _count(each[1].then.refused),
        "refused": lambda each: _count(each[1].now.refused),
        "clamped": lambda each: _count(each[1].now.clamped),
        "waited": lambda each: _count(each[1].now.waited),
        "rerouted": lambda each: _count(each[1].now.rerouted),
        "cost $": lambda each: fixed(each[1].now.cost_nano, places, ","),
        "saved $": lambda each: _signed(each[1].saved_nano, places),
        "first refused": lambda each: _when(each[1].refused_us, zone),
        "by": lambda each: _worst(each[1]),
    }
    sheet = _sheet(columns, shown, keep=("who", "calls", "refused", "cost $", "saved $"))
    return sheet, len(touched) - len(shown)


def notes(found: Backtest, hidden: int = 0) -> list[str]:
    """What the sheets do not say. `hidden`: callers for whom something changes, and who are left out."""
    untouched = sum(not _is_touched(share) for _, share in found.callers)
    said = [HIDDEN.format(f"{hidden:,}")] if hidden else []
    if untouched == len(found.callers):
        said.append(NOTHING)
    elif untouched:
        said.append(UNTOUCHED.format(f"{untouched:,}", "s" * (untouched != 1)))
    if found.gone:
        said.append(GONE.format(", ".join(f"{printable(name)} {count:,}" for name, count in found.gone)))
    if found.undone_nano:
        said.append(UNDONE.format(_signed(found.undone_nano, decimals([abs(found.undone_nano)]))))
    return said


def _sheet[T](columns: dict[str, Callable[[T], str]], rows: Sequence[T], keep: Sequence[str]) -> Sheet:
    """Without columns that say nothing in any row."""
    cells = {name: [cell(row) for row in rows] for name, cell in columns.items()}
    names = tuple(name for name in cells if name in keep or any(cell != ABSENT for cell in cells[name]))
    return Sheet(names, tuple(zip(*(cells[name] for name in names), strict=True)))


def _money(then: int, now: int, places: int) -> tuple[str, str]:
    return fixed(then, places, ","), fixed(now, places, ",")


def _saved(total: Share) -> str:
    """What is saved, and how much that is of what was spent."""
    saved, spent = total.saved_nano, total.then.cost_nano
    if not saved:
        return ABSENT
    text = f"{fixed(abs(saved), decimals([abs(saved)]), ',')} {'saved' if saved > 0 else 'more'}"
    return f"{text} ({_percent(abs(saved), spent)})" if spent else text


def _whom(found: Backtest, name: str) -> str:
    """How many calls that is of all, and of how many callers."""
    count = getattr(found.total.now, name)
    if not count:
        return ABSENT
    whose = sum(bool(getattr(share.now, name)) for _, share in found.callers)
    return f"{_percent(count, found.total.calls)} of calls, {whose:,} of {len(found.callers):,} callers"


def _percent(part: int, whole: int) -> str:
    """To a tenth of a percent."""
    tenths = (part * 2000 + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10} %" if tenths or not part else "< 0.1 %"


def _signed(nano: int, places: int) -> str:
    return f"-{fixed(-nano, places, ',')}" if nano < 0 else fixed(nano, places, ",")


def _count(count: int) -> str:
    return f"{count:,}" if count else ABSENT


def _name(entry: Entry) -> str:
    return printable(entry.by.name)


def _what(entry: Entry) -> str:
    """`3000 USD a month per team, soft`; of what has no amount, what it is."""
    if entry.amount is None:
        return {by.ACCESS: "access rule", by.ALWAYS: "standing route", by.FAULT: "faults"}[entry.by.kind]
    window = f" {in_window(entry.window)}" if entry.window is not None else ""
    per = f" per {', '.join(entry.per)}" if entry.per else ""
    enforce = f", {entry.enforce}" if entry.enforce not in (None, "hard") else ""
    return f"{entry.amount}{window}{per}{enforce}"


def _full(entry: Entry) -> str:
    """How many of its buckets had no room for a call."""
    found = len(entry.effects.whose)
    return f"{found:,} of {entry.buckets:,}" if found and entry.per else ABSENT


def _first(entry: Entry, zone: ZoneInfo) -> str:
    first = entry.effects.first
    if first is None:
        return ABSENT
    whose = f" {values(dict(first[1]))}" if first[1] else ""
    return f"{_when(first[0], zone)}{whose}"


def _when(us: int | None, zone: ZoneInfo) -> str:
    return ABSENT if us is None else f"{periods.local(us, zone):%d %b %H:%M}"


def _who(caller: Caller) -> str:
    user, service = caller
    return f"{printable(service)} (service)" if user is None and service else printable(user)


def _worst(share: Share) -> str:
    """What refuses most of a caller's calls."""
    found = sorted(share.refused_by.items(), key=lambda each: (-each[1], each[0]))
    return ", ".join(printable(who.name) for who, _ in found) or ABSENT


def _is_touched(share: Share) -> bool:
    return _any(share.then) or _any(share.now) or share.saved_nano != 0


def _any(figures: Figures) -> bool:
    return any(getattr(figures, name) for name in DONE)
