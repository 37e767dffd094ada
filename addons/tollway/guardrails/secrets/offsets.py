"""A text as the bytes that are matched, and places in them as places in the text."""

from collections.abc import Iterable

_CONTINUATION = bytes(range(0x80, 0xC0))
_ESCAPED = ((b"\\n", b" \n"), (b"\\r", b" \r"), (b"\\t", b" \t"))


def matched(text: str) -> bytes:
    """Its UTF-8, place by place, so that what stands alone does so for patterns, too.

    An escaped end of a line is one. A lone surrogate, which UTF-8 has not, is a question mark. Zeros are
    spaces: with them Kingfisher takes a text for UTF-16, and counts places in that.
    """
    data = text.encode("utf-8", "replace").replace(b"\0", b" ")
    if b"\\" in data:
        for escaped, meant in _ESCAPED:
            data = data.replace(escaped, meant)
    return data


def characters(data: bytes, offsets: Iterable[int]) -> dict[int, int]:
    """The number of characters that begin before each offset in bytes.

    An offset inside a character counts it: as an end it takes the whole character in.
    """
    counted: dict[int, int] = {}
    at = number = 0
    for offset in sorted(set(offsets)):
        number += len(data[at:offset].translate(None, _CONTINUATION))
        counted[offset] = number
        at = offset
    return counted
