"""Writes an output maximum into a request: the least edit, and never above what the caller set.

Thinking budgets stay as they are: to change one would break the provider's prompt cache. `floor` says how low
a maximum may go because of them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import orjson

from tollway.model import Asked, Endpoint
from tollway.wire.counts import count, part
from tollway.wire.edit import NULL, change_members, or_empty
from tollway.wire.members import members
from tollway.wire.output_fields import Place, places
from tollway.wire.output_floor import floor

__all__ = ["clamped", "floor", "lowered", "may_clamp"]


def may_clamp(
    endpoint: Endpoint,
    asked: Asked,
    parsed: Mapping[str, Any],
    *,
    signed: bool = False,
    subscription: bool = False,
    form: bool = False,
) -> bool:
    """Whether an output maximum may be written into this request, and would be heeded.

    `signed`: its signature covers the body (AWS SigV4). `form`: the body is one, not JSON.
    """
    if signed or subscription or endpoint.is_untouched or form or _effort_forbids(parsed):
        return False
    found = places(endpoint, asked, parsed)
    return bool(found) and all(_is_open(parsed, place) for place in found)


def clamped(endpoint: Endpoint, asked: Asked, body: bytes, parsed: Mapping[str, Any], maximum: int) -> bytes:
    """The body with no output maximum above `maximum`, which is 1 or more, and one put where there was none.

    Every field that the host may go by is lowered, each of its duplicates and spellings; smaller ones stay.
    Raises ValueError where the fields are inside of something that is no object, which `may_clamp` tells
    unless duplicates hide it.
    """
    return lowered(body, places(endpoint, asked, parsed), maximum)


def lowered(body: bytes, found: Iterable[Place], maximum: int) -> bytes:
    """The body with no maximum above `maximum` in these places. Raises ValueError as `clamped` does."""
    for place in found:
        body = _within(body, place.within, place, maximum)
    return body


def _within(body: bytes, around: Sequence[tuple[str, ...]], place: Place, most: int) -> bytes:
    if not around:
        return _lowered(body, place, most)
    spellings, *inner = around
    return _changed(
        body, spellings, lambda value: _within(or_empty(value), inner, place, most), is_put=place.is_put
    )


def _lowered(body: bytes, place: Place, most: int) -> bytes:
    def lower(value: bytes) -> bytes:
        said = _said(value)
        stays = said is not None and said <= most and (said > 0 or not place.zero_is_none)
        return value if stays else str(most).encode()

    body = _changed(body, place.names, lower, is_put=place.is_put)
    return _changed(body, place.also, lower, is_put=False)


def _changed(body: bytes, keys: tuple[str, ...], change: Callable[[bytes], bytes], is_put: bool) -> bytes:
    """The body with these members changed, all duplicates of those that have a value; else the first is put.

    One that is null stays so beside another: hosts refuse to be told twice.
    """
    live = {m.key for m in members(body) if m.key in keys and body[m.value : m.end] != NULL}
    return change_members(body, live or keys[:1], change, add=keys[0]) if live or is_put else body


def _said(value: bytes) -> int | None:
    """A maximum as it is written, as a count; Google reads numbers in quotes, too."""
    said = orjson.loads(value)
    return count(int(said) if isinstance(said, str) and said.isascii() and said.isdigit() else said)


def _is_open(parsed: Mapping[str, Any], place: Place) -> bool:
    """Whether the objects around the fields are objects, or not there."""
    inside = [parsed]
    for spellings in place.within:
        values = [value for one in inside for name in spellings if (value := one.get(name)) is not None]
        if not all(isinstance(value, dict) for value in values):
            return False
        inside = values
    return True


def _effort_forbids(parsed: Mapping[str, Any]) -> bool:
    """Nova 2 takes no maximum beside its highest effort:
    https://docs.aws.amazon.com/nova/latest/nova2-userguide/extended-thinking.html"""
    additional = part(parsed, "additionalModelRequestFields")
    around = (parsed, part(parsed, "inferenceConfig"), additional, part(additional, "inferenceConfig"))
    return any(part(one, "reasoningConfig").get("maxReasoningEffort") == "high" for one in around)
