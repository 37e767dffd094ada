"""Routes of limits that lead to dearer models than those that they move, by list price or the policy's own.

Where `from` is a pattern, it means what the price list knows of it: only a target that is dearer than all of
that, in input and output, is doubtful.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fnmatch import fnmatchcase

from msgspec import Struct

from tollway.policy.document import Way
from tollway.policy.doubtful import Doubt
from tollway.policy.idle import named
from tollway.policy.pattern import is_pattern
from tollway.policy.routes import RouteRule
from tollway.policy.schema import Policy
from tollway.prices import catalogue
from tollway.prices.base import UNKNOWN_PRICE
from tollway.prices.facts import Facts
from tollway.prices.resolve import layered, resolve
from tollway.prices.tables import STANDARD, tables
from tollway.prices.terms import Layer
from tollway.routing.resolve import SAME

DEARER = "{} costs more than all that {} means, and the limit {} leads calls there as it is used up"
MAKERS = ("openai", "anthropic", "gemini")
"""Whose models are meant where `from` names no provider, beside the target's own."""


class Price(Struct, frozen=True):
    """Of a token of each, in nano-dollars."""

    input: Decimal
    output: Decimal


def dearer(policy: Policy, today: date) -> Iterator[Doubt]:
    """The targets of such routes."""
    led: dict[str, str] = {}
    for entry in policy.limits:
        for _, route in named(entry):
            led.setdefault(route, entry.name)
    layers = layered([("prices", policy.prices)])
    at = datetime.combine(today, time(12), UTC)
    own = frozenset(row.name for row in policy.providers)
    for route, limit in led.items():
        for i, rule in enumerate(policy.routes[route]):
            for way, target in _targets(rule):
                meant = _meant(rule.from_.lower(), target.partition("/")[0], own)
                if _is_dearer(meant, target, layers, at):
                    yield ("routes", route, i, *way), DEARER.format(target, rule.from_, limit)


def _targets(rule: RouteRule) -> Iterator[tuple[Way, str]]:
    """Those that name a model, each with its place."""
    several = len(rule.chain) > 1
    found: list[tuple[Way, str]] = [
        (("to", i) if several else ("to",), to) for i, to in enumerate(rule.chain)
    ]
    for place, part in rule.parts:
        found += [(("split", *place, f"{share}%"), to) for share, to in part.items()]
    yield from ((way, to) for way, to in found if to.rpartition("/")[2] != SAME)


def _is_dearer(meant: Iterable[tuple[str, str]], target: str, layers: Sequence[Layer], at: datetime) -> bool:
    provider, _, model = target.partition("/")
    there = _price(provider, model, layers, at)
    if there is None:
        return False
    known = [price for one in meant if (price := _price(*one, layers, at)) is not None]
    return bool(known) and all(here.input < there.input and here.output < there.output for here in known)


def _meant(meant: str, target: str, own: Collection[str]) -> Iterator[tuple[str, str]]:
    """Providers and models that `from` means, as far as they are known. `own`: the policy's providers."""
    first, slash, rest = meant.partition("/")
    if slash and (first in tables().habits or first in own):
        asked = [(first, rest)]
    else:
        asked = [(provider, meant) for provider in dict.fromkeys((*MAKERS, target))]
    for provider, name in asked:
        if not is_pattern(name):
            yield provider, name
            continue
        for list in catalogue.expanded(tables().habit(provider).lists)[:1]:
            ids = (info.id for info in catalogue.models(list))
            yield from ((provider, id) for id in ids if fnmatchcase(id.lower(), name.replace("[", "[[]")))


def _price(provider: str, model: str, layers: Sequence[Layer], at: datetime) -> Price | None:
    """What the model costs there in the standard tier; None: nobody knows, or it costs by another unit."""
    facts = Facts(
        provider=provider, host="", operation="chat", served=None, asked=model, tier=STANDARD, speed=None,
        geo=None, at=at, notional=False,
    )  # fmt: skip
    found = resolve(facts, layers)
    rates = found.schedule.at(0)
    if UNKNOWN_PRICE in found.flags or not (rates.input and rates.output):
        return None
    return Price(rates.input, rates.output)
