"""AWS's binary event stream (application/vnd.amazon.eventstream), read as its bytes come by, bounded.

A message: its length and that of its headers, 4 bytes each, and their CRC32; the headers; the payload; the
CRC32 of it all: https://smithy.io/2.0/aws/amazon-eventstream.html
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple
from zlib import crc32

PAYLOAD = 24 * 1024 * 1024
"""Bytes of one payload, as botocore has it."""
HEADERS = 128 * 1024
"""Bytes of one message's headers, as botocore has it."""

_PRELUDE = struct.Struct(">III")
_TAIL = struct.Struct(">I")
_LENGTH = struct.Struct(">H")
_AROUND = _PRELUDE.size + _TAIL.size  # what a message has around its headers and payload
_SIZES = {0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16}
"""Bytes of a header's value by its type: true, false, a byte, 16, 32 and 64 bits, a time, a UUID."""
_BYTES, _STRING = 6, 7  # their length comes first


class Frame(NamedTuple):
    """One message of the stream."""

    kind: str
    """`event`, `exception` or `error`."""
    name: str
    """The type of the event or the exception, the code of the error; "" if it has none."""
    payload: bytes


class FrameStream:
    """Cuts a stream into messages; the same ones however its bytes are cut.

    A length or a checksum that is wrong leaves no way to find the next message: reading stops there.
    """

    def __init__(self, payload: int = PAYLOAD, headers: int = HEADERS) -> None:
        self._payload, self._headers = payload, headers
        self._held = bytearray()
        self._needed = _PRELUDE.size  # bytes without which the next step can't be taken
        self._last = (b"", "event", "")  # a header block and what it says: one stream has only a few
        self.broken = False
        """The stream was no event stream from some byte on, and nothing behind it was read."""

    def feed(self, data: bytes) -> list[Frame]:
        """Take the next bytes and return the messages they finish."""
        if self.broken:
            return []
        self._held += data
        if len(self._held) < self._needed:
            return []
        found: list[Frame] = []
        text, at = bytes(self._held), 0
        try:
            while (end := self._end(text, at)) is not None:
                found.append(self._frame(text[at:end]))
                at = end
        except ValueError:
            self.broken = True
            self._held.clear()
            return found
        del self._held[:at]
        return found

    def _end(self, text: bytes, at: int) -> int | None:
        """Where the message ends that begins here; None if it is not whole. ValueError: it is none."""
        self._needed = _PRELUDE.size
        if len(text) - at < _PRELUDE.size:
            return None
        total, headers, check = _PRELUDE.unpack_from(text, at)
        if crc32(text[at : at + _PRELUDE.size - _TAIL.size]) != check:
            raise ValueError("the checksum of a prelude is wrong")
        if headers > self._headers or not 0 <= total - headers - _AROUND <= self._payload:
            raise ValueError("the lengths of a message are impossible")
        self._needed = total
        return at + total if len(text) - at >= total else None

    def _frame(self, message: bytes) -> Frame:
        if crc32(message[: -_TAIL.size]) != _TAIL.unpack_from(message, len(message) - _TAIL.size)[0]:
            raise ValueError("the checksum of a message is wrong")
        payload = _PRELUDE.size + _PRELUDE.unpack_from(message)[1]
        block = message[_PRELUDE.size : payload]
        if block != self._last[0]:
            self._last = (block, *_told(block))
        return Frame(self._last[1], self._last[2], message[payload : -_TAIL.size])


def _told(block: bytes) -> tuple[str, str]:
    """The kind and the name that a block of headers gives its message. ValueError: it is no such block."""
    headers = dict(_strings(block))
    kind = headers.get(":message-type", "event")
    name = ":error-code" if kind == "error" else f":{kind}-type"
    return kind, headers.get(name, "")


def _strings(block: bytes) -> Iterator[tuple[str, str]]:
    """The headers that are strings. ValueError: a header is cut off, or of a type that there is not."""
    at = 0
    try:
        while at < len(block):
            start = at + 1 + block[at]
            name, kind = block[at + 1 : start], block[start]
            if kind in (_BYTES, _STRING):
                value = start + 1 + _LENGTH.size
                at = value + _LENGTH.unpack_from(block, start + 1)[0]
                if kind == _STRING and at <= len(block):
                    yield name.decode("utf-8", "replace"), block[value:at].decode("utf-8", "replace")
            else:
                at = start + 1 + _SIZES[kind]
    except (IndexError, KeyError, struct.error):
        raise ValueError("the headers of a message are broken") from None
    if at > len(block):
        raise ValueError("the headers of a message are cut off")
