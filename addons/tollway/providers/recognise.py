"""Whether a request is to a provider, and what it is, from its first line alone."""

import re
from functools import lru_cache

from msgspec.structs import replace

from tollway.model import RETRIEVE, Endpoint, Kind
from tollway.providers import hosts, paths
from tollway.providers.registry import LOOKS, Place, Registry
from tollway.providers.schema import Rule

_LONG = 512
"""Characters of a path up to which an answer is remembered."""
_STREAM = re.compile(r"(?:^|&)stream=true(?:&|$)", re.IGNORECASE)
_UNNAMED = Rule()
_NO_KEPT: dict[str, str] = {}


def recognise(
    registry: Registry, host: str, port: int, method: str, path: str, upgrade: bool = False
) -> Endpoint | None:
    """What the request is; None if the host is no provider's.

    `path` may have its query. `upgrade`: the client asks to change to WebSocket (or it sent an extended
    CONNECT), which on inference paths opens a conversation, whatever the method.
    """
    path, _, query = path.partition("?")
    look_up = _remembered if len(path) <= _LONG else _recognise
    found = look_up(registry, host, port, method, path, upgrade)
    if found is not None and found.operation == RETRIEVE and _STREAM.search(query):
        return replace(found, stream=True)  # GET /responses/{id}?stream=true has no body to say so
    return found


def owner(registry: Registry, host: str, port: int) -> str | None:
    """Whose host it is, before any path is known (CONNECT, TLS): a provider's name.

    None if it is no provider's, or one that a policy has to name and does not.
    """
    places = _places(registry, hosts.normal(host), port)
    return next((p.provider.row.name for p in places if not p.provider.row.by_name), None)


def is_anybodys(registry: Registry, host: str, port: int) -> bool:
    """Whether a provider's host has a name that a customer of it chose: it may be a stranger's."""
    places = _places(registry, hosts.normal(host), port)
    return not places or places[0].host.labels > 0


def is_path_of_anybodys(registry: Registry, endpoint: Endpoint, port: int) -> bool:
    """Whether a request is to a host on which strangers have paths, and maybe to one of theirs: no row of the
    operator's says what is done there."""
    rows = [place.provider.row for place in _places(registry, endpoint.host, port)]
    if not any(row.by_path for row in rows):
        return False
    return not endpoint.operation or any(row.by_path for row in rows if row.name == endpoint.provider)


def _recognise(
    registry: Registry, host: str, port: int, method: str, path: str, upgrade: bool
) -> Endpoint | None:
    host = hosts.normal(host)
    places = _places(registry, host, port)
    if not places:
        return None
    is_cut = "/" in path.partition("#")[2]  # servers differ in whether a path ends there
    is_bent = paths.is_bent(path)
    method, path = method.upper(), paths.normal(path)
    for place in places if not is_cut else ():
        if (found := _ruled(place, host, method, path, upgrade)) is not None:
            costs = found.kind is not Kind.PASS or method in LOOKS or not is_bent
            return found if costs else replace(found, kind=Kind.UNKNOWN)
    first = places[0].provider
    kind = Kind.PASS if method in LOOKS and not (upgrade or is_cut) else Kind.UNKNOWN
    return first.endpoint(host, kind, _UNNAMED, first.row.subscription, _NO_KEPT)


# Nearly all requests of a proxy are to a few paths.
_remembered = lru_cache(maxsize=4096)(_recognise)


def _ruled(place: Place, host: str, method: str, path: str, upgrade: bool) -> Endpoint | None:
    provider = place.provider
    ruled = provider.named.get(method) if not upgrade else None
    found = ruled.find(path) if ruled else None
    if found is None and (upgrade or method not in LOOKS):
        found = provider.acts.find(path)
    if found is None:
        return None
    rule, plan, match = found
    endpoint = provider.endpoint(host, _kind(rule), rule, plan, match.kept)
    return replace(endpoint, socket=rule.socket) if upgrade and rule.socket else endpoint


def _kind(rule: Rule) -> Kind:
    if rule.free:
        return Kind.PASS
    return Kind.INFERENCE if rule.dialect else Kind.UNKNOWN


def _places(registry: Registry, host: str, port: int) -> list[Place]:
    """The rows whose host this is, the first to be asked first."""
    found = [p for p in registry.names.get(host, ()) if not p.host.labels]
    rest, labels = host, 0
    while "." in rest and labels < 3:
        label, _, rest = rest.partition(".")
        if not hosts.OPEN_LABEL.fullmatch(label):
            break
        labels += 1
        found += [p for p in registry.names.get(rest, ()) if p.host.labels == labels and _begins(p, host)]
    if not found:
        found = [place for names, place in registry.regions if names.fullmatch(host)]
    return sorted((p for p in found if p.host.port in (None, port)), key=lambda p: p.rank)


def _begins(place: Place, host: str) -> bool:
    """Whether the host begins as its pattern does, where that says how."""
    return not place.host.first or host.startswith(place.host.first + ".")
