"""A text without its credentials, each with a mark in its place."""

from collections.abc import Collection, Iterator

from tollway.redaction.shapes import SHAPES, Shape

type Span = tuple[int, int, str]
"""From where up to where, and what it is."""

GIVEN = "credential"
"""What is said of one that was known to be one."""
SHORTEST = 8
"""Characters of a known one: what is shorter may stand anywhere by chance."""


def redacted(text: bytes, secrets: Collection[bytes] = ()) -> bytes:
    """The text without what looks like a credential, and without these. Linear in its length; the same again
    changes nothing."""
    return without(text, spans(text, secrets))


def spans(text: bytes, secrets: Collection[bytes] = (), shapes: Collection[Shape] = SHAPES) -> list[Span]:
    """Where credentials stand, in their order, none touching another."""
    known = list(_known(text, secrets))
    blanked = _shaped(_blanked(text, known), shapes) if known else ()
    found = sorted({*known, *_shaped(text, shapes), *blanked})
    whole: list[Span] = []
    for start, end, kind in found:
        if whole and start <= whole[-1][1]:
            first, last, before = whole[-1]
            whole[-1] = (first, max(last, end), before)
        else:
            whole.append((start, end, kind))
    return whole


def without(text: bytes, found: Collection[Span]) -> bytes:
    """The text with a mark in the place of each."""
    parts: list[bytes] = []
    at = 0
    for start, end, kind in found:
        parts += (text[at:start], mark(kind))
        at = end
    return b"".join((*parts, text[at:])) if parts else text


def mark(kind: str) -> bytes:
    """What stands where something was: no part of it looks like a credential."""
    return b"[redacted " + kind.encode() + b"]"


def _known(text: bytes, secrets: Collection[bytes]) -> Iterator[Span]:
    for secret in secrets:
        at = text.find(secret) if len(secret) >= SHORTEST else -1
        while at >= 0:
            yield at, at + len(secret), GIVEN
            at = text.find(secret, at + len(secret))


def _blanked(text: bytes, known: Collection[Span]) -> bytes:
    """The text as shapes meet it once these are gone: each is as long as before, and part of no token."""
    blanked = bytearray(text)
    for start, end, _ in known:
        blanked[start:end] = b"[" * (end - start)
    return bytes(blanked)


def possible(text: bytes) -> tuple[Shape, ...]:
    """The shapes that any part of a text can have, in which nothing is escaped."""
    lowered = text.lower()
    return tuple(shape for shape in SHAPES if shape.start in (lowered if shape.any_case else text))


def _shaped(text: bytes, shapes: Collection[Shape]) -> Iterator[Span]:
    lowered = text.lower()
    for shape in shapes:
        yield from _of(shape, text, lowered if shape.any_case else text)


def _of(shape: Shape, text: bytes, searched: bytes) -> Iterator[Span]:
    at = searched.find(shape.start)
    while at >= 0:
        end = at + len(shape.start)
        if (match := shape.pattern.match(text, at)) is not None:
            start, end = match.span("secret" if "secret" in match.re.groupindex else 0)
            yield start, end, shape.kind
        at = searched.find(shape.start, end)
