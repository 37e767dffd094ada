"""From the facts of a call to the rates that it is charged at: the list's prices on the operator's terms."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tollway.prices import base, catalogue, conservative, lookup, supplement, terms
from tollway.prices.amounts import ALONE, UNITS
from tollway.prices.base import Base
from tollway.prices.catalogue import Listed
from tollway.prices.facts import Facts
from tollway.prices.ladder import replaced, scaled
from tollway.prices.rates import ALWAYS, FIELDS, Prices, Schedule, schedule
from tollway.prices.tables import Habit, tables
from tollway.prices.terms import Layer, Subject, Terms

if TYPE_CHECKING:
    from tollway.prices.overrides import Override


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """The rates of a call, what made them, and why they are to be read with care."""

    schedule: Schedule
    label: str
    flags: tuple[str, ...] = ()


def resolve(facts: Facts, layers: Iterable[Layer]) -> Resolved:
    """The rates of the call. It never fails: what nobody knows costs the dearest known price.

    Each layer of overrides starts from what those before it made; of the discounts the last holds.
    """
    habit = tables().habit(facts.provider)
    entry = lookup.find(facts, habit)
    about = subject(facts, entry)
    state = _State(known=_built_in(facts, habit, entry))
    discount = Terms()
    for layer in layers:
        held = terms.choose(layer, about)
        state = _with_terms(state, facts, habit, held)
        discount = held if held.discount else discount
    known = state.known or base.unknown(facts, habit)
    return _discounted(known, facts.notional or habit.notional, discount)


def dearest(facts: Facts) -> Resolved:
    """The rates of a model whose price nobody knows."""
    return _discounted(base.unknown(facts, tables().habit(facts.provider)), True, Terms())


def unknown_targets(overrides: Sequence["Override"]) -> list[tuple[int, str]]:
    """The places of overrides whose `same_as` no price list knows, each with what is wrong, as a sentence."""
    return [
        (number, f"no price list knows {target!r}: write provider/model, as in openai/gpt-5")
        for number, override in enumerate(overrides)
        if (target := override.same_as) is not None and _target(target)[1] is None
    ]


def warm() -> None:
    """Load all that prices are made of."""
    catalogue.warm()
    supplement.rows()
    tables()


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    """What is known so far, and what operators gave of it."""

    known: Base | None
    given: frozenset[str] = frozenset()


def subject(facts: Facts, entry: Listed | None) -> Subject:
    """What overrides are compared with; a call that has no model is known by its operation."""
    names = [facts.served, facts.asked, entry.info.id if entry else None]
    if not any(names):
        names = [facts.operation]
    return Subject(
        provider=facts.provider,
        host=facts.host,
        names=frozenset(name.lower() for name in names if name),
        tier=facts.tier,
        on=facts.at.date(),
    )


def _built_in(facts: Facts, habit: Habit, entry: Listed | None) -> Base | None:
    """What we know without the operator: free models, the list, and what supplements it."""
    if lookup.is_free(facts, habit):
        return base.free(f"{facts.provider}/{facts.served or facts.asked} free")
    if entry is None or entry.rule:
        row = supplement.row_of(subject(facts, None))
        if row is not None:
            return _supplied(facts, habit, row)
    if entry is None:
        return None
    return base.listed(facts, habit, entry, supplement.gaps(subject(facts, entry)))


def _supplied(facts: Facts, habit: Habit, row: "Override") -> Base | None:
    label = f"supplement/{row.model}"
    if not row.same_as:
        return base.supplied(facts, habit, terms.agreed(row), row.tier is not None, label)
    same = _same(facts, row)
    return replace(same, label=f"{same.label} {label}") if same else None


def _same(facts: Facts, row: "Override") -> Base | None:
    """The prices of the model that a row names."""
    habit, entry = _target(str(row.same_as))
    return base.listed(facts, habit, entry) if entry else None


def _target(target: str) -> tuple[Habit, Listed | None]:
    provider, _, model = target.partition("/")
    habit = tables().habit(provider)
    return habit, next(catalogue.find(catalogue.expanded(habit.lists), model), None)


def _with_terms(state: _State, facts: Facts, habit: Habit, held: Terms) -> _State:
    """What is known, on one layer's terms."""
    if held.price is None:
        return state
    if held.price.free:
        return _State(known=base.free(held.price_label))
    if held.price.same_as:
        same = _same(facts, held.price)
        label = f"{same.label} {held.price_label}" if same else ""
        return _State(known=replace(same, label=label)) if same else state
    return _agreed(state, facts, habit, terms.agreed(held.price), held.price_label)


def _agreed(state: _State, facts: Facts, habit: Habit, prices: Prices, label: str) -> _State:
    """What is known with the operator's prices in it; the dearest known where nothing else is known."""
    given = state.given | prices.keys()
    whole = _is_whole(given, facts)
    known = state.known
    if known is None:
        fees = Base(ladder=((ALWAYS, base.fees(habit)),), label=facts.provider)
        known = fees if whole else base.unknown(facts, habit)
    settled = {base.FREE_OF_CHARGE, base.UNKNOWN_PRICE} if whole else {base.FREE_OF_CHARGE}
    flags = tuple(flag for flag in known.flags if flag not in settled)
    known = replace(known, ladder=replaced(known.ladder, prices), label=f"{known.label} {label}", flags=flags)
    return _State(known=known, given=given)


_ALONE = frozenset(UNITS[key].field for key in ALONE)


def _is_whole(given: frozenset[str], facts: Facts) -> bool:
    """True if the agreed prices price a call of this kind by themselves."""
    kind = conservative.kind(facts.operation)
    if "input" in given:
        return "output" in given or kind in conservative.WITHOUT_OUTPUT
    return bool(given & _ALONE) or ("request" in given and kind != conservative.TEXT)


def _discounted(known: Base, notional: bool, held: Terms) -> Resolved:
    """The base less the operator's discount, if money moves at all."""
    ladder, label = known.ladder, known.label
    if held.discount and not notional:
        ladder = scaled(ladder, 1 - held.discount, FIELDS)
        label = f"{label} {held.discount_label}"
    return Resolved(schedule=schedule(ladder, known.once), label=label, flags=known.flags)


def layered(named: Sequence[tuple[str, Sequence["Override"]]]) -> tuple[Layer, ...]:
    """Layers of what is there, in this order."""
    return tuple(Layer(name, tuple(overrides)) for name, overrides in named if overrides)
