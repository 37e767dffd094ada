"""A request's body in the pieces that conversations grow by: a turn repeats most of them as they were."""

from collections.abc import Iterator
from typing import NamedTuple

from tollway.guardrails.leaves import Path
from tollway.wire.members import elements, members

MOST = 5_000
"""Pieces of one object or list: each has its price, and no conversation has so many."""


class Piece(NamedTuple):
    """A part of a body that can be searched by itself."""

    content: bytes
    """JSON, a value with its key, as an object of one member. Or all of a body that is no object, or has too
    many."""
    at: int
    """Where in the body its first byte would be."""
    path: Path
    """What comes before the paths in it."""


def pieces(body: bytes) -> Iterator[Piece]:
    """Every byte of a body that says something, in its order: the members of the object that it is, and of
    those that are lists of objects (messages, tools) each element."""
    try:
        found = [*members(body)]
    except ValueError:
        found = []
    if not 0 < len(found) <= MOST:
        yield Piece(body, 0, ())
        return
    for key, start, value, end in found:
        parts = _elements(body[value:end]) if body[value : value + 1] == b"[" else []
        if not parts:
            yield Piece(b"{" + body[start:end] + b"}", start - 1, ())
            continue
        yield Piece(b"{" + body[start:value] + b"0}", start - 1, ())
        for number, (first, last) in enumerate(parts):
            yield Piece(body[value + first : value + last], value + first, (key, number))


def _elements(body: bytes) -> list[tuple[int, int]]:
    """Those of a list of objects or lists; of another one none, since its strings belong to its key."""
    try:
        found = [*elements(body)]
    except ValueError:  # what is in a list was not looked at before
        return []
    return (
        found
        if len(found) <= MOST and all(body[first : first + 1] in (b"{", b"[") for first, _ in found)
        else []
    )
