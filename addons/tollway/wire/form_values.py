"""Flags and numbers of a request that comes as JSON or as a form, whose fields are all text."""

from collections.abc import Mapping
from typing import Any

from tollway.wire.counts import count

_YES = frozenset({"true", "1", "yes", "on"})


def flag(body: Mapping[str, Any], key: str) -> bool:
    """Whether the field says yes: `true`, or a text that reads so."""
    value = body.get(key)
    return value is True or (isinstance(value, str) and value.strip().lower() in _YES)


def number(body: Mapping[str, Any], key: str) -> int | None:
    """The field as a count; None if it is none."""
    value = body.get(key)
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 20:
        value = int(value)
    return count(value)
