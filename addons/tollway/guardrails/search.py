"""What several detectors find in a text."""

from collections.abc import Callable, Iterable, Sequence

from tollway.guardrails.found import Found
from tollway.guardrails.normal import normal

Detector = Callable[[str], Iterable[Found]]
"""Takes a text as readers see it."""


def search(text: str, detectors: Sequence[Detector]) -> list[Found]:
    """What they find, by its place in the text as it is, in its order.

    What one finds may lie over what another does: which counts, says who knows what is to be done with it.
    """
    seen = normal(text)
    found = [seen.original(found) for detector in detectors for found in detector(seen.text)]
    return sorted(found, key=lambda one: one.start)
