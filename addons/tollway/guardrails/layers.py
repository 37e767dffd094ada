"""How a text stands in a body, layer by layer: a change of it becomes a change of the body's bytes."""

import base64
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from msgspec import Struct

from tollway.guardrails.escapes import KEPT, encoded, in_bytes, in_characters, offsets


class Edit(NamedTuple):
    """What takes the place of a part of a text (characters, str) or of a body (bytes)."""

    start: int
    end: int
    new: str


class Layer(Protocol):
    """One way in which a text is written in another."""

    def lift(self, edits: Sequence[Edit]) -> list[Edit]:
        """What these changes of the inner text are to the outer one; they ascend, and do not overlap."""


class Quoted(Struct, frozen=True):
    """A JSON string: from its text's characters to the bytes of the JSON that it is in."""

    start: int
    """Byte after its opening quote."""
    raw: bytes

    def lift(self, edits: Sequence[Edit]) -> list[Edit]:
        """Only what changes is written anew."""
        places = offsets(self.raw, _borders(edits))
        new = [encoded(edit.new).decode("utf-8", KEPT) for edit in edits]
        return _moved(new, places, self.start)


class Bare(Struct, frozen=True):
    """Text that stands in the bytes as it is: a body that is no JSON, or a number."""

    start: int
    raw: bytes
    quoted: bool = False
    """What takes the place of a number, which no text can be in, has quotes."""

    def lift(self, edits: Sequence[Edit]) -> list[Edit]:
        """Bytes for characters."""
        text = self.raw.decode("utf-8", KEPT)
        if self.quoted and edits:
            return [Edit(self.start, self.start + len(self.raw), f'"{changed(text, edits)}"')]
        return _moved([edit.new for edit in edits], in_bytes(text, _borders(edits)), self.start)


class Inner(Struct, frozen=True):
    """JSON in a text: from its bytes to the characters of that text."""

    raw: bytes

    def lift(self, edits: Sequence[Edit]) -> list[Edit]:
        """Characters for bytes."""
        return _moved([edit.new for edit in edits], in_characters(self.raw, _borders(edits)))


class Coded(Struct, frozen=True):
    """Text that is base64 in another, from there to its end."""

    start: int
    text: str
    """Decoded."""
    end: int

    def lift(self, edits: Sequence[Edit]) -> list[Edit]:
        """All of it is coded anew."""
        if not edits:
            return []
        new = base64.b64encode(changed(self.text, edits).encode("utf-8", KEPT)).decode()
        return [Edit(self.start, self.end, new)]


def changed(text: str, edits: Sequence[Edit]) -> str:
    """The text with its changes made."""
    parts, at = list[str](), 0
    for edit in edits:
        parts += (text[at : edit.start], edit.new)
        at = edit.end
    return "".join([*parts, text[at:]])


def _borders(edits: Sequence[Edit]) -> list[int]:
    return [place for edit in edits for place in edit[:2]]


def _moved(new: Sequence[str], places: Sequence[int], by: int = 0) -> list[Edit]:
    return [Edit(by + places[2 * n], by + places[2 * n + 1], text) for n, text in enumerate(new)]
