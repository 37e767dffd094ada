"""What the rows of calls in flight say, as this process wrote them last: to end one without reading it first.

Others may have changed a row since, so what is known of it is to be asked for where it is made use of.
"""

from collections.abc import Mapping
from typing import NamedTuple

MOST_KNOWN = 20_000
"""Calls; with more, it starts anew, and rows are read."""


class Opened(NamedTuple):
    """An open row."""

    started_us: int
    policy: int | None
    holds: Mapping[int, int]
    """By the bucket's id."""
    text: str
    """The same, as it stands in the row."""
    admitted_us: int | None = None
    """When a rate that counts tokens admitted it; None: none did."""


class Flying:
    """Knows calls by their ids."""

    def __init__(self) -> None:
        self._calls: dict[str, Opened] = {}

    def note(self, id: str, opened: Opened) -> None:
        """Remember what was written."""
        if len(self._calls) >= MOST_KNOWN:
            self._calls.clear()
        self._calls[id] = opened

    def take(self, id: str) -> Opened | None:
        """What was written, to be forgotten with that."""
        return self._calls.pop(id, None)
