"""HTTP/2 off the wire: frames from bytes in whatever pieces, header blocks from frames."""

from collections.abc import Iterator
from typing import NamedTuple

import hpack

from tests.simulator.http2_frames import (
    COMPRESSION_ERROR,
    END_HEADERS,
    END_STREAM,
    MAX_FRAME,
    PREFACE,
    Http2Error,
    unpadded,
)


class Frame(NamedTuple):
    """One frame."""

    kind: int
    flags: int
    stream: int
    payload: bytes


class Block(NamedTuple):
    """A whole header block."""

    headers: tuple[tuple[str, str], ...]
    end: bool
    """It ends the stream."""


class FrameReader:
    """Finds the preface, then frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._begun = False

    def feed(self, data: bytes) -> Iterator[Frame]:
        """The frames that are whole now. Raises Http2Error."""
        buffer, start = self._buffer, 0
        buffer += data
        if not self._begun:
            if not PREFACE.startswith(buffer[: len(PREFACE)]):
                raise Http2Error("no HTTP/2 preface")
            if len(buffer) < len(PREFACE):
                return
            self._begun, start = True, len(PREFACE)
        while len(buffer) - start >= 9:
            size = int.from_bytes(buffer[start : start + 3])
            if size > MAX_FRAME:
                raise Http2Error(f"a frame of {size} bytes")
            body = start + 9
            if len(buffer) < body + size:
                break
            number = int.from_bytes(buffer[start + 5 : body]) & 0x7FFFFFFF
            yield Frame(buffer[start + 3], buffer[start + 4], number, bytes(buffer[body : body + size]))
            start = body + size
        del buffer[:start]


class HeaderBlocks:
    """Puts HEADERS and CONTINUATION together and decompresses them."""

    def __init__(self) -> None:
        self.open_on: int | None = None
        """The stream whose block is not whole yet: nothing else may come."""
        self._decoder = hpack.Decoder()
        self._fragment = bytearray()
        self._end = False

    def begin(self, flags: int, stream: int, payload: bytes) -> Block | None:
        """A HEADERS frame; the block, if it is whole. Raises Http2Error."""
        self.open_on, self._end = stream, bool(flags & END_STREAM)
        self._fragment = bytearray(unpadded(flags, payload))
        return self._decoded() if flags & END_HEADERS else None

    def go_on(self, flags: int, payload: bytes) -> Block | None:
        """A CONTINUATION frame; the block, if it is whole. Raises Http2Error."""
        if self.open_on is None:
            raise Http2Error("CONTINUATION without HEADERS")
        self._fragment += payload
        return self._decoded() if flags & END_HEADERS else None

    def _decoded(self) -> Block:
        self.open_on = None
        try:
            pairs = self._decoder.decode(bytes(self._fragment), raw=True)
        except hpack.HPACKError as error:
            raise Http2Error(f"header block: {error}", COMPRESSION_ERROR) from error
        headers = tuple([(name.decode("latin-1"), value.decode("latin-1")) for name, value in pairs])
        return Block(headers, self._end)
