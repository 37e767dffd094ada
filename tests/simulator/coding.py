"""Content codings in both directions: whole request bodies, and answers piece by piece."""

import zlib
from collections.abc import Callable, Iterable, Iterator

import brotli
import zstandard


def decode(body: bytes, coding: str) -> bytes:
    """A body without its codings (`gzip, zstd` is undone from the right). Raises ValueError."""
    for name in reversed([part.strip().lower() for part in coding.split(",") if part.strip()]):
        if name not in DECODERS:
            raise ValueError(f"content-encoding: unknown coding {name!r}")
        try:
            body = DECODERS[name](body)
        except (zlib.error, brotli.error, zstandard.ZstdError, EOFError) as error:
            raise ValueError(f"the body is not {name}: {error}") from error
    return body


def encode(pieces: Iterable[bytes], coding: str) -> Iterator[bytes]:
    """The pieces coded one by one, each flushed so that it can be read at once; the coding's end last."""
    feed, finish = ENCODERS[coding]()
    for piece in pieces:
        yield feed(piece)
    yield finish()


def accepts(header: str | None, coding: str) -> bool:
    """Whether an Accept-Encoding header allows the coding (absent: no)."""
    for part in (header or "").lower().split(","):
        name, _, parameters = part.partition(";")
        if name.strip() in (coding, "*"):
            return parameters.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def _unzstd(body: bytes) -> bytes:
    reader = zstandard.ZstdDecompressor().decompressobj(read_across_frames=True)
    return reader.decompress(body)


def _inflate(body: bytes) -> bytes:
    """`deflate` is zlib's format; some send the bare one."""
    try:
        return zlib.decompress(body)
    except zlib.error:
        return zlib.decompress(body, -15)


DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "identity": bytes,
    "gzip": lambda body: zlib.decompress(body, 31),
    "x-gzip": lambda body: zlib.decompress(body, 31),
    "deflate": _inflate,
    "br": lambda body: bytes(brotli.decompress(body)),
    "zstd": _unzstd,
}

type Encoder = tuple[Callable[[bytes], bytes], Callable[[], bytes]]


def _zlib(wbits: int) -> Encoder:
    coder = zlib.compressobj(level=1, wbits=wbits)
    return (lambda piece: coder.compress(piece) + coder.flush(zlib.Z_SYNC_FLUSH)), coder.flush


def _br() -> Encoder:
    coder = brotli.Compressor(quality=1)
    return (lambda piece: bytes(coder.process(piece) + coder.flush())), (lambda: bytes(coder.finish()))


def _zstd() -> Encoder:
    coder = zstandard.ZstdCompressor(level=1).compressobj()
    block = zstandard.COMPRESSOBJ_FLUSH_BLOCK
    return (lambda piece: coder.compress(piece) + coder.flush(block)), coder.flush


ENCODERS: dict[str, Callable[[], Encoder]] = {
    "gzip": lambda: _zlib(31),
    "deflate": lambda: _zlib(15),
    "br": _br,
    "zstd": _zstd,
}
