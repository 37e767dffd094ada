"""What counts as a count, and as an object, in JSON that a stranger wrote."""

from collections.abc import Mapping
from typing import Any

MOST = 10**12
"""No call uses more of anything: what claims to is a mistake, or worse."""

_EMPTY: Mapping[str, Any] = {}


def count(value: object) -> int | None:
    """The value as a count; None if it is none: no number, a boolean, negative, broken, or absurd."""
    if type(value) is float and value.is_integer():
        value = int(value)
    return value if type(value) is int and 0 <= value <= MOST else None


def first(source: Mapping[str, Any], *keys: str) -> int | None:
    """The first of these members that is a count."""
    for key in keys:
        if (n := count(source.get(key))) is not None:
            return n
    return None


def part(source: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The member if it is an object, else an empty one."""
    value = source.get(key)
    return value if isinstance(value, dict) else _EMPTY


def text(source: Mapping[str, Any], key: str, most: int = 256) -> str | None:
    """The member if it is a string that says something, its first `most` characters."""
    value = source.get(key)
    return value[:most] if isinstance(value, str) and value else None
