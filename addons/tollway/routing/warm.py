"""Where conversations have their prompt caches, by the marks of their requests (`bound.prefix`)."""

from collections.abc import Sequence

from tollway.routing.caching import Cached

MOST = 20_000
"""Turns that are remembered: some 6 MB."""


class Warm:
    """A bounded memory. Belongs to one event loop; who is forgotten is free to go."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: dict[bytes, Cached] = {}

    def remember(self, mark: bytes, cached: Cached) -> None:
        """What a request that ended at this mark left in a cache: the last one to say so counts."""
        self._kept.pop(mark, None)
        if len(self._kept) >= self._most:
            del self._kept[next(iter(self._kept))]
        self._kept[mark] = cached

    def found(self, chain: Sequence[bytes], now_us: int) -> Cached | None:
        """What is still there of the longest part of a request that an earlier one ended with."""
        for mark in reversed(chain):
            if (cached := self._kept.get(mark)) is not None and now_us < cached.until_us:
                return cached
        return None
