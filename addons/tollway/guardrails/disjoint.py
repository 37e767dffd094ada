"""Of findings that lie over each other, one."""

from bisect import bisect_left
from collections.abc import Iterable

from tollway.guardrails.found import Found, Tier


def disjoint(found: Iterable[Found]) -> list[Found]:
    """Those that stay, in the order of the text: the surer one; of equals the longer, then the earlier; of
    one place the first that was given.
    """
    kept: list[Found] = []
    for one in sorted(found, key=_rank):
        place = bisect_left(kept, one.start, key=lambda other: other.start)
        free_before = place == 0 or kept[place - 1].end <= one.start
        if free_before and (place == len(kept) or one.end <= kept[place].start):
            kept.insert(place, one)
    return kept


def _rank(one: Found) -> tuple[bool, int, int]:
    return one.tier is not Tier.CERTAIN, one.start - one.end, one.start
