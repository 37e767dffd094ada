"""The entries of a HAR, cut out of its bytes as they come by: `{"log": {"entries": [...]}}`."""

import re
from collections.abc import Callable

from tollway.recorded.nest import Nest

LONGEST = 128 * 2**20
"""Bytes of one entry; a longer one is told, and dropped."""

_LONGEST_KEY = 16
_SHALLOW = re.compile(rb'[^"{}\[\],:]*+')
_BETWEEN = re.compile(rb"[\s,]*+")
_SCALAR = re.compile(rb"[^\s,\]]*+")
_OPENS = frozenset(b'"{[')
_WAY = (b'"log"', b'"entries"')
"""The keys that lead to the entries."""


class Entries:
    """Finds the entries, and nothing else; the same ones however the bytes are cut.

    Only brackets and strings are looked at: an entry may be no JSON all the same.
    """

    def __init__(self, longest: int = LONGEST) -> None:
        self._longest = longest
        self._nest = Nest()
        self._step: Callable[[bytes, int], int] = self._outside
        self._level = 0  # objects that are open on the way to the entries
        self._key = b""
        self._key_next = False
        self._parts: list[bytes] = []  # of the entry that is not whole
        self._size = 0
        self._found: list[bytes | None] = []
        self.begun = False
        """The array of entries was reached."""
        self.ended = False
        """The array, or the whole file, was closed."""

    @property
    def inside(self) -> bool:
        """An entry has begun that is not whole."""
        return self._size > 0

    def feed(self, data: bytes) -> list[bytes | None]:
        """Take the next bytes, and return the entries that they finish; None for one that is too long."""
        at = 0
        while at < len(data) and not self.ended:
            at = self._step(data, at)
        found, self._found = self._found, []
        return found

    def _outside(self, data: bytes, at: int) -> int:
        """Among the members of the file or of its log."""
        match = _SHALLOW.match(data, at)
        assert match is not None  # it matches nothing, too
        at = match.end()
        if at < len(data):
            self._turn(data[at : at + 1])
        return at + 1

    def _turn(self, mark: bytes) -> None:
        if mark == b"{" and (self._level == 0 or (self._level == 1 and self._key == _WAY[0])):
            self._level, self._key_next = self._level + 1, True
        elif mark == b"[" and self._level == 2 and self._key == _WAY[1]:
            self.begun, self._step = True, self._between
        elif mark == b'"' and self._key_next:
            self._key, self._step = b'"', self._in_key
            self._nest.begin(mark[0])
        elif mark in (b'"', b"{", b"["):
            self._step = self._skip
            self._nest.begin(mark[0])
        elif mark in (b",", b":"):
            self._key_next = mark == b","
        elif mark == b"}":
            self._level -= 1
            self.ended = self._level <= 0

    def _in_key(self, data: bytes, at: int) -> int:
        end = self._nest.end(data, at)
        self._key += data[at : len(data) if end is None else end][:_LONGEST_KEY]
        return self._back(data, end)

    def _skip(self, data: bytes, at: int) -> int:
        """In a value that has no entries."""
        return self._back(data, self._nest.end(data, at))

    def _back(self, data: bytes, end: int | None) -> int:
        if end is None:
            return len(data)
        self._step = self._outside
        return end

    def _between(self, data: bytes, at: int) -> int:
        match = _BETWEEN.match(data, at)
        assert match is not None  # it matches nothing, too
        at = match.end()
        if at == len(data):
            return at
        if data[at : at + 1] == b"]":
            self.ended = True
        elif data[at] in _OPENS:
            self._nest.begin(data[at])
            self._keep(data[at : at + 1])
            self._step = self._in_entry
        else:
            self._step = self._in_scalar
            return at
        return at + 1

    def _in_entry(self, data: bytes, at: int) -> int:
        end = self._nest.end(data, at)
        self._keep(data[at:end])
        if end is None:
            return len(data)
        self._finish()
        return end

    def _in_scalar(self, data: bytes, at: int) -> int:
        """In something that is no entry: a number, null, or what stays of damage."""
        match = _SCALAR.match(data, at)
        assert match is not None  # it matches nothing, too
        self._keep(data[at : match.end()])
        if match.end() < len(data):
            self._finish()
        return match.end()

    def _keep(self, piece: bytes) -> None:
        self._size += len(piece)
        self._parts.append(piece)
        if self._size > self._longest:
            self._parts.clear()

    def _finish(self) -> None:
        self._found.append(b"".join(self._parts) if self._size <= self._longest else None)
        self._parts, self._size = [], 0
        self._step = self._between
