"""What several detectors find in a text, told once each."""

from collections.abc import Callable, Iterable, Sequence

from tollway.guardrails.disjoint import disjoint
from tollway.guardrails.found import Found
from tollway.guardrails.normal import normal

Detector = Callable[[str], Iterable[Found]]
"""Takes a text as readers see it."""


def search(text: str, detectors: Sequence[Detector]) -> list[Found]:
    """What they find, by its place in the text as it is; in its order, none over another."""
    seen = normal(text)
    return disjoint(seen.original(found) for detector in detectors for found in detector(seen.text))
