"""The parts of a statement, in their order."""

from collections.abc import Sequence
from dataclasses import replace

from tollway.page.figures import amount
from tollway.page.reasons import words
from tollway.reporting import refused_columns
from tollway.reporting.columns import Column, Kind, minute
from tollway.statement.reached import Reached
from tollway.statement.section import Section, of_lines, summed
from tollway.statement.statement import PARTS, SESSION, Statement

MOST, MOST_SESSIONS, MOST_LIMITS = 20, 10, 20
"""Rows of a part; what is beyond them is one row."""
TITLES = {"team": "By team", "model": "By model", "program": "By program", "user": "By user"}
_NO_CALLS = "No calls."


def sections(of: Statement, most: int = MOST, sessions: int = MOST_SESSIONS) -> list[Section]:
    """All parts; each says so where there is nothing in it."""
    return [
        days(of),
        *(
            Section(
                title=TITLES[name],
                columns=of_lines(PARTS[name], lines, most, compares=True),
                caption=f"What calls cost {TITLES[name].lower()}, the dearest first, and in the month before",
                none=_NO_CALLS,
                shares="cost_usd",
                brief=name in ("team", "model", "user"),
            )
            for name, lines in of.parts.items()
        ),
        largest_sessions(of, sessions),
        cache(of),
        refusals(of),
        limits(of),
    ]


def days(of: Statement) -> Section:
    """A row for each day."""
    columns = of_lines(("day",), of.days, len(of.days), compares=False)
    return Section("By day", columns, "What calls cost day by day", _NO_CALLS, shares="cost_usd", course=True)


def largest_sessions(of: Statement, most: int = MOST_SESSIONS) -> Section:
    """The dearest sessions, and when their calls began."""
    named = [line for line in of.sessions if line.names[0] is not None]
    none = [line for line in of.sessions if line.names[0] is None]
    lines = [*named, *([replace(summed(none), names=("no session", None, None))] if none else ())]
    columns = of_lines(SESSION, lines, most, compares=False)
    shown = lines if len(lines) <= most else lines[: most - 1]
    others = [None] * (len(lines) > len(shown))
    when = [
        _when("first", [*(line.sums.first_us for line in shown), *others], of),
        _when("last", [*(line.sums.last_us for line in shown), *others], of),
    ]
    width = next(i for i, column in enumerate(columns) if column.name == "calls")
    caption = "The dearest sessions, and when their first and their last call began"
    return Section("Largest sessions", (*columns[:width], *when, *columns[width:]), caption, _NO_CALLS)


def _when(name: str, moments: Sequence[int | None], of: Statement) -> Column:
    return Column(name, Kind.TEXT, tuple([minute(us, of.zone) for us in moments]))


def cache(of: Statement) -> Section:
    """What the cache answered, and saved."""
    kinds = {
        "hit": "answered by an earlier answer",
        "join": "shared the answer of a call in flight",
        "miss": "looked for, and asked of the provider",
    }
    lines = of.cache
    columns = (
        Column("cache", Kind.TEXT, tuple([str(line.names[0]) for line in lines])),
        Column("meaning", Kind.TEXT, tuple([kinds[str(line.names[0])] for line in lines])),
        _summed("calls", Kind.COUNT, [line.sums.calls for line in lines]),
        _summed("cost_usd", Kind.MONEY, [line.sums.cost_nano for line in lines]),
        _summed("saved_usd", Kind.MONEY, [line.sums.saved_nano for line in lines]),
    )
    note = "saved: what the calls that the cache answered would have cost; not in the cost"
    caption = "What the cache did, and what that saved"
    return Section("Cache", columns, caption, "No call had to do with the cache.", (note,))


def refusals(of: Statement) -> Section:
    """What was refused, why, and what it might have cost."""
    columns = tuple(
        Column(each.name, each.kind, tuple([words(str(value)) for value in each.values]))
        if each.name == "reason"
        else each
        for each in refused_columns.columns(of.refused)
    )
    notes = tuple(refused_columns.notes(of.refused))
    caption = "Why calls were refused, and what they might have cost: an estimate"
    return Section("Refused calls", columns, caption, "No call was refused.", notes, brief=True)


def limits(of: Statement) -> Section:
    """How far limits got."""
    shown = of.limits[:MOST_LIMITS]

    def column(name: str, values: list[str | None]) -> Column:
        return Column(name, Kind.TEXT, tuple(values))

    left_out = len(of.limits) - len(shown)
    notes = (
        "a row for each limit, and whose it is; its fullest window of the month. Windows are kept for two "
        "months after their end",
        *([f"{left_out:,} more that were used less are left out"] if left_out else ()),
    )
    columns = (
        column("limit", [each.limit for each in shown]),
        column("of", [_of(each) for each in shown]),
        column("enforce", [each.enforce for each in shown]),
        column("windows", [f"{each.windows:,}" for each in shown]),
        column("full", [f"{each.full:,}" for each in shown]),
        column("used", [amount(each.used, each.unit) for each in shown]),
        column("amount", [amount(each.amount, each.unit) for each in shown]),
        column("percent", [None if each.percent is None else f"{each.percent}%" for each in shown]),
    )
    none = "The ledger has no windows of limits that are kept for these calls in this month."
    return Section("Limits", columns, "The fullest window of each limit", none, notes, totals=False)


def _of(one: Reached) -> str | None:
    return ", ".join(str(value or "nobody") for value in one.values.values()) or None


def _summed(name: str, kind: Kind, amounts: list[int]) -> Column:
    return Column(name, kind, tuple(amounts), sum(amounts))
