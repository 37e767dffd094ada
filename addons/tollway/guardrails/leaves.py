"""The texts of a body: its strings, what is JSON in them, text in base64, and its long numbers."""

import base64
import binascii
import json
import re
from collections.abc import Iterator, Sequence

import orjson
from msgspec import Struct

from tollway.guardrails.escapes import KEPT, decoded
from tollway.guardrails.layers import Bare, Coded, Edit, Inner, Layer, Quoted
from tollway.guardrails.literals import Literal, literals

Path = tuple[str | int, ...]
NESTED = 4
"""Levels of JSON in strings of JSON that are followed."""
SHORTEST = 4
"""Bytes of what is looked at: nothing that is looked for is shorter."""
OPAQUE = frozenset({"signature", "thoughtSignature", "thought_signature", "encrypted_content"})
"""Members that providers made, and take back only as they are."""
FILES = frozenset({"data", "bytes", "file_data", "b64_json"})
"""Members that are a file in base64, as dialects name them."""
_DATA_URI = re.compile(r"data:[^,;]{0,100}(?:;[^,;]{0,100}){0,5};base64,", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]++={0,2}")


class Leaf(Struct, frozen=True):
    """One text of a body."""

    path: Path
    """Of keys and indices, through JSON in strings."""
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
    """Bytes."""


def leaves(body: bytes, path: Path = (), outside: tuple[Layer, ...] = ()) -> Iterator[Leaf | Unread]:
    """All of them, in their order; a body that is no JSON is one. `path`, `outside`: of the body itself."""
    if not _is_json(body):
        yield Leaf(path, body.decode("utf-8", KEPT), (Bare(0, body), *outside))
        return
    for literal in literals(body):
        yield from _of_literal(body[literal.start : literal.end], literal, path, outside)


def rewritten(body: bytes, edits: Sequence[Edit]) -> bytes:
    """The body with its changes made: every other byte as it was. They may come in any order."""
    parts, at = list[bytes](), 0
    for edit in sorted(edits):
        parts += (body[at : edit.start], edit.new.encode("utf-8", KEPT))
        at = edit.end
    return b"".join([*parts, body[at:]])


def _is_json(body: bytes) -> bool:
    """By any reader: some take what is no UTF-8, and halves of surrogate pairs."""
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError:
        try:
            json.loads(body.decode("utf-8", KEPT), strict=False)
        except (ValueError, RecursionError):
            return False
    return True


def _of_literal(
    raw: bytes, literal: Literal, before: Path, outside: tuple[Layer, ...]
) -> Iterator[Leaf | Unread]:
    path = before + literal.path
    if not literal.is_string:
        yield Leaf(path, raw.decode(), (Bare(literal.start, raw, quoted=True), *outside))
    elif len(raw) >= SHORTEST and not (path and path[-1] in OPAQUE):
        text, layers = decoded(raw), (Quoted(literal.start, raw), *outside)
        yield from _of_text(text, path, layers)


def _of_text(text: str, path: Path, layers: tuple[Layer, ...]) -> Iterator[Leaf | Unread]:
    if (start := _file_from(text, path)) is not None:
        yield _of_file(text, start, path, layers)
    elif text[:1] in ("{", "[") and text[-1:] in ("}", "]") and _may_nest(layers):
        inner = text.encode("utf-8", KEPT)
        if _is_json(inner):
            yield from leaves(inner, path, (Inner(inner), *layers))
        else:
            yield Leaf(path, text, layers)
    else:
        yield Leaf(path, text, layers)


def _may_nest(layers: tuple[Layer, ...]) -> bool:
    return sum(isinstance(layer, Inner) for layer in layers) < NESTED


def _file_from(text: str, path: Path) -> int | None:
    """Where base64 begins, of a text that is a file; None: it is none."""
    if (uri := _DATA_URI.match(text)) is not None:
        return uri.end()
    return 0 if path and path[-1] in FILES and _BASE64.fullmatch(text) else None


def _of_file(text: str, start: int, path: Path, layers: tuple[Layer, ...]) -> Leaf | Unread:
    """What is text is read; what is too short for base64 to be certain may be both, and is read as it is."""
    coded = text[start:].rstrip("=").replace("-", "+").replace("_", "/")
    try:
        data = base64.b64decode(coded + "=" * (-len(coded) % 4), validate=True)
        inner = data.decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return Unread(path, (len(text) - start) * 3 // 4)
    if "\0" in inner:
        return Unread(path, len(data))
    return Leaf(path, inner, (Coded(start, inner, len(text)), *layers))
