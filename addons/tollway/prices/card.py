"""What a model costs, as a value: every tier and speed that is known, every step of a long context."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from difflib import get_close_matches

from tollway.prices import catalogue, lookup, supplement
from tollway.prices.amounts import ALONE, UNITS
from tollway.prices.base import UNKNOWN_PRICE
from tollway.prices.facts import Facts
from tollway.prices.rates import ZERO, Rates
from tollway.prices.resolve import Resolved, resolve, subject
from tollway.prices.tables import STANDARD, tables
from tollway.prices.terms import Layer, holds
from tollway.prices.tiers import UNKNOWN_TIER

_SPEEDS = ("fast", "optimized")
_NEAR = 5

Amounts = Mapping[str, Decimal | None]
"""USD per unit, by the keys that operators write; None: such units cost what the broader unit does, or nobody
knows what they cost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What calls cost that have more input tokens than `above`."""

    above: int
    amounts: Amounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What a service tier, or a speed, costs."""

    tier: str
    speed: str | None
    label: str
    """Which entry of which list, and which rules and modifiers."""
    flags: tuple[str, ...]
    steps: tuple[Step, ...]
    once: bool
    """Searches are billed once per request, however many there were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a model costs at a provider."""

    provider: str
    model: str
    at: datetime
    known: bool
    """False: nobody knows; what is here is what would be charged."""
    columns: tuple[Column, ...]
    """The standard tier first; then those that cost something else."""
    also: tuple[str, ...]
    """Other providers that a price of it is known at."""
    near: tuple[str, ...]
    """Names like this one, of an unknown model."""


def card(facts: Facts, layers: Sequence[Layer]) -> Card:
    """What the model that `facts` asks for costs there and then; its tier and speed do not matter."""
    columns = tuple(_columns(replace(facts, tier=STANDARD, speed=None), layers))
    known = UNKNOWN_PRICE not in columns[0].flags
    model = facts.asked or ""
    return Card(
        provider=facts.provider,
        model=model,
        at=facts.at,
        known=known,
        columns=columns,
        also=tuple(name for name in homes(facts, layers) if name != facts.provider),
        near=() if known else near(facts.provider, model),
    )


def _columns(facts: Facts, layers: Sequence[Layer]) -> Iterator[Column]:
    first = _column(facts, resolve(facts, layers))
    yield first
    habit = tables().habit(facts.provider)
    wanted = [(tier, None) for tier in dict.fromkeys(habit.tiers.values()) if tier != STANDARD]
    other = [(tier, None) for tier in sorted({row.tier for row in tables().modifiers if row.tier})]
    for tier, speed in dict.fromkeys([*wanted, *other, *((STANDARD, speed) for speed in _SPEEDS)]):
        variant = replace(facts, tier=tier or STANDARD, speed=speed)
        found = resolve(variant, layers)
        column = _column(variant, found)
        if not {UNKNOWN_TIER, UNKNOWN_PRICE} & set(found.flags) and column.steps != first.steps:
            yield column


def _column(facts: Facts, found: Resolved) -> Column:
    return Column(
        tier=facts.tier,
        speed=facts.speed,
        label=found.label,
        flags=found.flags,
        steps=tuple(
            Step(above=max(0, start), amounts=amounts(rates)) for start, rates in found.schedule.steps
        ),
        once=found.schedule.at(0).search_once,
    )


def amounts(rates: Rates) -> Amounts:
    """Rates in USD per unit."""
    each = {key: getattr(rates, unit.field) for key, unit in UNITS.items()}
    return {key: None if nano is None else UNITS[key].usd(nano) for key, nano in each.items()}


def told(amounts: Amounts) -> dict[str, Decimal]:
    """The amounts that say something: not those that are nothing, or what a broader unit costs."""
    tokens = () if any(amounts[key] for key in ALONE) and not amounts["input"] else ("input", "output")
    broader = {"cache_read": "input", "cache_write": "input", "cache_write_1h": "cache_write",
               "cache_write_12h": "cache_write"}  # fmt: skip
    return {
        key: usd
        for key, usd in amounts.items()
        if usd is not None and (usd != ZERO or key in tokens) and usd != amounts.get(broader.get(key, ""))
    }


def homes(facts: Facts, layers: Iterable[Layer] = ()) -> list[str]:
    """The providers that a price of the model is known at: its own first, then in the table's order."""
    operators = {row.provider: None for layer in layers for row in layer.overrides if "*" not in row.provider}
    found = []
    for place, provider in enumerate(dict.fromkeys([*tables().habits, *operators])):
        rank = _rank(replace(facts, provider=provider), layers)
        if rank is not None:
            found.append((rank, place, provider))
    return [provider for _, _, provider in sorted(found)]


def _rank(facts: Facts, layers: Iterable[Layer]) -> tuple[bool, bool] | None:
    """How far a provider is from being the model's own; None: it is not known there."""
    habit = tables().habit(facts.provider)
    entry = lookup.find(facts, habit)
    if entry is not None:
        return not lookup.is_own(entry, habit), bool(entry.rule)
    about = subject(facts, None)
    rows = [row for layer in layers for row in layer.overrides if row.discount is None and row.model != "*"]
    rows += [row for row in supplement.rows() if row.provider != "*"]
    return (False, False) if any(holds(row, about) and row.provider != "*" for row in rows) else None


def near(provider: str, model: str) -> tuple[str, ...]:
    """Names of the provider's list (of the well-known ones, where it has none) that look like this one."""
    lists = catalogue.expanded(tables().habit(provider).lists) or tables().families
    names = {info.id: None for list in lists for info in catalogue.models(list)}
    return tuple(get_close_matches(model.lower(), names, n=_NEAR))
