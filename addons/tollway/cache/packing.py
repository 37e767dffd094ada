"""Bodies are packed (zstd) where that pays; each thread has a packer of its own, which no two may share."""

from threading import local

import zstandard

from tollway.cache.fault import Damaged

WORTH = 0.9
"""What a body has to shrink to, to be kept packed."""
LEAST = 256
"""Bytes below which nothing shrinks by much."""
LEVEL = 3


class _Packers(local):
    def __init__(self) -> None:
        self.pack = zstandard.ZstdCompressor(level=LEVEL).compress
        self.unpack = zstandard.ZstdDecompressor().decompress


_here = _Packers()


def packed(body: bytes) -> bytes | None:
    """The body in less room; None: it does not pay."""
    if len(body) < LEAST:
        return None
    less = _here.pack(body)
    return less if len(less) < len(body) * WORTH else None


def unpacked(body: bytes, length: int) -> bytes:
    """The body as it was, which was of this length. Raises Damaged."""
    try:
        whole = _here.unpack(body, max_output_size=length)
    except zstandard.ZstdError:
        raise Damaged from None
    if len(whole) != length:
        raise Damaged
    return whole
