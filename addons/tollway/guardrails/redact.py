"""A body without what was found in it, each value with a placeholder in its place.

Every other byte stays as it was, whatever layers a value is written in: escapes of JSON, JSON in strings,
base64 of a text. Takes time in proportion to the body.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from msgspec import Struct

from tollway.guardrails.escapes import KEPT, characters, decoded, in_bytes, in_characters
from tollway.guardrails.inside import file_from, is_json, json_in, text_of
from tollway.guardrails.layers import Bare, Coded, Edit, Inner, Quoted
from tollway.guardrails.leaves import rewritten
from tollway.guardrails.literals import Literal, What, literals
from tollway.guardrails.spot import Spot
from tollway.guardrails.unmasked import is_masked

Mask = Callable[[str, str], str]
"""Says what stands for a value of a kind: `placeholder`, for one key and scope."""
_Border = tuple[int, int]


class Redacted(Struct, frozen=True):
    """A body that may leave."""

    body: bytes
    taken: Mapping[str, str]
    """What each placeholder stands for: the text as it was, with what has no width."""

    def __repr__(self) -> str:
        return f"Redacted({len(self.body)} bytes, {len(self.taken)} taken)"


class _Place(NamedTuple):
    """A spot, by the bytes of what is being looked at."""

    start: int
    end: int
    spot: Spot


def redacted(body: bytes, spots: Sequence[Spot], mask: Mask) -> Redacted:
    """The body without the spots, none of which is over another. What is masked already stays.

    Raises ValueError for spots that are not this body's.
    """
    work = _Redacting(mask)
    ordered = sorted(spots, key=lambda spot: (spot.start, spot.within))
    edits = work.body(body, [_Place(spot.start, spot.end, spot) for spot in ordered], 0)
    return Redacted(rewritten(body, edits), work.taken)


class _Redacting:
    """What was taken so far. Each step takes places that ascend, and gives changes of what it was given."""

    def __init__(self, mask: Mask) -> None:
        self.taken: dict[str, str] = {}
        self._mask = mask

    def body(self, body: bytes, places: Sequence[_Place], level: int) -> list[Edit]:
        """Of JSON, or of any text."""
        if not is_json(body):
            borders = _borders(places, partial(in_characters, body))
            return Bare(0, body).lift(self._text(body.decode("utf-8", KEPT), places, borders))
        return [
            edit
            for literal, own in _by_literal(body, places)
            for edit in self._literal(body[literal.start : literal.end], literal, own, level)
        ]

    def _literal(self, raw: bytes, literal: Literal, places: Sequence[_Place], level: int) -> list[Edit]:
        """Changes of the body that it is in, places are by their bytes in it."""
        if literal.what is What.NUMBER:
            edits = self._text(raw.decode(), places, _within(places))
            return Bare(literal.start, raw, quoted=True).lift(edits)
        text = decoded(raw)
        own = [_Place(start - literal.start, end - literal.start, spot) for start, end, spot in places]
        borders = _borders(own, partial(characters, raw))
        if literal.what is What.KEY:
            edits = self._text(text, places, borders)
        else:
            edits = self._value(text, literal.path[-1] if literal.path else "", places, borders, level)
        return Quoted(literal.start, raw).lift(edits)

    def _value(
        self, text: str, key: str | int, places: Sequence[_Place], borders: Sequence[_Border], level: int
    ) -> list[Edit]:
        if (start := file_from(text, key)) is not None and (inside := text_of(text[start:])) is not None:
            return Coded(start, inside, len(text)).lift(self._text(inside, places, _within(places)))
        if (inner := json_in(text, level)) is not None:
            moved = _moved(places, borders)
            own = _moved(places, _borders(moved, partial(in_bytes, text)))
            return Inner(inner).lift(self.body(inner, own, level + 1))
        return self._text(text, places, borders)

    def _text(self, text: str, places: Sequence[_Place], borders: Sequence[_Border]) -> list[Edit]:
        edits = list[Edit]()
        for (_, _, spot), (start, end) in zip(places, borders, strict=True):
            if not is_masked(text, start, end, spot.family):
                stands_for = self._mask(spot.kind, text[start:end])
                self.taken[stands_for] = text[start:end]
                edits.append(Edit(start, end, stands_for))
        return edits


def _by_literal(body: bytes, places: Sequence[_Place]) -> Iterator[tuple[Literal, list[_Place]]]:
    """The literals that places are in, and those."""
    rest = list(places[::-1])
    for literal in literals(body) if rest else ():
        own = list[_Place]()
        while rest and rest[-1].start < literal.end:
            own.append(rest.pop())
        if own:
            if own[0].start < literal.start or own[-1].end > literal.end:
                break
            yield literal, own
        if not rest:
            return
    if places:
        raise ValueError("what was found is not of this body")


def _borders(places: Sequence[_Place], counted: Callable[[list[int]], list[int]]) -> list[_Border]:
    """Where they begin and end, counted in another way. Those in base64 begin and end together."""
    every = sorted({border for place in places for border in place[:2]})
    other = dict(zip(every, counted(every), strict=True))
    return [(other[place.start], other[place.end]) for place in places]


def _within(places: Sequence[_Place]) -> list[_Border]:
    return [place.spot.within for place in places]


def _moved(places: Sequence[_Place], borders: Sequence[_Border]) -> list[_Place]:
    return [_Place(*border, place.spot) for border, place in zip(borders, places, strict=True)]
