"""Which of the operator's overrides hold for a call."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from tollway.prices.amounts import UNITS
from tollway.prices.rates import Prices

if TYPE_CHECKING:
    from tollway.prices.overrides import Override


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What overrides are compared with."""

    provider: str
    host: str
    names: frozenset[str]
    """The model's names, in lower case."""
    tier: str
    on: date


@dataclass(frozen=True, slots=True)
class Terms:
    """The overrides that hold for one call; labels say which entry of the policy it was."""

    price: "Override | None" = None
    price_label: str = ""
    discount: Decimal = Decimal(0)
    discount_label: str = ""


@dataclass(frozen=True, slots=True)
class Layer:
    """A list of overrides: the user's own price list, or a policy's."""

    name: str
    """What labels call it."""
    overrides: tuple["Override", ...]


def choose(layer: Layer, subject: Subject) -> Terms:
    """The last price and the last discount that match."""
    price, discount, overrides, label = None, None, layer.overrides, layer.name
    for number, override in enumerate(overrides):
        if holds(override, subject):
            if override.discount is None:
                price = number
            else:
                discount = number
    return Terms(
        None if price is None else overrides[price],
        "" if price is None else f"{label}[{price}]",
        Decimal(0) if discount is None else overrides[discount].discount or Decimal(0),
        "" if discount is None else f"{label}[{discount}]",
    )


def holds(override: "Override", subject: Subject) -> bool:
    """True if all conditions of the override are met."""
    return (
        override.from_ <= subject.on <= override.until
        and override.tier in (None, subject.tier)
        and fnmatchcase(subject.provider, override.provider)
        and fnmatchcase(subject.host, override.host.lower())
        and (override.model == "*" or _any(subject.names, override.model.lower()))
    )


def _any(names: Iterable[str], pattern: str) -> bool:
    return any(fnmatchcase(name, pattern) for name in names)


def agreed(override: "Override") -> Prices:
    """The prices that the override gives, in nano-dollars per unit."""
    return {UNITS[key].field: UNITS[key].nano_each(usd) for key, usd in override.amounts().items()}


def fingerprint(overrides: Sequence["Override"]) -> str:
    """Eight hex digits that change when the overrides' meaning does."""
    text = json.dumps([override.canonical() for override in overrides], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:8]
