"""What several detectors find in a text."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct

from tollway.guardrails.found import Found
from tollway.guardrails.normal import Normal, normal

Detector = Callable[[str], Iterable[Found]]
"""Takes a text as readers see it."""


class AsWritten(Struct, frozen=True):
    """A detector that takes a text with its letters as they are written, too: an operator may mean those."""

    detector: Detector

    def __call__(self, text: str) -> Iterable[Found]:
        return self.detector(text)


def search(text: str, detectors: Sequence[Detector]) -> list[Found]:
    """What they find, by its place in the text as it is, in its order.

    What one finds may lie over what another does: which counts, says who knows what is to be done with it.
    """
    seen = normal(text)
    found = [seen.original(found) for detector in detectors for found in detector(seen.text)]
    if seen.written is not None:
        found = [*dict.fromkeys((*found, *_as_written(seen, seen.written, detectors)))]
    return sorted(found, key=lambda one: one.start)


def finds(text: str, detectors: Sequence[Detector]) -> bool:
    """Whether they find something."""
    return bool(search(text, detectors))


def _as_written(seen: Normal, written: str, detectors: Sequence[Detector]) -> Iterator[Found]:
    asked = (detector for detector in detectors if isinstance(detector, AsWritten))
    return (seen.original(found) for detector in asked for found in detector(written))
