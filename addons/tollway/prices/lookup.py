"""Finding a call's model on its provider's price lists."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from tollway.prices import catalogue
from tollway.prices.catalogue import Listed
from tollway.prices.facts import Facts
from tollway.prices.rates import ZERO
from tollway.prices.tables import Habit, matches


def find(facts: Facts, habit: Habit) -> Listed | None:
    """The entry of the model that served, else of the one that was asked for.

    An entry without any price is no answer: what is deliberately free is in `habits.yaml`.
    """
    lists = catalogue.expanded(habit.lists)
    for model in _models(facts, habit, lists):
        for hit in _hits(habit, lists, model, facts.at) if model else ():
            if not catalogue.unpriced(catalogue.priced(hit.info, facts.at)):
                return hit
    return None


def _models(facts: Facts, habit: Habit, lists: tuple[str, ...]) -> Iterator[str | None]:
    """The model's names, the surest first: a router was asked for who is to serve, and does not repeat it."""
    asked, _, last = (facts.asked or "").rpartition(":")
    if asked and habit.suffix and habit.suffix + last.lower() in lists:
        yield f"{facts.served or asked}:{last}"
    yield facts.served
    yield facts.asked


def _hits(habit: Habit, lists: tuple[str, ...], model: str, at: datetime) -> Iterator[Listed]:
    name, _, last = model.rpartition(":")
    if habit.suffix and habit.suffix + last.lower() in lists:
        yield from catalogue.find((habit.suffix + last.lower(),), name)
    if habit.dearest:
        each = [hit for id in lists if (hit := next(catalogue.find((id,), model), None))]
        yield from sorted(each, key=lambda hit: -_weight(hit, at))
    else:
        yield from catalogue.find(lists, model)


def _weight(hit: Listed, at: datetime) -> Decimal:
    base = catalogue.priced(hit.info, at)[0][1]
    return base.get("input", ZERO) + base.get("output", ZERO)


def is_own(listed: Listed, habit: Habit) -> bool:
    """True if the entry is on a list of the provider's own, so that its tiers are the provider's too."""
    return habit.dearest or listed.list in catalogue.expanded(habit.lists)[:1]


def is_free(facts: Facts, habit: Habit) -> bool:
    """True if the model is deliberately free, or nothing at the provider is billed per call."""
    served, asked = (facts.served or facts.asked or "").lower(), (facts.asked or "").lower()
    return (
        habit.local
        or matches(habit.free, served.rpartition("models/")[2])
        or served.endswith(":free")
        or _is_asked(served, asked)
    )


def _is_asked(served: str, asked: str) -> bool:
    """A free model was asked for, and that one served: not a paid one in its stead."""
    return asked.endswith(":free") and served.startswith(asked.removesuffix(":free"))
