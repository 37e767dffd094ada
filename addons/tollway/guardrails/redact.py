"""A body without what was found in it, each value with a placeholder in its place.

Every other byte stays as it was, whatever layers a value is written in: escapes of JSON, JSON in strings,
base64 of a text. A placeholder needs no escapes, and a value's bytes are read by themselves, so that nothing
but them is looked at.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby

from msgspec import Struct

from tollway.guardrails.escapes import KEPT, decoded, encoded
from tollway.guardrails.inside import text_of
from tollway.guardrails.layers import Coded, Edit, changed
from tollway.guardrails.leaves import rewritten
from tollway.guardrails.placeholder import LONGEST
from tollway.guardrails.spot import Form, Spot
from tollway.guardrails.unmasked import is_masked

Mask = Callable[[str, str], str]
"""Says what stands for a value of a kind: `placeholder`, for one key and scope."""


class Redacted(Struct, frozen=True):
    """A body that may leave."""

    body: bytes
    taken: Mapping[str, str]
    """What each placeholder stands for: the text as it was, with what has no width."""

    def __repr__(self) -> str:
        return f"Redacted({len(self.body)} bytes, {len(self.taken)} taken)"


def redacted(body: bytes, spots: Sequence[Spot], mask: Mask) -> Redacted:
    """The body without the spots, none of which is over another. What is masked already stays.

    Raises ValueError for spots that are not this body's, as far as can be seen, and for two values of one
    placeholder.
    """
    work = _Redacting(body, mask)
    ordered = sorted(spots, key=lambda spot: (spot.start, spot.within))
    edits = [edit for _, own in groupby(ordered, lambda spot: spot.start) for edit in work.at_a_place([*own])]
    return Redacted(rewritten(body, edits), work.taken)


class _Redacting:
    """What was taken so far."""

    def __init__(self, body: bytes, mask: Mask) -> None:
        self.taken: dict[str, str] = {}
        self._body = body
        self._mask = mask

    def at_a_place(self, spots: Sequence[Spot]) -> Iterator[Edit]:
        """Changes of the body: base64 may have several spots in it, and so may a number."""
        one = spots[0]
        said = _read(self._body[one.start : one.end], one.levels)
        if one.form is Form.TEXT:
            yield from self._whole(one, said)
            return
        text = text_of(said) if one.form is Form.BASE64 else said
        if text is None or one.within[1] > len(text):
            raise ValueError("what was found is not of this body")
        if edits := [*self._parts(text, spots)]:
            new = f'"{changed(text, edits)}"'
            if one.form is Form.BASE64:
                ((_, _, new),) = Coded(0, text, len(said)).lift(edits)
            yield Edit(one.start, one.end, _written(new, one.levels))

    def _whole(self, spot: Spot, value: str) -> Iterator[Edit]:
        """Placeholders are ASCII, so whether it is masked is seen in the bytes."""
        begin = max(0, spot.start - LONGEST)
        around = self._body[begin : spot.end + LONGEST].decode("latin-1")
        if not is_masked(around, spot.start - begin, spot.end - begin, spot.family):
            yield Edit(spot.start, spot.end, _written(self._take(spot, value), spot.levels))

    def _parts(self, text: str, spots: Sequence[Spot]) -> Iterator[Edit]:
        for spot in spots:
            start, end = spot.within
            if not is_masked(text, start, end, spot.family):
                yield Edit(start, end, self._take(spot, text[start:end]))

    def _take(self, spot: Spot, value: str) -> str:
        stands_for = self._mask(spot.kind, value)
        if self.taken.setdefault(stands_for, value) != value:
            raise ValueError("one placeholder stands for two values")
        return stands_for


def _read(raw: bytes, levels: int) -> str:
    """A text in so many strings of JSON. What has no escapes is the same in any of them."""
    text = raw.decode("utf-8", KEPT)
    for _ in range(levels if b"\\" in raw else 0):
        text = decoded(text.encode("utf-8", KEPT))
    return text


def _written(text: str, levels: int) -> str:
    """The other way round."""
    for _ in range(levels):
        text = encoded(text).decode("utf-8", KEPT)
    return text
