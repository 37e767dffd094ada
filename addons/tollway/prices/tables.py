"""The package's own tables, read once: how providers bill, and what the price list lacks.

The one place of this package that reads package data.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from tollway.prices.amounts import UNITS
from tollway.prices.rates import TOKENS, Prices

STANDARD = "standard"
"""The usual service tier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """One provider's row of `habits.yaml`, where every key is explained."""

    lists: tuple[str, ...] = ()
    dearest: bool = False
    suffix: str = ""
    free: tuple[str, ...] = ()
    local: bool = False
    notional: bool = False
    tiers: Mapping[str, str]
    search: Decimal | None = None
    tools: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Modifier:
    """One row of `modifiers.yaml`, where every key is explained."""

    name: str
    source: str
    provider: tuple[str, ...] = ()
    host: tuple[str, ...] = ()
    model: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    tier: str | None = None
    speed: str | None = None
    geo: str | None = None
    rule: str | None = None
    since: date = date.min
    until: date = date.max
    times: Decimal = Decimal(1)
    over: Decimal = Decimal(1)
    parts: tuple[str, ...] = TOKENS
    above: int | None = None
    set: Prices = field(default_factory=dict)
    fill: str | None = None
    of: str = ""
    once: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One row of `clocks`: days of the week that are billed as another hour."""

    name: str
    source: str
    provider: tuple[str, ...]
    model: tuple[str, ...]
    days: tuple[int, ...]
    east: int
    since: date
    hour: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """All tables."""

    habits: Mapping[str, Habit]
    families: tuple[str, ...]
    search: Decimal
    media: Prices
    """Of models that no list prices at all."""
    video: Prices
    """Beside that, of those that make video."""
    rerank: Prices
    """Beside that, of those that rank documents."""
    contexts: Mapping[str, tuple[str, str]]
    """Our name of a tier -> key and value of a genai-prices context."""
    cheaper: frozenset[str]
    operations: Mapping[str, str]
    modifiers: tuple[Modifier, ...]
    clocks: tuple[Clock, ...]

    def habit(self, provider: str) -> Habit:
        """The provider's row; one that has none is looked up under its own name."""
        return self.habits.get(provider) or Habit(lists=(provider,), tiers={"default": STANDARD})


def matches(patterns: tuple[str, ...], name: str) -> bool:
    """True if one of the patterns (`*`, `?`, `[...]`) matches the whole name."""
    return any(fnmatchcase(name, pattern) for pattern in patterns)


@cache
def tables() -> Tables:
    """The tables, read at first use."""
    habits = read("habits.yaml")
    modifiers = read("modifiers.yaml")
    defaults = habits["defaults"]
    return Tables(
        habits={name: Habit(**{"tiers": {}, **_values(row)}) for name, row in habits["providers"].items()},
        families=tuple(defaults["families"]),
        search=exact(defaults["search"]),
        media=_value("set", defaults["media"]),
        video=_value("set", defaults["video"]),
        rerank=_value("set", defaults["rerank"]),
        contexts={tier: (key, value) for tier, (key, value) in habits["contexts"].items()},
        cheaper=frozenset(habits["cheaper"]),
        operations=habits["operations"],
        modifiers=tuple(Modifier(**_values(row)) for row in modifiers["modifiers"]),
        clocks=tuple(Clock(**_values(row)) for row in modifiers["clocks"]),
    )


def read(name: str) -> Any:
    """A YAML file of this package."""
    from importlib.resources import files

    import yaml

    return yaml.safe_load(files("tollway.prices").joinpath(name).read_text("utf-8"))


def exact(number: int | float) -> Decimal:
    """The number as it is written: 1.1 is 1.1."""
    return Decimal(str(number))


_NUMBERS = frozenset({"times", "over", "search", "tools"})


def _values(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _value(key, value) for key, value in row.items()}


def _value(key: str, value: Any) -> Any:
    if key in _NUMBERS:
        return exact(value)
    if key == "set":
        return {UNITS[name].field: UNITS[name].nano_each(exact(usd)) for name, usd in value.items()}
    return tuple(value) if isinstance(value, list) else value
