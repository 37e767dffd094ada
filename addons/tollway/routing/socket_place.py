"""Where a socket would be opened instead: what its address, its headers and its protocols have to be there.

What is asked for is said once it is open, so only what its address names can be changed: the model.
"""

from collections.abc import Iterator, Mapping
from urllib.parse import quote

from msgspec.structs import replace

from tollway.identity.credential import PROTOCOLS, secrets
from tollway.identity.injection import credential_header
from tollway.model import Endpoint, Kind
from tollway.providers import hosts
from tollway.providers.paths import filled, normal
from tollway.providers.recognise import recognise
from tollway.providers.registry import Provider, Registry
from tollway.routing.headers import FRAMING, taken_along
from tollway.routing.place import HTTPS, Place, alike, rows_of
from tollway.routing.resolve import Target
from tollway.routing.rewrite import Moved
from tollway.sockets.opening import names, renamed

IN_FRAMES = "what a route would set is said once the socket is open"
UNCLEAR = "its address does not name one model"
KEPT = "{}: it goes on from something stored"
BETA = "it asks for the beta of what is spoken, which not all know"
UPGRADE = frozenset({
    "connection", "upgrade", "sec-websocket-key", "sec-websocket-version", "sec-websocket-extensions",
})  # fmt: skip
"""Headers of the upgrade itself."""
_SPOKEN = "realtime"
"""The only protocol that all name alike who speak OpenAI's Realtime."""
_OF_KEYS = "openai-insecure-api-key."
_BETA = "openai-beta"
_MODEL = "model"


def socket_place(registry: Registry, now: Endpoint, port: int, path: str, target: Target) -> Place | str:
    """Where the target speaks the same on a socket; a text: why it does not.

    `port` and `path` (with its query) are the request's. At the same provider only the model changes.
    """
    if now.model is not None:
        return UNCLEAR
    if target.provider == now.provider:
        return Place(
            endpoint=now,
            port=port,
            path=path.partition("?")[0],
            model=target.model,
            in_path=False,
            same_host=True,
            same_provider=True,
        )
    why = f"no provider is called {target.provider}"
    for provider in rows_of(registry, target.provider):
        found = _at(registry, provider, now, path, target.model)
        if not isinstance(found, str):
            return found
        why = found
    return why


def reopened(
    path: str, headers: Mapping[str, str], place: Place, credential: str | None = None
) -> Moved | str:
    """The upgrade as the place takes it; a text: why it can't be made so.

    `path`: with its query; `headers`: by lower-case name. The same host gets the caller's credential.
    """
    query = path.partition("?")[2]
    if (new := renamed(query, place.model)) is None:
        return UNCLEAR
    if (stored := next((name for name in names(query) if name.lower().endswith("_id")), None)) is not None:
        return KEPT.format(stored)
    put: Mapping[str, str] | str = {}
    remove: tuple[str, ...] = ()
    if not place.same_host:
        put = _headers(query, headers, place, credential)
        remove = tuple(name for name in headers if name not in FRAMING | UPGRADE)
        new = f"{_MODEL}={quote(place.model, safe='')}"
    if isinstance(put, str):
        return put
    return Moved(
        endpoint=place.endpoint,
        host=place.endpoint.host,
        port=place.port,
        path=f"{place.path}?{new}",
        model=place.model,
        same_host=place.same_host,
        body=b"",
        members={_MODEL: place.model},
        set=put,
        remove=remove,
    )


def _at(registry: Registry, provider: Provider, now: Endpoint, path: str, model: str) -> Place | str:
    row = provider.row
    if "{" in row.hosts[0]:
        return f"{row.name} has a host for each customer or region: name yours in a row of `providers`"
    paths = list(_paths(provider, now))
    if not paths:
        return f"{row.name} has no path for a socket on which {now.socket} is spoken"
    asked = normal(path.partition("?")[0])
    best = max(paths, key=lambda found: alike(found, asked))
    host = hosts.expand(row.hosts[0], {})[0]
    port = host.port or HTTPS
    seen = recognise(registry, host.name, port, "GET", best, upgrade=True)
    meant = (row.name, now.socket, now.operation)
    if seen is None or (seen.provider, seen.socket, seen.operation) != meant or seen.is_untouched:
        return f"at {row.name}, something else would be opened"
    return Place(
        endpoint=replace(seen, kind=Kind.SOCKET, errors=now.errors),
        port=port,
        path=best,
        model=model,
        in_path=False,
        same_host=False,
        same_provider=False,
        key_header=registry.key_header(row.name, seen.dialect or seen.errors),
    )


def _paths(provider: Provider, now: Endpoint) -> Iterator[str]:
    for pattern, (rule, _) in zip(provider.acts.paths.patterns, provider.acts.rules, strict=True):
        if (rule.socket, rule.operation) == (now.socket, now.operation):
            if (found := filled(pattern, {})) is not None:
                yield found


def _headers(
    query: str, headers: Mapping[str, str], place: Place, credential: str | None
) -> dict[str, str] | str:
    """What another host gets beside the upgrade's own headers."""
    provider = place.endpoint.provider
    if credential is None:
        return f"no credential is known for {provider}"
    if (value := credential_header(place.key_header, credential)) is None:
        return f"the credential for {provider} fits into no header"
    if (other := next((name for name in names(query) if name != _MODEL), None)) is not None:
        return f"{other}: not all that speak the format know it"
    protocols = [name.strip() for name in headers.get(PROTOCOLS, "").split(",")]
    others = [name for name in protocols if name and name != _SPOKEN and not name.startswith(_OF_KEYS)]
    if others or _BETA in headers:
        return BETA
    along = taken_along(headers, secrets(headers, query), betas=False)
    if _SPOKEN in protocols:
        along[PROTOCOLS] = _SPOKEN
    return {**along, place.key_header: value}
