"""Content codings, undone as the bytes come by, and bounded: a decompression bomb costs next to nothing."""

import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

import brotli
import zstandard

_PIECE = 64 * 1024  # bytes inflated at a time
_ZSTD_SLICE = 256  # bytes read at a time: the library has no bound on output, but a block has (128 KB of 4)
_ZSTD_WINDOW = 8 * 1024 * 1024  # RFC 9659: what a decoder of web content must have, and may stop at
_STAGES = 4  # codings one on the other; nobody means more
_BROKEN = (zlib.error, brotli.error, zstandard.ZstdError)


class Decoder(Protocol):
    """Undoes the codings of one body. It never raises: what it is fed may be anything."""

    broken: bool
    """The bytes are not coded as they claim; nothing more comes out."""
    exceeded: bool
    """More would have come out, or between two codings, than the limit; nothing more does."""

    def feed(self, data: bytes) -> bytes:
        """What the next bytes decode to; over all calls never more than the limit."""

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """The same in pieces of 8 MB at most, where nobody needs it in one."""


def decoder(content_encoding: str, limit: int) -> Decoder | None:
    """What undoes a Content-Encoding, up to `limit` bytes; None if it names a coding unknown here."""
    names = [n for part in content_encoding.lower().split(",") if (n := part.strip()) not in ("", "identity")]
    if not names:
        return _Identity(limit)
    if len(names) > _STAGES or not all(name in _CODINGS for name in names):
        return None
    return _Coded([_CODINGS[name]() for name in reversed(names)], limit)


def decode(body: bytes, content_encoding: str, limit: int) -> bytes | None:
    """The decoded body; None if its coding is unknown, it is broken, or it is more than `limit` bytes.

    A body that is cut off decodes to what is there.
    """
    decoding = decoder(content_encoding, limit)
    if decoding is None:
        return None
    decoded = decoding.feed(body)
    return None if decoding.broken or decoding.exceeded else decoded


class _Identity:
    def __init__(self, limit: int) -> None:
        self.broken = self.exceeded = False
        self._left = limit

    def feed(self, data: bytes) -> bytes:
        self._left -= len(data)
        if self._left >= 0:
            return data
        self.exceeded = True
        return b""

    def pieces(self, data: bytes) -> Iterator[bytes]:
        yield self.feed(data)


class _Stage(Protocol):
    def pieces(self, data: bytes) -> Iterator[bytes]:
        """What the next bytes decode to, in pieces of a bounded size; raises one of _BROKEN."""


class _Exceeded(Exception):
    pass


class _Coded:
    def __init__(self, stages: list[_Stage], limit: int) -> None:
        self.broken = self.exceeded = False
        self._stages = stages
        self._left = [limit] * len(stages)  # bytes that may still come out of each

    def feed(self, data: bytes) -> bytes:
        return b"".join(self.pieces(data))

    def pieces(self, data: bytes) -> Iterator[bytes]:
        if self.broken or self.exceeded:
            return
        try:
            yield from self._through(data, 0)
        except _BROKEN:
            self.broken = True
        except _Exceeded:
            self.exceeded = True

    def _through(self, data: bytes, stage: int) -> Iterator[bytes]:
        for piece in self._stages[stage].pieces(data):
            self._left[stage] -= len(piece)
            if self._left[stage] < 0:
                raise _Exceeded
            if stage + 1 == len(self._stages):
                yield piece
            else:
                yield from self._through(piece, stage + 1)


class _Gzip:
    """One member or several, one behind the other; what follows them is ignored, as browsers do."""

    def __init__(self) -> None:
        self._inflater = zlib.decompressobj(31)
        self._ended = False

    def pieces(self, data: bytes) -> Iterator[bytes]:
        while data and not self._ended:
            yield from _inflated(self._inflater, data)
            if not self._inflater.eof:
                return
            data = self._inflater.unused_data
            if data:
                self._ended = not data.startswith(b"\x1f")
                self._inflater = zlib.decompressobj(31)


class _Deflate:
    """What HTTP calls deflate is zlib's format; some senders take the name at its word and send it raw."""

    def __init__(self) -> None:
        self._head = b""
        self._inflater: zlib._Decompress | None = None

    def pieces(self, data: bytes) -> Iterator[bytes]:
        if self._inflater is None:
            data = self._head = self._head + data
            if len(data) < 2:
                return
            is_zlib = data[0] & 15 == 8 and int.from_bytes(data[:2]) % 31 == 0
            self._inflater = zlib.decompressobj(15 if is_zlib else -15)
        yield from _inflated(self._inflater, data)


def _inflated(inflater: "zlib._Decompress", data: bytes) -> Iterator[bytes]:
    piece = b""
    while data or len(piece) == _PIECE:  # a piece that is full may have more behind it
        piece = inflater.decompress(data, _PIECE)
        data = inflater.unconsumed_tail
        if piece:
            yield piece


class _Brotli:
    def __init__(self) -> None:
        self._decompressor = brotli.Decompressor()

    def pieces(self, data: bytes) -> Iterator[bytes]:
        decompressor = self._decompressor
        if decompressor.is_finished():
            return
        piece = decompressor.process(data, output_buffer_limit=_PIECE)
        while piece:
            yield piece
            piece = decompressor.process(b"", output_buffer_limit=_PIECE)


class _Zstd:
    def __init__(self) -> None:
        zstd = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
        self._decompressor = zstd.decompressobj(write_size=_PIECE, read_across_frames=True)

    def pieces(self, data: bytes) -> Iterator[bytes]:
        for at in range(0, len(data), _ZSTD_SLICE):
            if piece := self._decompressor.decompress(data[at : at + _ZSTD_SLICE]):
                yield piece


_CODINGS: dict[str, Callable[[], _Stage]] = {
    "gzip": _Gzip,
    "x-gzip": _Gzip,
    "deflate": _Deflate,
    "br": _Brotli,
    "zstd": _Zstd,
}
