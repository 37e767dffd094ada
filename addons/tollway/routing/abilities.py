"""What a model can't do, and what it reads at most: a route leads no call to one that can't take it."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import yaml
from msgspec import Struct

from tollway.bound.capacity import capacity_of, plain_name

TOOLS, IMAGES, THINKING = "tools", "images", "thinking"
FEWEST_BYTES = 3
"""Of a token: English prose has 4, code and JSON rather more than 3."""


class Abilities(Struct, frozen=True, kw_only=True):
    """Of one model; what is not known of it is in nobody's way."""

    context: int | None = None
    """Tokens that it reads at most, whoever hosts it; None: not known here (see `bound.capacity`)."""
    lacks: frozenset[str] = frozenset()
    """Of TOOLS, IMAGES and THINKING."""


UNKNOWN = Abilities()


def abilities_of(provider: str, model: str | None) -> Abilities:
    """What is known of a model, by the name that it is asked for."""
    name = plain_name(provider, model)
    return UNKNOWN if name is None else _abilities_of(name)


def context_of(provider: str, model: str | None) -> int | None:
    """Tokens that a model reads at most; None: not known."""
    return capacity_of(provider, model).context or abilities_of(provider, model).context


@lru_cache(4096)
def _abilities_of(name: str) -> Abilities:
    for row in _rows():
        if any(fnmatchcase(name, glob) for glob in row["models"]):
            return Abilities(context=row.get("context"), lacks=frozenset(row.get("lacks", ())))
    return UNKNOWN


@cache
def _rows() -> tuple[Mapping[str, Any], ...]:
    text = (resources.files(__package__) / "abilities.yaml").read_text("utf-8")
    return tuple(yaml.safe_load(text))
