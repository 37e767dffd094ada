"""Prices of a service tier or a speed, and what to take where none is on record."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from tollway.prices import catalogue
from tollway.prices.catalogue import Listed
from tollway.prices.facts import Facts
from tollway.prices.ladder import dearer, moved
from tollway.prices.rates import Ladder
from tollway.prices.tables import STANDARD, Habit, Modifier, tables

if TYPE_CHECKING:
    from genai_prices.types import PriceVariant

UNKNOWN_TIER = "unknown_tier"
"""Flag: no price of the tier or speed that served is known. The dearest known one was taken; of a tier that
is known to be cheaper, the standard one."""
UNDATED_TIER = "undated_tier"
"""Flag: the tier's price was first recorded after the call; it was taken to be as many times the standard."""

_UNSAID = frozenset({"", "auto", "unspecified"})
_USUAL = frozenset({"", "standard", "default"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Prices of the list, and what of the tier and the speed it has no price for."""

    ladder: Ladder
    tier: str | None = None
    speed: str | None = None
    flags: tuple[str, ...] = ()


def canonical(habit: Habit, served: str | None, asked: str | None) -> str:
    """Our name for the tier that served; the provider's own, in lower case, where we have none.

    Where the provider does not say, the tier that was asked for served: a provider that falls back says so.
    """
    for said in (served, asked):
        if said is not None and not is_unsaid(said):
            return habit.tiers.get(said.lower(), said.lower())
    return STANDARD


def is_unsaid(tier: str | None) -> bool:
    """True if the word leaves the tier to the provider."""
    return tier is None or tier.lower() in _UNSAID


def unusual(speed: str | None) -> str | None:
    """The speed in lower case, None for the usual one."""
    return None if speed is None or speed.lower() in _USUAL else speed.lower()


def find(listed: Listed, at: datetime, facts: Facts, own: bool) -> Found:
    """The model's prices in the call's tier and at its speed, as far as the list has them.

    `own` is False where the list is another provider's (Azure's models on OpenAI's): its tiers prove nothing.
    """
    wanted = _wanted(facts) if own else {}
    context = {key: value for key, value in wanted.values() if _active(listed, at, key, value)}
    tier = facts.tier if facts.tier != STANDARD and "tier" not in _met(wanted, context) else None
    speed = facts.speed if "speed" not in _met(wanted, context) else None
    if tier and "tier" in wanted and (early := _undated(listed, at, *wanted["tier"])) is not None:
        return Found(ladder=early, speed=speed, flags=(UNDATED_TIER,))
    return Found(ladder=catalogue.priced(listed.info, at, context), tier=tier, speed=speed)


def _wanted(facts: Facts) -> dict[str, tuple[str, str]]:
    """What is asked of the list: "tier" and "speed", each as key and value of a context."""
    wanted = {}
    if facts.tier in tables().contexts:
        wanted["tier"] = tables().contexts[facts.tier]
    if facts.speed:
        wanted["speed"] = ("speed", facts.speed)
    return wanted


def _met(wanted: dict[str, tuple[str, str]], context: dict[str, str]) -> set[str]:
    return {name for name, (key, _) in wanted.items() if key in context}


def _active(listed: Listed, at: datetime, key: str, value: str) -> bool:
    variants = catalogue.variants(listed.info, key, value)
    return any(variant.constraint is None or variant.constraint.active(at) for variant in variants)


def _undated(listed: Listed, at: datetime, key: str, value: str) -> Ladder | None:
    """The tier's first recorded prices, moved as the standard ones have moved since the call."""
    days = [day for variant in catalogue.variants(listed.info, key, value) if (day := _since(variant))]
    if not days:
        return None
    first = datetime.combine(min(days), time(at.hour, at.minute), UTC)
    tier = catalogue.priced(listed.info, first, {key: value})
    return moved(tier, catalogue.priced(listed.info, first), catalogue.priced(listed.info, at))


def settle(
    found: Found, rows: Iterable[Modifier], others: Iterable[Ladder]
) -> tuple[Ladder, tuple[str, ...]]:
    """The prices that the modifiers start from, and the flags of that choice.

    `others`: what the list has for other tiers or speeds. Where neither it nor a modifier knows the call's
    own, the dearest of them and of what was found is taken.
    """
    known = {name for row in rows for name in (row.tier, row.speed)}
    if {found.tier, found.speed} - {None} <= known:
        return found.ladder, found.flags
    ladder = found.ladder
    if found.speed is not None or found.tier not in tables().cheaper:
        for other in others:
            ladder = dearer(ladder, other)
    return ladder, (*found.flags, UNKNOWN_TIER)


def others(listed: Listed, at: datetime, found: Found) -> Iterator[Ladder]:
    """What the list has for other tiers, or other speeds, than those that it has no price for."""
    keys = {"service_tier" if found.tier else "", "speed" if found.speed else ""}
    for variant in listed.info.price_variants or ():
        if keys & variant.when.keys():
            on = max(at.date(), _since(variant) or date.min)
            then = datetime.combine(on, at.timetz())
            yield catalogue.priced(listed.info, then, variant.when)


def _since(variant: "PriceVariant") -> date | None:
    return getattr(variant.constraint, "start_date", None)
