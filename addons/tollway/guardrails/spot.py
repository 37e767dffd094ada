"""Where in a body something was found: its place among the bytes, and for JSON the path to its text."""

from collections.abc import Callable, Iterable, Sequence
from enum import Enum

from msgspec import Struct

from tollway.guardrails.elsewhere import elsewhere
from tollway.guardrails.escapes import KEPT
from tollway.guardrails.flat import Flat, flat
from tollway.guardrails.found import Family, Found, Tier
from tollway.guardrails.layers import Bare, Coded, Layer, Quoted
from tollway.guardrails.leaves import Leaf, Path, leaves, lifted
from tollway.guardrails.search import Detector, search


class Known(Struct, frozen=True):
    """What may be known of a value without having it."""

    mark: str = ""
    """A keyed hash: equal values have equal ones."""
    passes: frozenset[int] = frozenset()
    """The guardrails, by their numbers, that let it pass."""


HIDDEN = "*"
"""Stands in a path for a key that holds a value that was found."""
NOTHING = Known()
Know = Callable[[str, str], Known]
"""Says of a kind and a value what is kept of it."""


class Form(Enum):
    """How a text is written, in the strings of JSON that it is in."""

    TEXT = "text"
    NUMBER = "number"
    """The bytes are those of all of it."""
    BASE64 = "base64"
    """The bytes are those of all of it."""


class Spot(Struct, frozen=True, kw_only=True):
    """One thing that was found."""

    start: int
    end: int
    """Bytes of the body: as they are written, escapes and all."""
    path: Path
    """To the text in JSON, through JSON in strings; a key's is its object's. Empty: the body is no JSON."""
    within: tuple[int, int]
    """Characters of that text."""
    form: Form
    levels: int
    """Strings of JSON around it, one in another."""
    kind: str
    family: Family
    tier: Tier
    known: Known = NOTHING


class Searched(Struct, frozen=True):
    """A body that was searched."""

    spots: tuple[Spot, ...]
    """In their order."""
    unread: int
    """Files that are no text, or not in it: pictures, sounds, documents."""


def spots(body: bytes, detectors: Sequence[Detector], know: Know = lambda kind, value: NOTHING) -> list[Spot]:
    """All that is found in a body, in its order."""
    return list(searched(body, detectors, know).spots)


def searched(body: bytes, detectors: Sequence[Detector], know: Know) -> Searched:
    """The same, and what could not be searched. `know` is asked once for each that is found."""
    lines = flat(body)
    return placed(body, lines, search(lines.text, detectors), know)


def placed(body: bytes, lines: Flat, found: Sequence[Found], know: Know) -> Searched:
    """What was found in the lines of a body, in its order, by where it is in the body."""
    unread = lines.unread + elsewhere(body)
    if not found:
        return Searched((), unread)
    texts = [leaf for leaf in leaves(body) if isinstance(leaf, Leaf)]
    placed = [(one, place) for one in found for place in lines.places(one.start, one.end)]
    inside = [(one, texts[number], (first, last)) for one, (number, first, last) in placed]
    spans = lifted([(leaf, span) for _, leaf, span in inside])
    values = [leaf.text[start:end] for _, leaf, (start, end) in inside]
    hidden = _holding(values, {part for _, leaf, _ in inside for part in leaf.path})
    made = [
        _spot(one, leaf, within, at, _without(leaf.path, hidden), know(one.kind, value))
        for (one, leaf, within), at, value in zip(inside, spans, values, strict=True)
    ]
    return Searched(tuple(made), unread)


def line_and_column(body: bytes, at: int) -> tuple[int, int]:
    """Of a byte, as editors count: from 1, in characters."""
    begin = body.rfind(b"\n", 0, at) + 1
    return body.count(b"\n", 0, at) + 1, len(body[begin:at].decode("utf-8", KEPT)) + 1


def pointer(path: Path) -> str:
    """A path as JSON has it (RFC 6901)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def _spot(
    found: Found, leaf: Leaf, within: tuple[int, int], at: tuple[int, int], path: Path, known: Known
) -> Spot:
    return Spot(
        start=at[0],
        end=at[1],
        path=path,
        within=within,
        form=_form(leaf.layers[0]),
        levels=sum(isinstance(layer, Quoted) for layer in leaf.layers),
        kind=found.kind,
        family=found.family,
        tier=found.tier,
        known=known,
    )


def _holding(values: Iterable[str], parts: Iterable[str | int]) -> frozenset[str]:
    """Those parts of paths that say something of what was found: it may be a key on the way to something
    else."""
    names = [part for part in parts if isinstance(part, str)]
    joined = "\n".join(names)
    there = [value for value in frozenset(values) if value in joined]
    return frozenset([name for name in names if any(value in name for value in there)])


def _without(path: Path, hidden: frozenset[str]) -> Path:
    return tuple([HIDDEN if part in hidden else part for part in path])


def _form(layer: Layer) -> Form:
    if isinstance(layer, Coded):
        return Form.BASE64
    return Form.NUMBER if isinstance(layer, Bare) and layer.quoted else Form.TEXT
