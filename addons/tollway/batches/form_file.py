"""The file in a multipart form (RFC 7578), handed on as the form's bytes come by; other fields, as texts."""

import re
from collections.abc import Mapping

_BOUNDARY = re.compile(r';\s*boundary=(?:"([^"]{1,200})"|([^\s;,"]{1,200}))', re.IGNORECASE)
_NAME = re.compile(rb'^content-disposition:[^\r\n]*?;[ \t]*name="([^"\r\n]*)"', re.IGNORECASE | re.MULTILINE)
_FILE = re.compile(rb"^content-disposition:[^\r\n]*?;[ \t]*filename\*?=", re.IGNORECASE | re.MULTILINE)
_CODED = re.compile(
    rb"^content-transfer-encoding[ \t]*:(?![ \t]*(?:7bit|8bit|binary)[ \t]*\r?$)",
    re.IGNORECASE | re.MULTILINE,
)
"""A part that some readers decode (Go's do), and others take as it is: nobody knows what it says."""
_REST = re.compile(rb"--|[ \t]{0,64}\r\n")
"""Behind a boundary: the form's end, or the end of the line."""
_MAYBE = re.compile(rb"-?\Z|[ \t]{0,64}\r?\Z")
"""What may become that."""

LONGEST_HEAD = 16_384
LONGEST_FIELD = 1_024
MOST_FIELDS = 64
"""Bytes of a part's head and of a field, and fields, that are read."""


class FormFile:
    """One form. It holds back no more than a head, or a boundary, may be long."""

    def __init__(self, media_type: str) -> None:
        """`media_type`: of the body, with its boundary; without one, or with several of which nobody knows
        which its reader takes, there is nothing to be found."""
        found = _BOUNDARY.findall(media_type)
        mark = (found[0][0] or found[0][1]).encode("utf-8", "replace") if found else b""
        self._delimiter = b"\r\n--" + mark
        self._buffer = b"\r\n"
        """Not handed on yet. The first boundary stands in the first line."""
        self._ended = len(found) != 1
        self._in_head = False
        self._name: str | None = None
        """Of the field that is being read; None: of none."""
        self._in_file = False
        self._skip = 0
        """Bytes of the empty line that ends a head: a boundary may begin with them."""
        self._fields: dict[str, bytes] = {}
        self._parts = self._files = 0
        self._is_whole = False
        """The form's own end was read."""

    @property
    def is_one_file(self) -> bool:
        """Whether the form was read to its end, and has a file in it and nothing else."""
        return self._is_whole and self._parts == self._files == 1

    @property
    def fields(self) -> Mapping[str, str]:
        """The beginnings of the fields that are no files, by name."""
        return {name: value.decode("utf-8", "replace") for name, value in self._fields.items()}

    def feed(self, data: bytes) -> bytes:
        """Take the next bytes, and return those of the file that are among them."""
        found = []
        self._buffer += data
        while not self._ended:
            before = len(self._buffer)
            piece = self._head() if self._in_head else self._content()
            if piece:
                found.append(piece)
            if len(self._buffer) == before:
                break
        if self._ended:
            self._buffer = b""
        return b"".join(found)

    def _head(self) -> bytes:
        """Read a part's head, once it is whole."""
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            self._ended = len(self._buffer) > LONGEST_HEAD
            return b""
        head, self._buffer = b"\r\n" + self._buffer[:end], self._buffer[end + 2 :]
        self._in_head = False
        name = _NAME.search(head)
        self._in_file = _FILE.search(head) is not None
        self._parts, self._files = self._parts + 1, self._files + self._in_file
        self._ended = _CODED.search(head) is not None
        is_field = name is not None and not self._in_file and len(self._fields) < MOST_FIELDS
        self._name = name[1].decode("utf-8", "replace") if name and is_field else None
        if self._name is not None:
            self._fields[self._name] = b""
        self._skip = 2
        return b""

    def _content(self) -> bytes:
        """Hand on what stands before a boundary, or may not begin one."""
        at = self._buffer.find(self._delimiter)
        if at < 0:
            return self._take(max(0, len(self._buffer) - len(self._delimiter) + 1))
        end = at + len(self._delimiter)
        if (rest := _REST.match(self._buffer, end)) is not None:
            piece = self._take(at)
            self._buffer = self._buffer[rest.end() - at :]
            self._ended = self._is_whole = rest[0] == b"--"
            self._in_head, self._in_file, self._name = True, False, None
            return piece
        if _MAYBE.match(self._buffer, end):
            return self._take(at)
        return self._take(at + 1)  # it only begins like one

    def _take(self, length: int) -> bytes:
        """So many bytes of what is being read."""
        piece, self._buffer = self._buffer[:length], self._buffer[length:]
        skipped = min(self._skip, len(piece))
        piece, self._skip = piece[skipped:], self._skip - skipped
        if self._name is not None:
            kept = self._fields[self._name]
            self._fields[self._name] = (kept + piece)[:LONGEST_FIELD]
        return piece if self._in_file else b""
