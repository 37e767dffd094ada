"""What a rule's `set` comes to at a target, as far as the model and the formats of its provider tell.

It is put into requests that ask for little: what is left out of all of them is left out by the model, and
what is left out of some of them hangs on what a request has.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import orjson
from msgspec import Struct

from tollway.model import Asked, Endpoint, Kind
from tollway.providers.registry import Registry
from tollway.routing.resolve import Target
from tollway.routing.setting import DROP, Settings, changed

_BODIES: Sequence[Mapping[str, Any]] = (
    {},
    {"thinking": {"type": "enabled", "budget_tokens": 2_000}},
    {"thinking": {"type": "adaptive"}},
    {"temperature": 0.123, "top_p": 0.987},
)
"""Members of requests by which something is left out or not, with values that nobody sets."""


class Put(Struct, frozen=True, kw_only=True):
    """What becomes of the parameters."""

    left_out: tuple[str, ...] = ()
    """Those that the model takes none of."""
    may_be_left_out: tuple[str, ...] = ()
    """Those that hang on what else the request has."""
    not_as: Mapping[str, str] = {}
    """Formats of which requests don't go there, and why: they have no such parameter."""


def put(
    formats: Collection[str], operation: str, target: Target, settings: Settings, same_provider: bool
) -> Put | str:
    """The parameters in requests of these formats; a text: why the target can take none of those.

    `same_provider`: as of `routing.setting`.
    """
    names = [name for name, value in settings if value != DROP]
    done, not_as = list[set[str]](), dict[str, str]()
    for dialect in formats:
        endpoint = Endpoint(
            kind=Kind.INFERENCE, provider=target.provider, host="", operation=operation, dialect=dialect
        )
        asked = Asked(model=target.model)
        found = [changed(endpoint, asked, orjson.dumps(b), b, settings, same_provider) for b in _BODIES]
        if isinstance(found[0], str):
            not_as[dialect] = found[0]
        done += [set(one.names) for one in found if not isinstance(one, str)]
    if not_as and not done:
        return next(iter(not_as.values()))
    left_out = tuple(name for name in names if not any(name in one for one in done))
    maybe = tuple(name for name in names if name not in left_out and not all(name in one for one in done))
    return Put(left_out=left_out if done else (), may_be_left_out=maybe, not_as=not_as)


def formats_of(registry: Registry, operation: str, provider: str, other: str) -> list[str]:
    """In which formats a provider's calls may go to another: those of both, else all of the other's."""
    here, there = _formats(registry, operation, provider), _formats(registry, operation, other)
    return [one for one in here if one in there] or there


def _formats(registry: Registry, operation: str, provider: str) -> list[str]:
    rows = [one for one in registry.providers if one.row.name == provider]
    rules = [rule for row in rows for rule, _ in row.acts.rules if rule.operation == operation]
    return list(dict.fromkeys(rule.dialect for rule in rules if rule.dialect is not None))
