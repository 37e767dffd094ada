"""HTTP/2 frames as bytes, and header blocks without compression state. RFC 9113 and 7541."""

import struct
from collections.abc import Iterable
from functools import lru_cache

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)
END_STREAM, END_HEADERS, PADDED, PRIORITY_FLAG, ACK = 0x1, 0x4, 0x8, 0x20, 0x1
NO_ERROR, PROTOCOL_ERROR, FLOW_CONTROL_ERROR, COMPRESSION_ERROR = 0, 1, 3, 9
MAX_FRAME = 16_384
"""The largest payload that any peer takes without being asked."""

_HEAD = struct.Struct(">HBBBI")


class Http2Error(ValueError):
    """The peer broke the protocol; `code` is what GOAWAY says."""

    def __init__(self, message: str, code: int = PROTOCOL_ERROR) -> None:
        super().__init__(message)
        self.code = code


def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    """One frame."""
    size = len(payload)
    return _HEAD.pack(size >> 8, size & 0xFF, kind, flags, stream) + payload


def settings(values: dict[int, int]) -> bytes:
    """A SETTINGS frame."""
    return frame(SETTINGS, 0, 0, b"".join(struct.pack(">HI", key, value) for key, value in values.items()))


def window_update(stream: int, increment: int) -> bytes:
    """A WINDOW_UPDATE frame; stream 0 is the connection."""
    return frame(WINDOW_UPDATE, 0, stream, increment.to_bytes(4))


def rst_stream(stream: int, code: int) -> bytes:
    """An RST_STREAM frame."""
    return frame(RST_STREAM, 0, stream, code.to_bytes(4))


def goaway(last: int, code: int) -> bytes:
    """A GOAWAY frame: streams above `last` were not looked at."""
    return frame(GOAWAY, 0, 0, struct.pack(">II", last, code))


def header_frames(stream: int, block: bytes, *, end: bool) -> bytes:
    """HEADERS, and CONTINUATION as needed."""
    parts = [block[i : i + MAX_FRAME] for i in range(0, len(block), MAX_FRAME)] or [b""]
    out = []
    for i, part in enumerate(parts):
        flags = (END_STREAM if end and i == 0 else 0) | (END_HEADERS if i == len(parts) - 1 else 0)
        out.append(frame(CONTINUATION if i else HEADERS, flags, stream, part))
    return b"".join(out)


@lru_cache(maxsize=256)
def response_block(status: int, headers: tuple[tuple[str, str], ...]) -> bytes:
    """A response's header block. It uses no dynamic table, so that it can be made once and sent often."""
    first = b"\x88" if status == 200 else b"\x08\x03%d" % status  # RFC 7541, appendix A: 8 is :status
    return first + trailer_block(headers)


def trailer_block(headers: Iterable[tuple[str, str]]) -> bytes:
    """Headers as literals without indexing."""
    return b"".join(
        b"\x00" + _string(name.lower().encode("latin-1")) + _string(value.encode("latin-1"))
        for name, value in headers
    )


def _string(data: bytes) -> bytes:
    """A string literal without Huffman coding: length with a prefix of 7 bits, then the bytes."""
    if len(data) < 127:
        return bytes((len(data),)) + data
    rest, out = len(data) - 127, bytearray(b"\x7f")
    while rest >= 128:
        out.append(rest % 128 + 128)
        rest //= 128
    return bytes(out) + bytes((rest,)) + data


def unpadded(flags: int, payload: bytes) -> bytes:
    """The payload of DATA or HEADERS without padding and priority. Raises Http2Error."""
    start, end = 0, len(payload)
    if flags & PADDED:
        start, end = 1, end - payload[0]
    if flags & PRIORITY_FLAG:
        start += 5
    if start > end:
        raise Http2Error("padding is longer than its frame")
    return payload[start:end]
