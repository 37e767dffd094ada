"""Writes the files that the variables name, and gives the variables."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from tollway.ca import bundle
from tollway.ca.recipe import Recipe, origin
from tollway.environment import java_store
from tollway.environment.bypass import bypassed
from tollway.environment.settings import settings
from tollway.environment.trusted import wanted
from tollway.environment.variables import variables

_SHOWN = 3


class Trusted(Protocol):
    """Whom programs are to trust: the authority of this machine, or another's root."""

    @property
    def permitted(self) -> tuple[str, ...]: ...
    def root_pem(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class ClientEnvironment:
    """The variables to set, and what the user should know of their own values."""

    variables: dict[str, str]
    warnings: tuple[str, ...]


def prepare(
    proxy_url: str, folder: Path, authority: Trusted, present: Mapping[str, str]
) -> ClientEnvironment:
    """The variables for a program, with the files they name brought up to date in `folder`: the `ca` folder,
    or one in it that is for another's root.

    Raises StoreError if a file can't be written.
    """
    root = authority.root_pem()
    files, unread = _bundles(folder, root, present)
    store = java_store.write(folder, root, present)
    result = variables(proxy_url, files, str(store.path) if store.path else None, present)
    skipped = _bypass(result["NO_PROXY"], authority)
    warnings = [*_replaced(proxy_url, present), *unread, store.warning, *skipped]
    return ClientEnvironment(result, tuple(filter(None, warnings)))


def _bundles(folder: Path, root: bytes, present: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    recipes = wanted(present, settings(present), _origins(folder, present))
    written = {recipe: bundle.write(folder, _absolute(recipe), root) for recipe in set(recipes.values())}
    warnings = [
        f"{name}: {source} holds no certificate that can be read: it is left out"
        for name, recipe in recipes.items()
        for source in written[recipe].unread
    ]
    return {name: str(written[recipe].path) for name, recipe in recipes.items()}, warnings


def _origins(folder: Path, present: Mapping[str, str]) -> dict[str, Recipe]:
    """Of the paths in the environment that are files of ours: what they were made of."""
    found = {}
    for value in present.values():
        path = Path(value)
        if path.parent == folder and path.suffix == ".pem" and path.is_file():
            found[value] = origin(path.read_bytes()) or Recipe(False)
    return found


def _absolute(recipe: Recipe) -> Recipe:
    return Recipe(recipe.system, tuple(os.path.abspath(path) for path in recipe.own))


def _replaced(proxy_url: str, present: Mapping[str, str]) -> list[str]:
    for name in ("HTTPS_PROXY", "https_proxy"):
        own = present.get(name, "").strip()
        if own and own != proxy_url:
            shown = urlsplit(own).hostname or "what it was"
            return [f"{name}: replaced; Tollway reaches providers directly, not through {shown}"]
    return []


def _bypass(no_proxy: str, authority: Trusted) -> list[str]:
    past = bypassed(no_proxy, authority.permitted)
    if not past:
        return []
    more = f" and {len(past) - _SHOWN} more hosts" if len(past) > _SHOWN else ""
    return [f"NO_PROXY takes {', '.join(past[:_SHOWN])}{more} past Tollway: such calls are not seen"]
