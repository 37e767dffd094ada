"""Uploads that are under way: what is known of each so far, as long as it is not too old, or too much."""

from collections import OrderedDict
from typing import Protocol

LONGEST_US = 3_600_000_000
"""From one step to the next. OpenAI keeps an upload for an hour, from its beginning."""
MOST = 1_000
LARGEST = 64 * 2**20
"""Bytes that are kept of all of them. What passes at the moment may be as much again for each that does."""


class Keeps(Protocol):
    """An upload, as far as it has come."""

    @property
    def kept(self) -> int:
        """Bytes that are kept of it."""


class Underway[K: Keeps]:
    """By name. Of too many the one is forgotten of which nothing was heard for the longest."""

    def __init__(self, most: int = MOST, largest: int = LARGEST, longest_us: int = LONGEST_US) -> None:
        self._most = most
        self._largest = largest
        self._longest_us = longest_us
        self._known: OrderedDict[str, tuple[K, int]] = OrderedDict()

    def add(self, name: str, upload: K, now_us: int) -> None:
        """Know it from now on."""
        self._known[name] = upload, now_us
        self._known.move_to_end(name)
        self._forget(now_us)

    def find(self, name: str, now_us: int) -> K | None:
        """What is known of it; None: nothing, or no more. A step of it is heard of."""
        self._forget(now_us)
        if (found := self._known.get(name)) is None:
            return None
        self.add(name, found[0], now_us)
        return found[0]

    def end(self, name: str) -> None:
        """Forget it."""
        self._known.pop(name, None)

    def _forget(self, now_us: int) -> None:
        kept = sum(upload.kept for upload, _ in self._known.values())
        while self._known:
            name, (upload, heard_us) = next(iter(self._known.items()))
            is_much = len(self._known) > self._most or kept > self._largest
            if not is_much and now_us - heard_us <= self._longest_us:
                return
            kept -= upload.kept
            del self._known[name]
