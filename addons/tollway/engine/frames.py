"""WebSocket frames (RFC 6455, section 5) as they come, each with the bytes that it came as."""

import os
import struct
from collections.abc import Iterator
from typing import NamedTuple

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
KNOWN = frozenset({CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG})
LARGEST = 64 * 2**20
"""Bytes of a frame, and of a message: as it comes, and unpacked. Providers take 16 to 20 MB."""
NORMAL, GOING_AWAY, PROTOCOL_ERROR, NOT_TEXT, TOO_BIG, FAILED = 1000, 1001, 1002, 1007, 1009, 1011
"""Why a socket closes (section 7.4.1)."""
LONGEST_REASON = 123  # bytes: a control frame has 125, two of them the code


class Faulty(Exception):
    """A peer sent what is no frame, or too much. Its text is the reason; it quotes nothing."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class Frame(NamedTuple):
    """One frame."""

    opcode: int
    is_last: bool
    """Of its message."""
    is_packed: bool
    """Its message is compressed (RFC 7692); only the first frame of one says so."""
    payload: bytes
    """Unmasked."""
    raw: bytes
    """The frame as it came."""


class Frames:
    """The frames that come from one side, cut anywhere."""

    def __init__(self, masked: bool, may_pack: bool) -> None:
        """`masked`: they come from a client. `may_pack`: compression was agreed on."""
        self._masked = masked
        self._may_pack = may_pack
        self._rest = bytearray()
        self._needs = 0
        """Bytes that the frame at hand has at the least: before, it is not looked at again."""

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Take the next bytes. Raises Faulty at the first that is wrong."""
        if self._rest:
            self._rest += data
            if len(self._rest) < self._needs:
                return
            data = bytes(self._rest)
            self._rest.clear()
        start, size = 0, len(data)
        while start < size:
            head, end = self._measured(data, start)
            if end > size:
                self._rest += data[start:]
                self._needs = end - start
                return
            yield self._frame(data, start, head, end)
            start = end

    def _measured(self, data: bytes, start: int) -> tuple[int, int]:
        """Where the frame's payload begins, and where it ends; no more than is known of either so far."""
        known = len(data) - start
        if known < 2:
            return start + 2, start + 2
        length = data[start + 1] & 0x7F
        head = start + 2
        if length > 125:
            wide = 2 if length == 126 else 8
            head += wide
            if known < 2 + wide:
                return head, head
            length = int.from_bytes(data[start + 2 : head])
        if self._masked:
            head += 4
        self._check(data[start], data[start + 1], length)
        return head, head + length

    def _check(self, first: int, second: int, length: int) -> None:
        opcode = first & 0x0F
        if opcode not in KNOWN or first & 0x30 or (first & 0x40 and not self._may_pack):
            raise Faulty(PROTOCOL_ERROR, "a frame of no kind that was agreed on")
        if bool(second & 0x80) is not self._masked:
            raise Faulty(PROTOCOL_ERROR, "a frame that is masked the wrong way")
        if opcode >= CLOSE and (length > 125 or not first & 0x80 or first & 0x40):
            raise Faulty(PROTOCOL_ERROR, "a control frame in pieces, or too long")
        if length > LARGEST:
            raise Faulty(TOO_BIG, "a message that is too big")

    def _frame(self, data: bytes, start: int, head: int, end: int) -> Frame:
        first, payload = data[start], data[head:end]
        if self._masked:
            payload = masked(payload, data[head - 4 : head])
        raw = data if start == 0 and end == len(data) else data[start:end]
        return Frame(first & 0x0F, bool(first & 0x80), bool(first & 0x40), payload, raw)


def masked(payload: bytes, key: bytes) -> bytes:
    """The payload under a key of four bytes; twice is none."""
    size = len(payload)
    keys = (key * (size // 4 + 1))[:size]
    return (int.from_bytes(payload, "little") ^ int.from_bytes(keys, "little")).to_bytes(size, "little")


def framed(opcode: int, payload: bytes, to_server: bool) -> bytes:
    """A whole message, or a control frame, in one frame that is not compressed."""
    size, mask = len(payload), 0x80 if to_server else 0
    if size < 126:
        head = struct.pack("!BB", 0x80 | opcode, mask | size)
    elif size < 65_536:
        head = struct.pack("!BBH", 0x80 | opcode, mask | 126, size)
    else:
        head = struct.pack("!BBQ", 0x80 | opcode, mask | 127, size)
    if not to_server:
        return head + payload
    key = os.urandom(4)
    return head + key + masked(payload, key)


def closing(code: int, reason: str, to_server: bool) -> bytes:
    """A close frame, with as much of the reason as it takes."""
    said = reason.encode("utf-8", "replace")[:LONGEST_REASON].decode("utf-8", "ignore").encode()
    return framed(CLOSE, code.to_bytes(2) + said, to_server)
