"""Which rows of `modifiers.yaml` apply to a call, and what they do to its prices."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tollway.prices.ladder import filled, replaced, scaled, stepped
from tollway.prices.rates import TOKENS, Ladder
from tollway.prices.tables import Clock, Modifier, matches, tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What modifiers look at."""

    provider: str
    host: str
    models: tuple[str, ...]
    """Every name the model goes by here, in lower case."""
    rule: str
    """The rules that made the spelling, joined by commas."""
    geo: str | None
    tier: str | None = None
    """A tier that the price list has no price for."""
    speed: str | None = None
    """A speed that the price list has no price for."""
    on: date


def applicable(call: Circumstances) -> tuple[Modifier, ...]:
    """The rows whose conditions are all met, in the table's order."""
    return tuple(row for row in tables().modifiers if _where(row, call) and _how(row, call))


def _where(row: Modifier, call: Circumstances) -> bool:
    return (
        (not row.provider or call.provider in row.provider)
        and (not row.host or matches(row.host, call.host))
        and (not row.model or any(matches(row.model, name) for name in call.models))
        and not any(matches(row.without, name) for name in call.models)
    )


def _how(row: Modifier, call: Circumstances) -> bool:
    return (
        row.tier in (None, call.tier)
        and row.speed in (None, call.speed)
        and (row.geo is None or row.geo == (call.geo or "").lower())
        and (row.rule is None or row.rule in call.rule.split(","))
        and row.since <= call.on <= row.until
    )


def apply(rows: Iterable[Modifier], ladder: Ladder) -> Ladder:
    """The ladder with every row's effect: missing prices first, then the rest in the table's order."""
    rows = tuple(rows)
    for row in rows:
        if row.fill:
            ladder = filled(ladder, row.fill, row.of, row.times)
    is_flat = len(ladder) == 1
    for row in rows:
        if row.above is not None:
            ladder = stepped(ladder, row.above, row.times, row.parts) if is_flat else ladder
        elif not row.fill:
            ladder = scaled(replaced(ladder, row.set), row.times, row.parts, row.over)
    return ladder


_TOKENS = frozenset(TOKENS)


def label(rows: Iterable[Modifier]) -> str:
    """What the rows did, for a price version: " geo=us x1.1 region x1.1"."""
    return "".join(f" {row.name}{_factor(row)}" for row in rows if _factor(row) or row.set.keys() & _TOKENS)


def _factor(row: Modifier) -> str:
    if row.fill or row.above or row.times == row.over:
        return ""
    return f" x{row.times}" if row.over == 1 else f" x{row.times}/{row.over}"


def billed_at(provider: str, model: str, at: datetime) -> datetime:
    """The time whose prices hold: on some days of the week, another hour's."""
    for clock in tables().clocks:
        if provider in clock.provider and matches(clock.model, model) and _is_day(clock, at):
            return at.replace(hour=clock.hour, minute=0)
    return at


def _is_day(clock: Clock, at: datetime) -> bool:
    there = (at + timedelta(hours=clock.east)).date()
    return there >= clock.since and there.isoweekday() in clock.days
