"""Of findings over each other, the one that counts."""

from bisect import bisect_right
from collections.abc import Iterable

from msgspec.structs import replace

from tollway.guardrails.found import Found, Tier

MOST = 1000
"""Findings of one text. The last of more goes to the text's end, and is as sure as the surest of the rest."""


def disjoint(found: Iterable[Found]) -> list[Found]:
    """In the text's order, none over another: the surer is kept, then the longer, then the first."""
    kept: list[Found] = []
    for one in sorted(found, key=_rank):
        at = bisect_right(kept, one.start, key=_start)
        before = at == 0 or kept[at - 1].end <= one.start
        after = at == len(kept) or one.end <= kept[at].start
        if before and after:
            kept.insert(at, one)
    return kept


def bounded(found: list[Found], length: int) -> list[Found]:
    """At most MOST of them, of a text of `length` characters."""
    if len(found) <= MOST:
        return found
    rest = found[MOST - 1 :]
    return [*found[: MOST - 1], replace(min(rest, key=_rank), start=rest[0].start, end=length)]


def _start(one: Found) -> int:
    return one.start


def _rank(one: Found) -> tuple[bool, int]:
    return one.tier is not Tier.CERTAIN, one.start - one.end
