"""What a JSON object says that is cut off: its members up to there, and the beginning of the last text."""

import re
from collections.abc import Iterator
from typing import Any

import orjson

LARGEST = 2**20
"""Bytes that are looked at."""
_DEEPEST = 500

_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+("?)|[\[\]{},]', re.DOTALL)
_CUT_ESCAPE = re.compile(
    rb"(?<!\\)((?:\\\\)*+)(?:\\u[dD][89abAB][0-9a-fA-F]{2})?(?:\\(?:u[0-9a-fA-F]{0,3})?)?\Z"
)
"""An escape that is no whole one, and half a pair of them."""


def mended(text: bytes) -> dict[str, Any]:
    """The members of the object as far as they came; none of what is no object."""
    for candidate in _candidates(text[:LARGEST].decode("utf-8", "ignore").encode()):
        try:
            value = orjson.loads(candidate)
        except ValueError:
            continue
        return value if isinstance(value, dict) else {}
    return {}


def _candidates(text: bytes) -> Iterator[bytes]:
    """The text with what is open closed: as it is, within a text that is cut, and before its last comma."""
    closers: list[bytes] = []
    comma, open_there = 0, list[bytes]()
    for token in _TOKEN.finditer(text):
        mark = token[0][:1]
        if mark == b"{":
            closers.append(b"}")
        elif mark == b"[":
            closers.append(b"]")
        elif mark == b",":
            comma, open_there = token.start(), closers[::-1]
        elif mark == b'"':
            if not token[1]:
                text = _CUT_ESCAPE.sub(rb"\1", text) + b'"'
        elif closers:
            closers.pop()
        if len(closers) > _DEEPEST:
            break
    yield text + b"".join(reversed(closers))
    yield text[:comma] + b"".join(open_there)
