"""The texts of a body: its strings, what is JSON in them, text in base64, and its long numbers."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from tollway.guardrails.escapes import KEPT, decoded
from tollway.guardrails.inside import SHORTEST, file_from, is_json, is_opaque, json_in, text_of
from tollway.guardrails.layers import Bare, Coded, Edit, Inner, Layer, Quoted
from tollway.guardrails.literals import Literal, What, literals

Path = tuple[str | int, ...]
Span = tuple[int, int]
"""From where up to where."""


class Leaf(Struct, frozen=True):
    """One text of a body."""

    path: Path
    """Of keys and indices, through JSON in strings; a key stands at its object's."""
    text: str
    layers: tuple[Layer, ...]
    """From the text outward to the body."""

    def lift(self, edits: Sequence[Edit]) -> list[Edit]:
        """What changes of the text are to the body's bytes."""
        found = list(edits)
        for layer in self.layers:
            found = layer.lift(found)
        return found


class Unread(Struct, frozen=True):
    """A file in a body that is no text: a picture, a sound, a document."""

    path: Path
    size: int
    """Characters of base64."""


def leaves(body: bytes, path: Path = (), outside: tuple[Layer, ...] = ()) -> Iterator[Leaf | Unread]:
    """All of them, in their order; a body that is no JSON is one. `path`, `outside`: of the body itself."""
    if not is_json(body):
        yield Leaf(path, body.decode("utf-8", KEPT), (Bare(0, body), *outside))
        return
    for literal in literals(body):
        yield from _of_literal(body[literal.start : literal.end], literal, path, outside)


def lifted(places: Sequence[tuple[Leaf, Span]]) -> list[Span]:
    """Which bytes of the body these parts of its texts are. What several are in is gone through once."""
    spans = [span for _, span in places]
    for depth in range(max((len(leaf.layers) for leaf, _ in places), default=0), 0, -1):
        together = defaultdict[int, list[int]](list)
        for number, (leaf, _) in enumerate(places):
            if len(leaf.layers) >= depth:
                together[id(leaf.layers[-depth])].append(number)
        for numbers in together.values():
            outer = _outer(places[numbers[0]][0].layers[-depth], {spans[number] for number in numbers})
            for number in numbers:
                spans[number] = outer[spans[number]]
    return spans


def _outer(layer: Layer, spans: Iterable[Span]) -> dict[Span, Span]:
    """What they are outside of a layer, though they lie over each other; some layers have one for all."""
    spans = set(spans)
    places = sorted({place for span in spans for place in span})
    outer = layer.lift([Edit(place, place, "") for place in places])
    if len(outer) < len(places):
        return dict.fromkeys(spans, outer[0][:2])
    moved = {place: edit.start for place, edit in zip(places, outer, strict=True)}
    return {span: (moved[span[0]], moved[span[1]]) for span in spans}


def rewritten(body: bytes, edits: Sequence[Edit]) -> bytes:
    """The body with its changes made: every other byte as it was. They may come in any order."""
    parts, at = list[bytes](), 0
    for edit in sorted(edits):
        parts += (body[at : edit.start], edit.new.encode("utf-8", KEPT))
        at = edit.end
    return b"".join([*parts, body[at:]])


def _of_literal(
    raw: bytes, literal: Literal, before: Path, outside: tuple[Layer, ...]
) -> Iterator[Leaf | Unread]:
    path = before + literal.path
    if literal.what is What.NUMBER:
        yield Leaf(path, raw.decode(), (Bare(literal.start, raw, quoted=True), *outside))
    elif len(raw) >= SHORTEST:
        layers = (Quoted(literal.start, raw), *outside)
        if literal.what is What.KEY:
            yield Leaf(path, decoded(raw), layers)
        else:
            yield from _of_text(decoded(raw), literal.path[-1] if literal.path else "", path, layers)


def _of_text(text: str, key: str | int, path: Path, layers: tuple[Layer, ...]) -> Iterator[Leaf | Unread]:
    level = sum(isinstance(layer, Inner) for layer in layers)
    if level == 0 and is_opaque(text, key):
        return
    if (start := file_from(text, key)) is not None:
        inside = text_of(text[start:])
        if inside is None:
            yield Unread(path, len(text) - start)
        else:
            yield Leaf(path, inside, (Coded(start, inside, len(text)), *layers))
    elif (inner := json_in(text, level)) is not None:
        yield from leaves(inner, path, (Inner(inner), *layers))
    else:
        yield Leaf(path, text, layers)
