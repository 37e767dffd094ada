"""What several detectors find in a text, told once each."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence

from tollway.guardrails.found import Found, Tier
from tollway.guardrails.normal import normal

Detector = Callable[[str], Iterable[Found]]
"""Takes a text as readers see it."""


def search(text: str, detectors: Sequence[Detector]) -> list[Found]:
    """What they find, by its place in the text as it is; sorted, none over another."""
    seen = normal(text)
    return apart(seen.original(found) for detector in detectors for found in detector(seen.text))


def apart(found: Iterable[Found]) -> list[Found]:
    """Of what overlaps, the surer; then the longer; then the earlier. Sorted."""
    kept, starts = list[Found](), list[int]()
    for one in sorted(found, key=_rank):
        at = bisect_left(starts, one.start)
        if (at == 0 or kept[at - 1].end <= one.start) and (at == len(kept) or one.end <= starts[at]):
            kept.insert(at, one)
            starts.insert(at, one.start)
    return kept


def _rank(found: Found) -> tuple[bool, int, int, str]:
    return found.tier is not Tier.CERTAIN, found.start - found.end, found.start, found.kind
