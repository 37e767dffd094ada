"""An answer that is no event stream: an object, lines or an array of objects, or a text."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from tollway.inspection.mended import mended
from tollway.wire.json_array import JsonArray
from tollway.wire.sse import EventStream

CUT = "the answer is no whole JSON: this is what of it could be read"
LONG = "only the first lines of the answer are shown"
MOST = 50_000
"""Lines that are read."""
_EVENTS = re.compile(rb"(?:data|event|id|retry)?:")


class Document(NamedTuple):
    """What a body holds."""

    messages: list[Mapping[str, Any]]
    text: str = ""
    """What is no JSON."""
    remark: str | None = None
    media: str = ""
    """The kind of what is no text."""
    size: int | None = None
    """Its bytes."""


def document(body: bytes) -> Document:
    """What the body holds; one that is cut off holds what came of it."""
    body = body.strip()
    if not body:
        return Document([])
    if (whole := _loaded(body)) is not _NONE:
        return Document(_objects(whole))
    if _loaded(body.partition(b"\n")[0]) is not _NONE and body.startswith(b"{"):
        return _lines(body)
    if body.startswith(b"["):
        return Document(_parsed(JsonArray().feed(body)), "", CUT)
    if body.startswith(b"{"):
        return Document([mended(body)], "", CUT)
    if _EVENTS.match(body):
        return Document(_parsed([data for _, data in EventStream().feed(body + b"\n\n")]))
    return Document([], body.decode("utf-8", "replace"))


def _lines(body: bytes) -> Document:
    """The objects, one a line."""
    lines = [_loaded(line) for line in body.split(b"\n", MOST)[:MOST] if line.strip()]
    remark = CUT if _NONE in lines else LONG if body.count(b"\n") >= MOST else None
    return Document([line for line in lines if isinstance(line, dict)], "", remark)


def loaded(text: bytes) -> Mapping[str, Any] | None:
    """The object that a text is; None if it is none."""
    value = _loaded(text)
    return value if isinstance(value, dict) else None


_NONE = object()


def _loaded(text: bytes) -> object:
    try:
        return orjson.loads(text)
    except ValueError:
        return _NONE


def _parsed(texts: list[bytes]) -> list[Mapping[str, Any]]:
    return [value for text in texts if (value := loaded(text)) is not None]


def _objects(value: object) -> list[Mapping[str, Any]]:
    """An object, or those of an array; an array of anything else is vectors."""
    if isinstance(value, dict):
        return [value]
    if isinstance(value, list):
        found = [element for element in value if isinstance(element, dict)]
        return [*found] if found else [{"embeddings": value}]
    return []
