"""A JSON array that is streamed element by element (Gemini without `alt=sse`), read as its bytes come by."""

import re

LIMIT = 16 * 1024 * 1024
"""Bytes of one element; a longer one is dropped, and the array read on."""

# Possessive: neither ever backtracks, so a chunk costs one pass.
_STRING_BODY = rb'[^"\\]*+(?:\\.[^"\\]*+)*+'
_TO_BRACKET = re.compile(rb'(?:[^"{}\[\]]++|"' + _STRING_BODY + rb'")*+', re.DOTALL)
_TO_QUOTE = re.compile(_STRING_BODY, re.DOTALL)

_QUOTE, _BRACE = b'"{'
_OPEN = frozenset(b"{[")


class JsonArray:
    """Cuts the objects out of an array; the same ones however its bytes are cut.

    An object that stands alone (an error, say) is read like an array of one. Elements that are no
    objects are skipped. Nothing is checked beyond brackets and strings: parse what you get.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._parts: list[bytes] = []  # of the element that is not finished
        self._size = 0  # bytes of it so far, kept or not
        self._depth = 0  # open brackets, the element's own included; 0: between elements
        self._in_string = False
        self._escaped = False  # the bytes before ended in a string's backslash

    def feed(self, data: bytes) -> list[bytes]:
        """Take the next bytes and return the elements they finish."""
        found: list[bytes] = []
        start = 0
        at = self._bracket(data, 0)
        while at < len(data):
            if self._depth:
                self._depth += 1 if data[at] in _OPEN else -1
                if not self._depth:
                    found += self._finish(data[start : at + 1])
            elif data[at] == _BRACE:
                self._depth, start = 1, at
            at = self._bracket(data, at + 1)
        if self._depth:
            self._keep(data[start:])
        return found

    def _bracket(self, data: bytes, at: int) -> int:
        """Where the next bracket outside of strings is; the end if there is none."""
        while at < len(data):
            if self._in_string:
                at = self._string_end(data, at)
                continue
            match = _TO_BRACKET.match(data, at)
            assert match is not None  # it matches nothing, too
            at = match.end()
            if at == len(data) or data[at] != _QUOTE:
                return at
            self._in_string = True
            at += 1
        return at

    def _string_end(self, data: bytes, at: int) -> int:
        """Behind the string's closing quote; the end if the string goes on."""
        match = _TO_QUOTE.match(data, at + self._escaped)
        assert match is not None  # it matches nothing, too
        at = match.end()
        self._in_string = at == len(data) or data[at] != _QUOTE
        self._escaped = self._in_string and at < len(data)  # at a backslash that is the last byte
        return len(data) if self._in_string else at + 1

    def _keep(self, piece: bytes) -> None:
        self._size += len(piece)
        self._parts.append(piece)
        if self._size > self._limit:
            self._parts.clear()

    def _finish(self, piece: bytes) -> list[bytes]:
        self._keep(piece)
        element = [b"".join(self._parts)] if self._size <= self._limit else []
        self._parts, self._size = [], 0
        return element
