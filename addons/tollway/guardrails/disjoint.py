"""Of findings that lie over each other, one."""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from typing import Protocol

from tollway.guardrails.found import Tier


class Placed(Protocol):
    """What was found at a place."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def tier(self) -> Tier: ...


def disjoint[T: Placed](found: Iterable[T], weight: Callable[[T], int] = lambda one: 0) -> list[T]:
    """Those that stay, in the order of the text: the one of more weight; then the surer one; of equals the
    longer, then the earlier; of one place the first that was given.
    """
    kept: list[T] = []
    for one in sorted(found, key=lambda one: (-weight(one), *_rank(one))):
        place = bisect_left(kept, one.start, key=lambda other: other.start)
        free_before = place == 0 or kept[place - 1].end <= one.start
        if free_before and (place == len(kept) or one.end <= kept[place].start):
            kept.insert(place, one)
    return kept


def _rank(one: Placed) -> tuple[bool, int, int]:
    return one.tier is not Tier.CERTAIN, one.start - one.end, one.start
