"""HTTP/2 header blocks (RFC 7541), written and checked with a fraction of the work of h2's own parts.

hpack indexes each header that it writes, those of one message only too (lengths, dates, ids); they push out
what comes again, so that most of a block is written out, and Huffman-coded, each time. And h2 looks at
each byte of each header that it receives, one by one.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import h2.stream
from h2.utilities import CONNECTION_HEADERS, HeaderValidationFlags, validate_headers
from hpack import Encoder, NeverIndexedHeaderTuple
from hpack.hpack import encode_integer
from hpack.table import HeaderTable

Header = tuple[bytes, bytes]

LITERAL, NEVER_INDEXED, INDEXED = 0x00, 0x10, 0x80
"""First bits of a field (RFC 7541, section 6): written out; written out, by all on the way; in the table."""


class Compressor(Encoder):
    """Indexes a header when it comes a second time running; everything else is written out as it is."""

    def __init__(self, table_size: int) -> None:
        """`table_size`: bytes of headers that the peer remembers."""
        super().__init__()
        self.header_table_size = table_size
        self._last: frozenset[Header] = frozenset()
        self._known: dict[Header, bytes] = {}
        """What is in the tables, as it is written."""

    def encode(self, headers: Iterable[Any], huffman: bool = False) -> bytes:
        """The block of these headers, pairs of bytes. What must never be indexed is not. No Huffman codes."""
        headers, parts = [*headers], []
        if self.table_size_changes:
            self._known.clear()
            parts.append(self._encode_table_size_change())
        for header in headers:
            if type(header) is NeverIndexedHeaderTuple:
                parts.append(_written_out(header, NEVER_INDEXED))
            else:
                parts.append(self._known.get(header) or self._new(header))
        self._last = frozenset(headers)
        return b"".join(parts)

    def _new(self, header: Header) -> bytes:
        if (index := _STATIC.get(header)) is not None:
            known = self._known[header] = _integer(index, 7, INDEXED)
            return known
        if header not in self._last:
            return _written_out(header, LITERAL)
        encoded = self.add((header[0], header[1]), sensitive=False)
        first = HeaderTable.STATIC_TABLE_LENGTH + 1
        entries = reversed([*enumerate(self.header_table.dynamic_entries, first)])
        self._known = {entry: _integer(index, 7, INDEXED) for index, entry in entries}
        return encoded


_STATIC = {header: index for index, header in reversed([*enumerate(HeaderTable.STATIC_TABLE, 1)])}


def _written_out(header: Header, kind: int) -> bytes:
    name, value = header
    size = len(value)
    return _name(name, kind) + (bytes((size,)) if size < 127 else _integer(size, 7, 0)) + value


@lru_cache(maxsize=512)
def _name(name: bytes, kind: int) -> bytes:
    """A field's name, by its index where it has one."""
    if (known := HeaderTable.STATIC_TABLE_MAPPING.get(name)) is not None:
        return _integer(known[0], 4, kind)
    return bytes((kind,)) + _integer(len(name), 7, 0) + name


def _integer(number: int, bits: int, first: int) -> bytes:
    field = encode_integer(number, bits)
    field[0] |= first
    return bytes(field)


_NAME = re.compile(rb":?[!-9;-@\[-~]++")
_VALUE = re.compile(rb"(?![ \t])[^\0\r\n]*+(?<![ \t])")
_UNUSUAL = frozenset({*CONNECTION_HEADERS, b"te", b"host"})
_REQUEST = {b":method", b":scheme", b":authority", b":path"}


def with_quick_checks() -> None:
    """Have h2 check header blocks so, for this process."""
    stream: Any = h2.stream
    stream.validate_headers = _checked


def _checked(headers: Iterable[Header], flags: HeaderValidationFlags) -> Iterable[Header]:
    """As h2's check, which has the last word on all that is not plainly sound."""
    headers = [*headers]
    return headers if is_plain(headers, flags) else validate_headers(headers, flags)


def is_plain(headers: list[Header], flags: HeaderValidationFlags) -> bool:
    """Whether this is a request or an answer as most are, with which h2 (RFC 9113, section 8.2) agrees."""
    names = [name for name, _ in headers]
    if flags.is_trailer or flags.is_push_promise or not _UNUSUAL.isdisjoint(names):
        return False
    own = 1 if flags.is_response_header else 4
    pseudo = {b":status"} if flags.is_response_header else _REQUEST
    if {*names[:own]} != pseudo or any(name[:1] == b":" for name in names[own:]):
        return False
    if (b":method", b"CONNECT") in headers or (b":path", b"") in headers:
        return False
    return all(_NAME.fullmatch(name) and _VALUE.fullmatch(value) for name, value in headers)
