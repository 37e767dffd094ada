"""Members of a message by the type that they should have, with where they stand."""

from collections.abc import Iterator, Mapping
from typing import Any


def objects(source: Mapping[str, Any], name: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The objects in a list that is a member, numbered as they are in it."""
    value = source.get(name)
    if isinstance(value, list):
        yield from ((n, one) for n, one in enumerate(value) if isinstance(one, dict))


def index(source: Mapping[str, Any], name: str = "index", otherwise: int = 0) -> int:
    """The member if it is a number."""
    value = source.get(name)
    return value if type(value) is int else otherwise


def name_of(source: Mapping[str, Any], name: str = "name") -> str | None:
    """The member if it is a string that says something."""
    value = source.get(name)
    return value if isinstance(value, str) and value else None


def without(source: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """A copy that lacks these members."""
    return {name: value for name, value in source.items() if name not in names}
