"""Where the parts of JSON are, by a parser in C: a fifth of the time that a scan takes.

It gives texts and not places, so they are walked along once more: nothing can stand between two of them.
"""

import re

import msgspec

_SPACE = rb"[ \t\r\n]*+"
_OPEN_OBJECT, _OPEN_ARRAY = re.compile(_SPACE + rb"\{" + _SPACE), re.compile(_SPACE + rb"\[" + _SPACE)
_KEY = re.compile(rb'("[^"\\]*+")' + _SPACE + rb":" + _SPACE)
_BETWEEN = re.compile(_SPACE + rb"[,\]}]" + _SPACE)
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ARRAY = msgspec.json.Decoder(list[msgspec.Raw])
_NOT_TAKEN = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)

Span = tuple[str, int, int, int]
"""A key, where it starts, and where its value starts and ends."""


def member_spans(body: bytes) -> list[Span] | None:
    """The members of the object that a body is. None: it may be none, has a key twice or with an escape, or
    is nested too deep for this parser."""
    try:
        found = _OBJECT.decode(body)
    except _NOT_TAKEN:
        return None
    opening = _OPEN_OBJECT.match(body)
    assert opening is not None
    spans, at = list[Span](), opening.end()
    for key, raw in found.items():
        match = _KEY.match(body, at)
        if match is None:
            return None
        end = match.end() + len(memoryview(raw))
        if body[match.end() : end] != bytes(raw) or match[1] != b'"%s"' % key.encode():
            return None
        spans.append((key, at, match.end(), end))
        between = _BETWEEN.match(body, end)
        assert between is not None
        at = between.end()
    return spans if at == len(body) else None


def element_spans(body: bytes) -> list[tuple[int, int]] | None:
    """Where each element of the array that a body is starts and ends. None, as `member_spans`."""
    try:
        found = _ARRAY.decode(body)
    except _NOT_TAKEN:
        return None
    opening = _OPEN_ARRAY.match(body)
    assert opening is not None
    spans, at = list[tuple[int, int]](), opening.end()
    for raw in found:
        end = at + len(memoryview(raw))
        spans.append((at, end))
        between = _BETWEEN.match(body, end)
        assert between is not None
        at = between.end()
    return spans
