"""Lists of a policy that may be written as the one value that they have."""

from typing import Any


def one_or_several(value: Any) -> Any:
    """A list, for who reads it."""
    return [value] if isinstance(value, str) else value
