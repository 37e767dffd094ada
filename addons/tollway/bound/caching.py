"""What of a request's input may be written to the provider's prompt cache, and for how long.

Claude's caches are written where a request says so, with `cache_control` (Converse: `cachePoint`), and for
five minutes unless it gives another `ttl` there; an hour costs 1.6 times as much, and twice as much as what
is not written: https://platform.claude.com/docs/en/build-with-claude/prompt-caching.

It is claimed of Claude's own hosts alone: what a gateway asks for in turn is its own affair. Nor is it
claimed where tools run at the provider (see `table`), whose results come in between.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from tollway.bound.bound import Bound

HOSTS = frozenset({"anthropic", "anthropic-aws", "anthropic-google", "bedrock", "bedrock-mantle", "vertex"})
"""Providers."""
DIALECTS = frozenset({"anthropic_messages", "bedrock_converse", "bedrock_invoke"})

_MARKS = frozenset({"cache_control", "cachePoint"})
_SHORT = (None, "5m")
_NESTED = (dict, list)
NOTHING = "cache: nothing is written to it, as the request does not ask for that"
NOT_LONG = "cache: nothing is written to it for longer than five minutes, as no `ttl` asks for that"


def cached(bound: Bound, provider: str, dialect: str, body: Mapping[str, Any]) -> Bound:
    """The bound, with what can't be written to a cache said to be zero."""
    if provider not in HOSTS or dialect not in DIALECTS:
        return bound
    marks = list(_marks(body))
    if not all(isinstance(mark, Mapping) and mark.get("ttl") in _SHORT for mark in marks):
        return bound
    usage = replace(bound.usage, cache_write_1h_tokens=0, cache_write_12h_tokens=0)
    if marks:
        return replace(bound, usage=usage, why=(*bound.why, NOT_LONG))
    return replace(bound, usage=replace(usage, cache_write_tokens=0), why=(*bound.why, NOTHING))


def _marks(body: Mapping[str, Any]) -> Iterator[object]:
    """What stands at each mark of the cache, wherever it is."""
    stack: list[Any] = [dict(body)]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            for key, one in value.items():
                if key in _MARKS and one is not None:
                    yield one
                elif isinstance(one, _NESTED):
                    stack.append(one)
        else:
            stack += [one for one in value if isinstance(one, _NESTED)]
