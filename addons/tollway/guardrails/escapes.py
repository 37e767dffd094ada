"""A JSON string's bytes, its text, and how far the one is in the other (RFC 8259, section 7)."""

import json
import re
from collections.abc import Iterable

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
    found, wanted = list[int](), list(positions)[::-1]
    at = passed = 0
    for escape in [*_ESCAPE.finditer(raw), None]:
        end = len(raw) if escape is None else escape.start()
        plain = raw[at:end].decode("utf-8", KEPT)
        while wanted and wanted[-1] <= passed + len(plain):
            found.append(at + len(plain[: wanted.pop() - passed].encode("utf-8", KEPT)))
        passed, at = passed + len(plain) + 1, end if escape is None else escape.end()
    return found
