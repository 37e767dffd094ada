"""Members of JSON that a stranger wrote, by the type that they should have."""

from collections.abc import Mapping
from typing import Any

MOST = 10_000
"""Elements of a list that are read."""


def string(source: Mapping[str, Any], *names: str) -> str:
    """The first of these members that is a text and not empty; else an empty one."""
    return next((text for name in names if isinstance(text := source.get(name), str) and text), "")


def number(source: Mapping[str, Any], name: str, otherwise: int = 0) -> int:
    """The member if it counts something."""
    value = source.get(name)
    return value if type(value) is int and 0 <= value < 2**31 else otherwise


def listed(value: object) -> list[Mapping[str, Any]]:
    """The elements of a list that are objects."""
    return (
        [element for element in value[:MOST] if isinstance(element, dict)] if isinstance(value, list) else []
    )
