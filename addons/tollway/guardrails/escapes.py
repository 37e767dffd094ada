"""A JSON string's bytes, its text, and how far the one is in the other (RFC 8259, section 7)."""

import json
import re
from collections.abc import Iterable
from itertools import accumulate

import orjson

KEPT = "surrogateescape"
"""What becomes of bytes that are no UTF-8: characters that are written as the same bytes again."""
_ESCAPE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.", re.DOTALL
)
"""What one character is written as, where that is an escape: two halves of a pair are one."""


def decoded(raw: bytes) -> str:
    """The text of what stands between the quotes; raw control characters are taken as readers take them that
    are not strict. Raises ValueError if it has an escape that no reader knows."""
    if b"\\" not in raw:
        return raw.decode("utf-8", KEPT)
    try:
        return str(orjson.loads(b'"' + raw + b'"'))
    except orjson.JSONDecodeError:  # such as a lone surrogate, or no UTF-8
        return str(json.loads(f'"{raw.decode("utf-8", KEPT)}"', strict=False))


def encoded(text: str) -> bytes:
    """What stands between the quotes for a text. As bytes that are no UTF-8 were, they are again."""
    return json.dumps(text, ensure_ascii=False).encode("utf-8", KEPT)[1:-1]


def offsets(raw: bytes, positions: Iterable[int]) -> list[int]:
    """Where these characters of the text begin among the bytes; they ascend, and the text's length is the
    last that there can be."""
    short = _ESCAPE.sub(rb"\\", raw).decode(
        "utf-8", KEPT
    )  # a backslash stands for each escape, and nothing else
    more = [0, *accumulate(len(escape) - 1 for escape in _ESCAPE.findall(raw))]
    found, at, passed, escapes = list[int](), 0, 0, 0
    for position in positions:
        passed += len(short[at:position].encode("utf-8", KEPT))
        escapes += short.count("\\", at, position)
        at = position
        found.append(passed + more[escapes])
    return found


def in_bytes(text: str, positions: Iterable[int]) -> list[int]:
    """How many bytes are before these characters of a text; they ascend."""
    found, at, passed = list[int](), 0, 0
    for position in positions:
        passed += len(text[at:position].encode("utf-8", KEPT))
        at = position
        found.append(passed)
    return found


def in_characters(raw: bytes, places: Iterable[int]) -> list[int]:
    """The other way round: how many characters are before these bytes; they ascend."""
    found, at, passed = list[int](), 0, 0
    for place in places:
        passed += len(raw[at:place].decode("utf-8", KEPT))
        at = place
        found.append(passed)
    return found
