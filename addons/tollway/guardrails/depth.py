"""How many strings of JSON, one in another, a place in a text is in: what is put there needs so many escapes.

A text that is not JSON may look like it up to some place, such as code: there it is taken for what it looks
like. `{"body": "{\\"to\\": \\"` ends in two.
"""

import re

from tollway.guardrails.inside import NESTED

_PLAIN = re.compile(r'[^"\\]+')
_ESCAPE = re.compile(r'\\(?:(["\\/bfnrt])|u([0-9a-fA-F]{4}))')
_ESCAPE_BEGUN = re.compile(r"\\(?:u[0-9a-fA-F]{0,3})?")
_SPACE = re.compile(r"[ \t\r\n]+")
_SCALAR = re.compile(r"[-+.0-9A-Za-z]+")
_SCALARS = re.compile(r"true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_MEANS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_VALUE, _KEY, _COLON, _BEHIND = "value", "key", "colon", "behind"
"""What comes next outside of strings; `behind` a value, a comma or a bracket."""
_CLOSES = {"}": "{", "]": "["}


class Depth:
    """Of the end of one text, which comes in pieces cut anywhere. Takes time in proportion to it."""

    def __init__(self, json: bool = False, level: int = 0) -> None:
        """`json`: it is JSON, whatever it looks like; else only what is an object or a list is.
        `level`: how many texts it is in."""
        self._json = json
        self._level = level
        self._broken = level > NESTED
        self._open = list[str]()
        self._next = _VALUE
        self._scalar = ""
        self._held = ""  # of an escape
        self._in_string = False
        self._inside: Depth | None = None  # what the string says; None: it is a key

    @property
    def strings(self) -> int:
        """So many."""
        if self._broken or not self._in_string:
            return int(self._json)
        return 1 + (self._inside.strings if self._inside is not None else 0)

    def feed(self, text: str) -> None:
        """The next piece."""
        text, self._held = self._held + text, ""
        at = 0
        while at < len(text) and not self._broken:
            at = self._within(text, at) if self._in_string else self._outside(text, at)

    def _within(self, text: str, at: int) -> int:
        """What comes next in a string; where that ends."""
        if plain := _PLAIN.match(text, at):
            self._said(plain[0])
            return plain.end()
        if text[at] == '"':
            self._in_string, self._inside = False, None
            self._next = _COLON if self._next is _KEY else _BEHIND
            return at + 1
        if escape := _ESCAPE.match(text, at):
            sign, code = escape.groups()
            self._said(_MEANS.get(sign, sign) if sign else chr(int(code, 16)))
            return escape.end()
        if _ESCAPE_BEGUN.fullmatch(text, at):
            self._held = text[at:]
        else:
            self._broken = True
        return len(text)

    def _said(self, text: str) -> None:
        if self._inside is not None:
            self._inside.feed(text)

    def _outside(self, text: str, at: int) -> int:
        """What comes next outside of strings; where that ends."""
        if scalar := _SCALAR.match(text, at):
            self._scalar += scalar[0]
            self._broken = self._next is not _VALUE or not self._may_be_all
            return scalar.end()
        if self._scalar:
            self._broken = _SCALARS.fullmatch(self._scalar) is None
            self._scalar, self._next = "", _BEHIND
        if space := _SPACE.match(text, at):
            return space.end()
        self._sign(text[at])
        return at + 1

    @property
    def _may_be_all(self) -> bool:
        """Whether what is no object and no list may be here."""
        return self._json or bool(self._open)

    def _sign(self, sign: str) -> None:
        within, follows = self._open[-1] if self._open else "", self._next
        if sign == '"' and (follows is _KEY or (follows is _VALUE and self._may_be_all)):
            self._in_string = True
            self._inside = None if follows is _KEY else Depth(level=self._level + 1)
        elif sign in "{[" and follows is _VALUE:
            self._open.append(sign)
            self._next = _KEY if sign == "{" else _VALUE
        elif sign in "}]" and _CLOSES[sign] == within and follows is not _COLON:
            self._open.pop()
            self._next = _BEHIND
        elif sign == ":" and follows is _COLON:
            self._next = _VALUE
        elif sign == "," and follows is _BEHIND and within:
            self._next = _KEY if within == "{" else _VALUE
        else:
            self._broken = True
