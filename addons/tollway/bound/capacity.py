"""How much a model reads and writes at most, as its provider documents it."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import yaml
from msgspec import Struct

LONGEST = 256
"""Characters; no model's name has more. Clients choose what is asked for, and each name is remembered."""
_UNTOLD = frozenset({"azure"})
"""Whose names are the customer's own: a deployment called gpt-4o may be anything."""
_WRAPPINGS = ("models/", "ft:", "global.", "us.", "eu.", "apac.", "au.", "jp.", "us-gov.")


class Capacity(Struct, frozen=True, kw_only=True):
    """A model's limits, in tokens; None: not known. Never below what the model can really do."""

    context: int | None = None
    """What one turn reads at most."""
    max_output: int | None = None
    """What one answer writes at most, thoughts included."""
    image: int | None = None
    """What one image comes to at most, however large it is."""


UNKNOWN = Capacity()


def capacity_of(provider: str, model: str | None) -> Capacity:
    """The limits of a model, by the name that it is asked for. Unknown names have unknown limits."""
    name = plain_name(provider, model)
    return UNKNOWN if name is None else _capacity_of(name)


def plain_name(provider: str, model: str | None) -> str | None:
    """What a table of models calls it; None: its name tells nothing."""
    if model is None or provider in _UNTOLD or len(model) > LONGEST:
        return None
    return _plain(model)


@lru_cache(4096)
def _capacity_of(name: str) -> Capacity:
    for row in _families():
        if any(fnmatchcase(name, glob) for glob in row["models"]):
            return Capacity(context=row.get("context"), max_output=row.get("output"), image=row.get("image"))
    return UNKNOWN


@lru_cache(4096)
def _plain(model: str) -> str:
    """The name without regions, publishers and paths: us.anthropic.claude-x -> claude-x."""
    name = model.lower().rpartition("/")[2]
    for wrapping in _WRAPPINGS:
        name = name.removeprefix(wrapping)
    return name.removeprefix("anthropic.").removeprefix("amazon.").removeprefix("openai.")


@cache
def _families() -> tuple[Mapping[str, Any], ...]:
    text = (resources.files(__package__) / "models.yaml").read_text("utf-8")
    return tuple(yaml.safe_load(text))
