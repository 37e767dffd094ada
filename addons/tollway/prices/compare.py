"""An operator's list against what is built in: each price that it changes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from tollway.prices import catalogue
from tollway.prices.amounts import UNITS
from tollway.prices.base import UNKNOWN_PRICE
from tollway.prices.card import amounts, homes, told
from tollway.prices.facts import Facts
from tollway.prices.rates import Schedule
from tollway.prices.resolve import Resolved, resolve
from tollway.prices.tables import STANDARD, tables
from tollway.prices.terms import Layer

if TYPE_CHECKING:
    from tollway.prices.overrides import Override

_PATTERN = "*?["


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One price that a list changes, in USD per unit as operators write it."""

    provider: str
    """"": none that is known has the model."""
    model: str
    tier: str
    on: date
    """The day whose prices are compared: the entry's first if it is yet to come, its last if it is over."""
    key: str
    above: int
    """The step of a long context: calls with more input tokens than this."""
    old: Decimal | None
    """None: nobody knew it."""
    new: Decimal

    @property
    def percent(self) -> Decimal | None:
        """The change, in percent of the old price; None where there was none."""
        return None if not self.old else (self.new - self.old) / self.old * 100


def differences(overrides: Sequence["Override"], today: date) -> Iterator[Difference]:
    """What the list changes, in its entries' order; each model once for each day and tier."""
    layer, seen = Layer("list", tuple(overrides)), set[tuple[str, str, str, date]]()
    for override in overrides:
        on = min(max(today, override.from_), override.until)
        for provider, model in models(override, on):
            tier = override.tier or STANDARD
            if (provider, model, tier, on) not in seen:
                seen.add((provider, model, tier, on))
                yield from _changed(_facts(provider, model, override, on), layer)


def models(override: "Override", on: date) -> list[tuple[str, str]]:
    """The providers and models that an entry is about, as far as they are known here.

    A pattern means the models of the lists that match it; an entry for every provider, each model's own.
    """
    pattern = override.model.lower()
    if not _is_pattern(pattern):
        return [(provider, pattern) for provider in _providers(override, pattern, on)]
    found = {
        (provider, info.id): None
        for provider, habit in tables().habits.items()
        if fnmatchcase(provider, override.provider)
        for list in catalogue.expanded(habit.lists)[:1]
        for info in catalogue.models(list)
        if fnmatchcase(info.id.lower(), pattern) and not info.deprecated
    }
    if override.provider != "*":
        return [*found]
    own = {model: provider for provider, model in reversed(found)}
    return [(provider, model) for provider, model in found if own[model] == provider]


def _providers(override: "Override", model: str, on: date) -> list[str]:
    if override.provider == "*":
        return homes(_facts("", model, override, on))[:1] or [""]
    names = [name for name in tables().habits if fnmatchcase(name, override.provider)]
    return names or [override.provider]


def _is_pattern(text: str) -> bool:
    return any(sign in text for sign in _PATTERN)


def _facts(provider: str, model: str, override: "Override", on: date) -> Facts:
    return Facts(
        provider=provider,
        host=override.host.lower().replace("*", "").replace("?", "x"),  # one that the pattern matches
        operation="",
        served=None,
        asked=model,
        tier=override.tier or STANDARD,
        speed=None,
        geo=None,
        at=datetime.combine(on, time(12), UTC),
        notional=False,
    )


def _changed(facts: Facts, layer: Layer) -> Iterator[Difference]:
    """What the list changes of one model. Steps of a long context say only what the one below does not."""
    before, after = resolve(facts, ()), resolve(facts, [layer])
    last: dict[str, tuple[Decimal | None, Decimal]] = {}
    for above in _steps(before.schedule, after.schedule):
        changed = dict(_changes(before, after, above))
        for key, (old, new) in changed.items():
            if last.get(key) != (old, new):
                yield Difference(
                    provider=facts.provider, model=facts.asked or "", tier=facts.tier, on=facts.at.date(),
                    key=key, above=above, old=old, new=new,
                )  # fmt: skip
        last = changed


def _changes(
    before: Resolved, after: Resolved, above: int
) -> Iterator[tuple[str, tuple[Decimal | None, Decimal]]]:
    """Each price that is not what it was; nothing was known of those that were taken because nobody knew."""
    old, new = (amounts(found.schedule.at(above + 1)) for found in (before, after))
    was = {} if UNKNOWN_PRICE in before.flags else told(old)
    for key in UNITS:
        price = new[key]
        if price is not None and (key in was or key in told(new)):
            previous = old[key] if was else None
            if price != previous:
                yield key, (previous, price)


def _steps(*schedules: Schedule) -> list[int]:
    return sorted({max(0, start) for schedule in schedules for start, _ in schedule.steps})


def unmatched(overrides: Sequence["Override"], today: date) -> list[int]:
    """The places of entries that no model known here is about."""
    return [
        number
        for number, override in enumerate(overrides)
        if not models(override, min(max(today, override.from_), override.until))
    ]
