"""Whether a target can serve what is asked for, and where: over the table of providers."""

from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from tollway.bound.capacity import LONGEST
from tollway.model import Endpoint, Kind
from tollway.providers import hosts
from tollway.providers.paths import filled, normal, renamed
from tollway.providers.recognise import recognise
from tollway.providers.registry import Provider, Registry
from tollway.routing.resolve import Target
from tollway.translation import INTO

HTTPS = 443
CHAT = "chat"
_BODIES_ALIKE = "openai_"
"""Dialects whose body is the same whether the path has the model or not (Azure's deployments)."""
_VALUES = {"version": "v1beta"}
"""What placeholders other than the model stand for: Google's version of its API."""


class Place(Struct, frozen=True, kw_only=True):
    """Where a call would go."""

    endpoint: Endpoint
    """What `recognise` says of it: provider, host, dialect, operation, habits."""
    port: int
    path: str
    """Escaped, without a query."""
    model: str
    in_path: bool
    """The path names the model."""
    same_host: bool
    """The call stays with its host, and with the caller's credential."""
    same_provider: bool
    key_header: str = "authorization"
    """Where the host takes an API key."""
    betas: bool = True
    """The host knows Anthropic's beta features by their names."""
    translated: bool = False
    """The host takes another dialect than the caller speaks: `translation` has both."""


def place(
    registry: Registry, now: Endpoint, port: int, method: str, path: str, target: Target
) -> Place | str:
    """Where the target serves the dialect and operation of `now`; a text: why it does not.

    `port`, `method` and `path` (a query does not matter) are the request's. At the same provider only the
    model changes, in the path or the body; another one's address is the first host of its row. One that has
    no path for the dialect may have one for what a chat in it can be translated into.
    """
    # A target may have the caller's model (`same`), and each is remembered: none of megabytes is.
    found = _place if len(target.model) <= LONGEST else _place.__wrapped__
    return found(registry, now, port, method, path.partition("?")[0], target)


@lru_cache(2048)
def _place(
    registry: Registry, now: Endpoint, port: int, method: str, path: str, target: Target
) -> Place | str:
    if now.kind is not Kind.INFERENCE:
        return "nothing here reads it"
    if target.provider == now.provider:
        found = _same_provider(registry, now, port, path, target.model)
    else:
        found = _elsewhere(registry, now, path, target)
        if isinstance(found, str) and (said := _translated(now)) is not None:
            other = _elsewhere(registry, said, path, target)
            if not isinstance(other, str):
                return _checked(registry, method, said, replace(other, betas=False, translated=True))
    return found if isinstance(found, str) else _checked(registry, method, now, found)


def _translated(now: Endpoint) -> Endpoint | None:
    """What is asked for, in the dialect that it can be translated into; None: there is none."""
    if now.operation != CHAT or now.dialect not in INTO:
        return None
    return replace(now, dialect=INTO[now.dialect], model=None, stream=None)


def _same_provider(registry: Registry, now: Endpoint, port: int, path: str, model: str) -> Place | str:
    new = path if now.model is None else _renamed(registry, now.provider, path, model)
    if new is None:
        return f"{now.provider} has no such path for another model"
    return Place(
        endpoint=now,
        port=port,
        path=new,
        model=model,
        in_path=now.model is not None,
        same_host=True,
        same_provider=True,
    )


def _renamed(registry: Registry, name: str, path: str, model: str) -> str | None:
    """The path with another model in it."""
    plain = normal(path)
    for provider in rows_of(registry, name):
        found = provider.acts.find(plain)
        if found is not None:
            pattern = provider.acts.paths.patterns[found[2].index]
            return renamed(pattern, plain, "model", model)
    return None


def _elsewhere(registry: Registry, now: Endpoint, path: str, target: Target) -> Place | str:
    why = f"no provider is called {target.provider}"
    for provider in rows_of(registry, target.provider):
        found = _at(provider, now, path, target)
        if not isinstance(found, str):
            return found
        why = found
    return why


def _at(provider: Provider, now: Endpoint, path: str, target: Target) -> Place | str:
    """The place at one row: of several paths the one that ends most like the request's."""
    row = provider.row
    if "{" in row.hosts[0]:
        return f"{row.name} has a host for each customer or region: name yours in a row of `providers`"
    paths = list(_paths(provider, now, target.model, normal(path)))
    if not paths:
        return f"{row.name} has no path for {now.dialect} ({now.operation}) that this could go to"
    _, best, in_path = max(paths, key=lambda found: found[0])
    host = hosts.expand(row.hosts[0], {})[0]
    port = host.port or HTTPS
    return Place(
        endpoint=Endpoint(kind=now.kind, provider=row.name, host=host.name),
        port=port,
        path=best,
        model=target.model,
        in_path=in_path,
        same_host=False,
        same_provider=False,
        betas=row.betas,
    )


def _paths(provider: Provider, now: Endpoint, model: str, path: str) -> Iterator[tuple[int, str, bool]]:
    """Paths that serve the same: how alike they are to the request's, and whether they name the model."""
    for pattern, (rule, _) in zip(provider.acts.paths.patterns, provider.acts.rules, strict=True):
        asked = (now.dialect, now.operation, now.stream)
        if (rule.dialect, rule.operation, rule.stream) != asked:
            continue
        in_path = "{model" in pattern
        if in_path != (now.model is not None) and not now.dialect.startswith(_BODIES_ALIKE):
            continue
        if (found := filled(pattern, {**_VALUES, "model": model})) is not None:
            as_asked = filled(pattern, {**_VALUES, "model": now.model or model})
            yield alike(as_asked or found, path), found, in_path


def alike(path: str, other: str) -> int:
    """How many segments two paths have in common, from their ends."""
    count = 0
    for one, two in zip(reversed(path.split("/")), reversed(other.split("/")), strict=False):
        if one != two:
            break
        count += 1
    return count


def _checked(registry: Registry, method: str, now: Endpoint, found: Place) -> Place | str:
    """The place, with what is recognised there, which must be what was meant, however the model is named."""
    name, host = found.endpoint.provider, found.endpoint.host
    seen = recognise(registry, host, found.port, method, found.path)
    meant = (name, now.dialect, now.operation, now.stream, found.model if found.in_path else None)
    if seen is None or (seen.provider, seen.dialect, seen.operation, seen.stream, seen.model) != meant:
        return f"at {name}, {found.model} would be asked for something else than {now.operation}"
    if seen.subscription:
        return f"a flat plan covers {name}"
    seen = replace(seen, errors=now.errors)  # whoever answers, the caller's dialect is what it was
    return replace(found, endpoint=seen, key_header=registry.key_header(name, now.dialect))


def rows_of(registry: Registry, name: str) -> Iterator[Provider]:
    """The rows of this name: an operator's own go first."""
    return (provider for provider in registry.providers if provider.row.name == name)
