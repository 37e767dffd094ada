"""The members of a JSON object by the types that they must have; what is wrong is named by its key."""

from collections.abc import Mapping
from typing import Any

_KINDS = {
    dict: "an object",
    list: "a list",
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
}


class Flaw(ValueError):
    """A key that is missing, or whose value is no such thing: `response.status is text, not a number`."""


class Fields:
    """One object. `null` is taken as absent, as it is by those who write it."""

    def __init__(self, value: Mapping[str, Any], path: str = "") -> None:
        self._value = value
        self._path = path

    def text(self, key: str) -> str | None:
        """A text, if there is one."""
        found = self._of(key, (str,), "text")
        return found if isinstance(found, str) else None

    def number(self, key: str) -> int | None:
        """A number, if there is one; of a fraction, its whole part."""
        found = self._of(key, (int, float), "a number")
        return int(found) if isinstance(found, int | float) and abs(found) < 2**63 else None

    def fields(self, key: str) -> "Fields | None":
        """An object, if there is one."""
        found = self._of(key, (dict,), "an object")
        return None if found is None else Fields(found, f"{self._path}{key}.")

    def list(self, key: str) -> list[Any]:
        """A list; an empty one if there is none."""
        found = self._of(key, (list,), "a list")
        return [] if found is None else list(found)

    def any(self, key: str) -> Any:
        """Whatever there is."""
        return self._value.get(key)

    def missing(self, key: str) -> Flaw:
        """What to raise for a key that must be there."""
        return self.flaw(key, "is missing")

    def flaw(self, key: str, said: str) -> Flaw:
        """What to raise for a value that will not do."""
        return Flaw(f"{self._path}{key} {said}")

    def _of(self, key: str, kinds: tuple[type, ...], wanted: str) -> Any:
        found = self._value.get(key)
        if found is None or (isinstance(found, kinds) and not isinstance(found, bool)):
            return found
        raise self.flaw(key, f"is {_KINDS.get(type(found), 'something else')}, not {wanted}")
