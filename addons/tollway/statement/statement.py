"""A month's statement as a value, added up from the ledger's rows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from tollway.ledger.statements import Statements
from tollway.ledger.store import Group
from tollway.ledger.sums import Sums
from tollway.reporting import periods
from tollway.reporting.refused import ANSWERED, Refusals, means, refused
from tollway.reporting.stretch import Pair, pair
from tollway.statement.month import Month
from tollway.statement.reached import Reached, reached
from tollway.statement.whose import Whose

PARTS: Mapping[str, tuple[str, ...]] = {
    "team": ("team",),
    "model": ("provider", "model"),
    "program": ("program",),
    "user": ("user", "service"),
}
"""What a month is told apart by, and by which attributes; a team's not by team, a user's not by user."""
_WHO = ("team", "user", "service")
_WHAT = ("program", *ANSWERED)
_FORMER = ("program", "provider", "model")
"""How _WHAT begins."""
SESSION = ("session", "program", "user")
"""What sessions are told apart by."""
CACHE = ("hit", "join", "miss")
"""What the cache did, in this order."""


@dataclass(frozen=True, slots=True)
class Line:
    """What calls of one kind cost, and what their like cost in the month before."""

    names: Group
    sums: Sums
    before_nano: int = 0


@dataclass(frozen=True, slots=True)
class Statement:
    """All that it says. Each part's lines add up to the total, in every sum."""

    month: Month
    whose: Whose
    pair: Pair
    """The month, as far as it has come, and as much of the one before."""
    zone: ZoneInfo
    at_us: int
    """When it was made."""
    total: Sums
    before: Sums
    parts: Mapping[str, tuple[Line, ...]]
    """By each of PARTS that tells anything apart; the dearest first."""
    days: tuple[Line, ...]
    """All days up to its end, those without calls too."""
    sessions: tuple[Line, ...]
    """By SESSION; the dearest first, and calls without a session in lines of their own."""
    cache: tuple[Line, ...]
    """What the cache did, of calls that have to do with it."""
    refused: Refusals
    limits: tuple[Reached, ...]


def statement(books: Statements, whose: Whose, month: Month, zone: ZoneInfo, now_us: int) -> Statement:
    """The statement of a month, or of what there is of one that is not over. Raises ValueError for one that
    has not begun, and LedgerError."""
    both = pair("month", month.start_us(zone), None, now_us, zone)
    now, before = both.now, both.before
    who, what, sessions = books.several(
        (_WHO, _WHAT, SESSION),
        now.since_us,
        now.until_us,
        lambda us: periods.end("day", us, zone),
        whose.where,
    )
    former = books.several((_WHO, _FORMER), before.since_us, before.until_us, None, whose.where)
    parts = {}
    for name, attributes in PARTS.items():
        of_who = set(attributes) <= set(_WHO)
        found, earlier, names = (who, former[0], _WHO) if of_who else (what, former[1], _FORMER)
        if _tells_apart(name, whose):
            parts[name] = _lines(found, earlier, [names.index(each) for each in attributes])
    return Statement(
        month=month,
        whose=whose,
        pair=both,
        zone=zone,
        at_us=now_us,
        total=_sum(who.values()),
        before=_sum(former[0].values()),
        parts=parts,
        days=_days(_together(who, lambda us, _: (periods.label("day", us, zone),)), month, both, zone),
        sessions=_dearest([Line(*each) for each in _together(sessions, lambda _, group: group).items()]),
        cache=_cache(_together(what, lambda _, group: (group[_WHAT.index("cache")],))),
        refused=refused(books, (), now.since_us, now.until_us, zone, whose.where, means(what, _WHAT)),
        limits=reached(books.past(now.since_us, now.until_us), whose),
    )


def _tells_apart(part: str, whose: Whose) -> bool:
    return part != whose.attribute and not (part == "user" and whose.attribute == "service")


def _together(
    found: Mapping[tuple[int, Group], Sums], name: Callable[[int, Group], Group]
) -> dict[Group, Sums]:
    """The same sums by something coarser."""
    rows: dict[Group, Sums] = {}
    for (us, group), sums in found.items():
        rows.setdefault(name(us, group), Sums()).add(sums)
    return rows


def _lines(
    now: Mapping[tuple[int, Group], Sums], before: Mapping[tuple[int, Group], Sums], places: Sequence[int]
) -> tuple[Line, ...]:
    rows = _together(now, lambda _, group: tuple([group[i] for i in places]))
    former = _together(before, lambda _, group: tuple([group[i] for i in places]))
    return _dearest(
        [
            Line(names, rows.get(names, Sums()), former.get(names, Sums()).cost_nano)
            for names in dict.fromkeys([*rows, *former])
        ]
    )


def _dearest(lines: Sequence[Line]) -> tuple[Line, ...]:
    def place(line: Line) -> tuple[int, int, int, str]:
        return -line.sums.cost_nano, -line.sums.notional_nano, -line.before_nano, str(line.names)

    return tuple(sorted(lines, key=place))


def _days(found: Mapping[Group, Sums], month: Month, both: Pair, zone: ZoneInfo) -> tuple[Line, ...]:
    return tuple([Line((day,), found.get((day,), Sums())) for day in month.days(both.now.until_us, zone)])


def _cache(found: Mapping[Group, Sums]) -> tuple[Line, ...]:
    return tuple([Line((name,), found[name,]) for name in CACHE if (name,) in found])


def _sum(all_: Iterable[Sums]) -> Sums:
    total = Sums()
    for sums in all_:
        total.add(sums)
    return total
