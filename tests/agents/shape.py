"""What is kept of a request's JSON: everything but its texts.

A text becomes filler of the same length in UTF-8, and of the same length as JSON: what a bound or a budget
makes of a request depends on its keys, its types and its sizes. Prompts and tool documents are their
authors'; none of their words is kept.
"""

import re
import unicodedata
from itertools import cycle
from typing import Any

import orjson

WORDS = "filler of equal length stands here for a text that is not ours "
BY_WIDTH = {2: "é", 3: "–", 4: "😀"}
"""A character of so many bytes in UTF-8, which NFKC leaves alone."""
KEPT = frozenset({
    "$schema", "content_item_kinds", "context", "display", "effort", "enum", "format", "include", "keep",
    "model", "name", "namespace", "phase", "required", "responseMimeType", "role", "scope", "status",
    "syntax", "thinkingLevel", "tool_choice", "tool_name", "ttl", "type", "verbosity",
})  # fmt: skip
"""Keys whose values are words of the wire format, or names of tools and their parameters."""
WORD = re.compile(r"[\w.:/$#-]{1,60}")
ID = re.compile(r"[\w-]{16,}(:\d+)?")


def shape(value: Any, key: str = "") -> Any:
    """A JSON value without its texts; deterministic. `key`: whose value it is."""
    if isinstance(value, dict):
        return {name: shape(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner, key) for inner in value]
    if not isinstance(value, str) or (key in KEPT and WORD.fullmatch(value)):
        return value
    return _text(value)


def _text(text: str) -> str:
    if ID.fullmatch(text):
        return re.sub(r"[0-9]", "0", re.sub(r"[A-Za-z]", "a", text))
    try:
        inner = orjson.loads(text)
    except ValueError:
        return filler(text)
    # An object written as text (Claude Code's user_id), if it can be written again as it was.
    if isinstance(inner, dict) and orjson.dumps(inner).decode() == text:
        return orjson.dumps(shape(inner)).decode()
    return filler(text)


def filler(text: str) -> str:
    """As many bytes, in UTF-8 and in JSON; what NFKC expands stays, and so do line ends and quotes."""
    words = cycle(WORDS)
    return "".join(_stand_in(character, next(words)) for character in text)


def _stand_in(character: str, filler: str) -> str:
    if character in '"\\' or ord(character) < 32 or ord(character) == 127:
        return character
    if character.isascii():
        return filler
    if unicodedata.normalize("NFKC", character) != character:
        return character
    return BY_WIDTH[len(character.encode())]
