"""A file of recorded traffic: which kind it is, by its first bytes, and its entries in their order."""

import codecs
from collections.abc import Callable, Iterator
from itertools import chain
from typing import BinaryIO, Protocol

from tollway.errors import TollwayError
from tollway.recorded.entries import Entries
from tollway.recorded.exchange import Damaged, Entry
from tollway.recorded.netstrings import Netstrings
from tollway.wire.coding import decoder

CHUNK = 2**20
"""Bytes read at a time."""
INFLATED = 2**40
"""Bytes that a compressed file may have inside."""

_ZLIB = {bytes([0x78, level]): "deflate" for level in b"\x01\x5e\x9c\xda"}
_CODINGS = {b"\x1f\x8b": "gzip", b"\x28\xb5": "zstd", **_ZLIB}
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_SPACE = b" \t\r\n"
_OTHERS = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"PK\x03\x04", "a ZIP archive (unpack it first)"),
    (b"%PDF", "a PDF"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\n\r\r\n", "a packet capture"),
    (b"\xd4\xc3\xb2\xa1", "a packet capture"),
    (b"<", "HTML or XML"),
)


NO_HAR = "is JSON, but no HAR: it has no log.entries"
NEITHER = "is neither a HAR nor a file of mitmproxy's flows"


class Cutter(Protocol):
    """Cuts a file into the texts of its entries."""

    @property
    def inside(self) -> bool:
        """An entry has begun that is not whole."""

    def feed(self, data: bytes) -> list[bytes | None]:
        """The entries that the next bytes finish; None for one that is too long."""


class Recording:
    """The entries of a file. Reading them raises TollwayError if it is damaged as a whole."""

    def __init__(self, file: BinaryIO) -> None:
        self.note: str | None = None
        """Once all was read: what is wrong with the file beside its entries."""
        self._file = file
        self._number = 0  # of the entries so far

    def __iter__(self) -> Iterator[Entry]:
        chunks = _decoded(iter(lambda: self._file.read(CHUNK), b""))
        head = next((chunk for chunk in chunks if chunk.strip(_SPACE)), b"")
        start = head.lstrip(_SPACE)[:16]
        chunks = chain((head,), chunks)
        if start[:1] == b"{":
            return self._har(chunks)
        if start[:1].isdigit():
            return self._flows(chunks)
        raise TollwayError(_no_recording(start))

    def _har(self, chunks: Iterator[bytes]) -> Iterator[Entry]:
        from tollway.recorded.har import read

        cutter = Entries()
        yield from self._entries(chunks, cutter, read)
        if not cutter.begun:
            raise TollwayError(NO_HAR if cutter.ended else "breaks off before its entries")
        if cutter.inside:
            yield Damaged(reason="breaks off: the file ends in it")
        elif not cutter.ended:
            self.note = f"breaks off after {self._number} {'entry' if self._number == 1 else 'entries'}"

    def _flows(self, chunks: Iterator[bytes]) -> Iterator[Entry]:
        # mitmproxy takes a while to import, and a HAR needs nothing of it.
        from tollway.recorded.flows import read

        cutter = Netstrings()
        yield from self._entries(chunks, cutter, read)
        if not self._number and not cutter.measured:
            raise TollwayError(NEITHER)
        if cutter.broken:
            yield Damaged(reason="is no flow, nor can any behind it be found")
        elif cutter.inside:
            yield Damaged(reason="breaks off: the file ends in it")

    def _entries(
        self, chunks: Iterator[bytes], cutter: Cutter, read: Callable[[bytes], Entry]
    ) -> Iterator[Entry]:
        for chunk in chunks:
            for text in cutter.feed(chunk):
                self._number += 1
                yield read(text) if text is not None else Damaged(reason="is too long")


def _no_recording(start: bytes) -> str:
    """What is wrong with a file that begins so."""
    if not start:
        return "is empty, or not compressed as it begins"
    if start[:1] == b"[":
        return NO_HAR
    what = next((f": it is {name}" for magic, name in _OTHERS if start.startswith(magic)), "")
    return f"{NEITHER}{what}"


def _decoded(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The bytes without compression (`.har.gz`, mitmproxy's `.zhar`), in UTF-8, without its mark."""
    head = next(chunks, b"")
    decoding = decoder(_CODINGS.get(head[:2], ""), INFLATED)
    assert decoding is not None
    pieces = (piece for chunk in chain((head,), chunks) for piece in decoding.pieces(chunk) if piece)
    head = next(pieces, b"")
    if (encoding := _UTF16.get(head[:2])) is not None:
        texts = codecs.iterdecode(chain((head[2:],), pieces), encoding, "replace")
        yield from (text.encode("utf-8", "replace") for text in texts)
    else:
        yield head.removeprefix(codecs.BOM_UTF8)
        yield from pieces
