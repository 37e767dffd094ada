"""Places in a text's UTF-8, as places in the text."""

from collections.abc import Iterable

_CONTINUATION = bytes(range(0x80, 0xC0))


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
