"""A call's prices before the operator's terms: the list's, with modifiers, or the dearest known."""

from dataclasses import dataclass, replace
from decimal import Decimal

from tollway.prices import conservative, lookup, modifiers, tiers
from tollway.prices.catalogue import Listed
from tollway.prices.facts import Facts
from tollway.prices.ladder import FREE, defaulted
from tollway.prices.modifiers import Circumstances
from tollway.prices.rates import ALWAYS, NO_PRICES, Ladder, Prices
from tollway.prices.tables import STANDARD, Habit, Modifier, tables
from tollway.prices.tiers import Found

UNKNOWN_PRICE = "unknown_price"
"""Flag: no list knows the model's price; the dearest known one was taken."""
FREE_OF_CHARGE = "free"
"""Flag: the model is deliberately free, or nothing is billed per call."""

_PER_THOUSAND = Decimal(1_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """Prices, and where they come from."""

    ladder: Ladder
    label: str
    """Which entry of which list, and which rules and modifiers."""
    flags: tuple[str, ...] = ()
    once: bool = False
    """Searches are billed once per request."""


def listed(facts: Facts, habit: Habit, entry: Listed, gaps: Prices = NO_PRICES) -> Base:
    """What the list's entry costs in the call's tier, speed, region and so on.

    `gaps`: prices of what the entry has no price for.
    """
    at = modifiers.billed_at(facts.provider, entry.info.id, facts.at)
    found = tiers.find(entry, at, facts, lookup.is_own(entry, habit))
    found = replace(found, ladder=defaulted(found.ladder, gaps))
    call = _circumstances(facts, (entry.name, _name(facts), entry.info.id.lower()), entry.rule, found)
    rows = modifiers.applicable(call)
    ladder, flags = tiers.settle(found, rows, tiers.others(entry, at, found))
    return _modified(ladder, rows, habit, f"{entry.list}/{entry.info.id}{_why(facts, entry.rule)}", flags)


def supplied(facts: Facts, habit: Habit, prices: Prices, tiered: bool, label: str) -> Base:
    """What our own prices come to in the call's tier, speed, region and so on.

    `tiered`: they are those of the call's tier.
    """
    tier = None if tiered or facts.tier == STANDARD else facts.tier
    found = Found(ladder=((ALWAYS, prices),), tier=tier, speed=facts.speed)
    rows = modifiers.applicable(_circumstances(facts, (_name(facts),), "", found))
    ladder, flags = tiers.settle(found, rows, ())
    return _modified(ladder, rows, habit, f"{label}{_why(facts, '')}", flags)


def _circumstances(facts: Facts, models: tuple[str, ...], rule: str, found: Found) -> Circumstances:
    return Circumstances(
        provider=facts.provider,
        host=facts.host,
        models=models,
        rule=rule,
        geo=facts.geo,
        tier=found.tier,
        speed=found.speed,
        on=facts.at.date(),
    )


def _modified(
    ladder: Ladder, rows: tuple[Modifier, ...], habit: Habit, label: str, flags: tuple[str, ...]
) -> Base:
    return Base(
        ladder=defaulted(modifiers.apply(rows, ladder), fees(habit)),
        label=f"{label}{modifiers.label(rows)}",
        flags=flags,
        once=any(row.once for row in rows),
    )


def _why(facts: Facts, found_by: str) -> str:
    rule = f" rule={found_by}" if found_by else ""
    tier = f" tier={facts.tier}" if facts.tier != STANDARD else ""
    speed = f" speed={facts.speed}" if facts.speed else ""
    return f"{rule}{tier}{speed}"


def _name(facts: Facts) -> str:
    return (facts.served or facts.asked or "").lower()


def free(label: str) -> Base:
    """Nothing costs anything."""
    return Base(ladder=FREE, label=label, flags=(FREE_OF_CHARGE,))


def unknown(facts: Facts, habit: Habit) -> Base:
    """The dearest known prices, with every modifier that makes them dearer."""
    whose, ladder = conservative.dearest_of(habit, facts.operation, facts.at)
    asked = Found(ladder=ladder, tier=facts.tier, speed=facts.speed)
    call = _circumstances(facts, (_name(facts),), "", asked)
    rows = tuple(row for row in modifiers.applicable(call) if row.times > 1)
    return _modified(ladder, rows, habit, f"dearest of {whose}", (UNKNOWN_PRICE,))


def fees(habit: Habit) -> Prices:
    """The provider's prices per search and tool call, for entries that have none."""
    search = tables().search if habit.search is None else habit.search
    prices = {"web_search": search * _PER_THOUSAND}
    return prices if habit.tools is None else prices | {"tool_call": habit.tools * _PER_THOUSAND}
