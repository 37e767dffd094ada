"""Where a JSON value ends whose start was seen, found without parsing it, as its bytes come by."""

import re

# Possessive: none of these ever backtracks, so a chunk costs one pass, and flat objects (headers) one step.
_STRING_BODY = rb'[^"\\]*+(?:\\.[^"\\]*+)*+'
_PLAIN = rb'[^"{}\[\]]++|"' + _STRING_BODY + rb'"'
_FLAT = rb"[{\[](?:" + _PLAIN + rb")*+[}\]]"
_TO_BRACKET = re.compile(rb"(?:" + _PLAIN + rb"|" + _FLAT + rb")*+", re.DOTALL)
_TO_QUOTE = re.compile(_STRING_BODY, re.DOTALL)

_QUOTE = ord('"')
_OPEN = frozenset(b"{[")


class Nest:
    """Follows a string, or brackets in brackets, over any number of chunks. One value at a time."""

    def __init__(self) -> None:
        self._depth = 0
        self._in_string = False
        self._escaped = False  # the bytes before ended in a string's backslash

    def begin(self, byte: int) -> None:
        """A value begins with this byte: a quote or an opening bracket."""
        self._in_string = byte == _QUOTE
        self._depth = 0 if self._in_string else 1

    def end(self, data: bytes, at: int) -> int | None:
        """Behind the value's last byte; None if it goes on. There is a byte at `at`."""
        while True:
            if self._in_string:
                at = self._string_end(data, at)
                if self._in_string:
                    return None
                if not self._depth:
                    return at
            match = _TO_BRACKET.match(data, at)
            assert match is not None  # it matches nothing, too
            at = match.end()
            if at == len(data):
                return None
            if data[at] == _QUOTE:
                self._in_string = True
            else:
                self._depth += 1 if data[at] in _OPEN else -1
                if not self._depth:
                    return at + 1
            at += 1

    def _string_end(self, data: bytes, at: int) -> int:
        """Behind the string's closing quote; the end if the string goes on."""
        match = _TO_QUOTE.match(data, at + self._escaped)
        assert match is not None  # it matches nothing, too
        at = match.end()
        self._in_string = at == len(data) or data[at] != _QUOTE
        self._escaped = self._in_string and at < len(data)  # at a backslash that is the last byte
        return len(data) if self._in_string else at + 1
