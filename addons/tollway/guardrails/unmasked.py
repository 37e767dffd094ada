"""What is found, without what is masked already.

On the second turn of a conversation its history has placeholders where no answer was restored: they look as
random as any key, and `password=REDACTED_PASSWORD_...` is a password by what stands before it.
"""

from collections.abc import Iterable, Iterator

from tollway.guardrails.found import Family, Found
from tollway.guardrails.placeholder import LONGEST, placeholders
from tollway.guardrails.search import AsWritten, Detector

_BESIDE = 128
"""Characters that belong to a secret without being secret: `postgres://user:` and `@host/name`."""


def unmasked(detector: Detector) -> Detector:
    """The same detector, that finds nothing which is masked."""

    def found(text: str) -> Iterable[Found]:
        return without_placeholders(text, detector(text))

    return AsWritten(found) if isinstance(detector, AsWritten) else found


def without_placeholders(text: str, found: Iterable[Found]) -> Iterator[Found]:
    """Those that are not masked."""
    return (one for one in found if not is_masked(text, one.start, one.end, one.family))


def is_masked(text: str, start: int, end: int, family: Family) -> bool:
    """Whether a placeholder is in what was found, or the other way round: nothing secret is left of it.

    An operator's own words say of a whole sentence that it may not leave, whatever is masked in it; and there
    may be anything in what is long.
    """
    begin = max(0, start - LONGEST)
    found = [(first + begin, last + begin) for first, last in placeholders(text[begin : end + LONGEST])]
    shared = [min(last, end) - max(first, start) for first, last in found if first < end and last > start]
    most = 0 if family is Family.WORDS else _BESIDE
    return bool(shared) and end - start - sum(shared) <= most
