"""WebSocket messages out of their frames: unpacked to be read, and kept as they came to be passed on."""

import zlib
from typing import NamedTuple

from tollway.engine.frames import CONTINUATION, LARGEST, NOT_TEXT, PROTOCOL_ERROR, TOO_BIG, Faulty, Frame

TAIL = b"\x00\x00\xff\xff"
"""What a sender leaves out at the end of a compressed message (RFC 7692, section 7.2.1)."""


class Message(NamedTuple):
    """One message, whole."""

    opcode: int
    """Text or binary."""
    content: bytes
    raw: bytes
    """Its frames, as they came."""
    is_packed: bool


class Assembly:
    """The messages that come from one side. What compression remembers of earlier ones is kept (32 KB)."""

    def __init__(self) -> None:
        self._first: Frame | None = None
        """Of the message at hand."""
        self._content: list[bytes] = []
        self._raw: list[bytes] = []
        self._inflating = zlib.decompressobj(-15)

    def take(self, frame: Frame) -> Message | None:
        """Take the next frame of data; the message that it ends. Raises Faulty."""
        if (frame.opcode == CONTINUATION) is (self._first is None):
            raise Faulty(PROTOCOL_ERROR, "a piece of no message, or a message within another")
        first = self._first or frame
        if first is frame and frame.is_last:
            content = self._unpacked(frame.payload, True, LARGEST) if frame.is_packed else frame.payload
            return Message(frame.opcode, content, frame.raw, frame.is_packed)
        return self._piece(first, frame)

    def _piece(self, first: Frame, frame: Frame) -> Message | None:
        if frame is not first and frame.is_packed:
            raise Faulty(PROTOCOL_ERROR, "a piece that says again that it is compressed")
        room = LARGEST - sum(map(len, self._content))
        piece = self._unpacked(frame.payload, frame.is_last, room) if first.is_packed else frame.payload
        self._content.append(piece)
        self._raw.append(frame.raw)
        if len(piece) > room or sum(map(len, self._raw)) > LARGEST:
            raise Faulty(TOO_BIG, "a message that is too big")
        if not frame.is_last:
            self._first = first
            return None
        message = Message(first.opcode, b"".join(self._content), b"".join(self._raw), first.is_packed)
        self._first = None
        self._content.clear()
        self._raw.clear()
        return message

    def _unpacked(self, payload: bytes, is_last: bool, room: int) -> bytes:
        """At most so many bytes."""
        inflating = self._inflating
        try:
            content = inflating.decompress(payload + TAIL if is_last else payload, room + 1)
        except zlib.error:
            raise Faulty(NOT_TEXT, "a message that can't be unpacked") from None
        if len(content) > room:
            raise Faulty(TOO_BIG, "a message that is too big")
        if inflating.eof:  # its sender began anew
            self._inflating = zlib.decompressobj(-15)
        return content
