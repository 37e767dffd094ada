"""The strings of a JSON text, and its long numbers, with where each stands: found without parsing it."""

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

DIGITS = 9
"""A number of so many digits may be a card's or a person's."""
DEEPEST = 1_000
"""Levels of containers that are followed."""

STRING = rb'"(?:[^"\\]++|\\.)*+"'
LONG_NUMBER = rb"(?<![\d.eE-])\d{%d,}+(?![\d.eE])" % DIGITS
_TOKEN = re.compile(rb"(" + STRING + rb")|([{}\[\],:])|" + LONG_NUMBER, re.DOTALL)


class What(Enum):
    """What a literal is."""

    KEY = "key"
    STRING = "string"
    NUMBER = "number"


class Literal(NamedTuple):
    """One of them."""

    path: tuple[str | int, ...]
    """Keys as they are written, indices from 0. A key stands at its object's path."""
    start: int
    end: int
    """Bytes, without the quotes."""
    what: What


def literals(body: bytes) -> Iterator[Literal]:
    """All of them, in their order, keys too.

    Raises ValueError where brackets do not fit together: what came before it was found. What stands between
    tokens is not looked at, so that a body which no reader takes may pass as one.
    """
    at = _Place()
    for token in _TOKEN.finditer(body):
        mark = token[2]
        if mark is None:
            quotes = token[1] is not None
            start, end = token.start() + quotes, token.end() - quotes
            if at.expects_key:
                yield Literal(at.key(body[start:end]), start, end, What.KEY)
            else:
                yield Literal(tuple(at.path), start, end, What.STRING if quotes else What.NUMBER)
        else:
            at.pass_mark(mark, token.start())
    if at.inside:
        raise ValueError("it is cut off")


class _Place:
    """Where in its containers a token stands."""

    def __init__(self) -> None:
        self.path = list[str | int]()
        self.inside = list[bytes]()
        self.expects_key = False

    def key(self, raw: bytes) -> tuple[str | int, ...]:
        """The path of the object that this is a key of."""
        self.path[-1] = raw.decode("utf-8", "replace")
        return tuple(self.path[:-1])

    def pass_mark(self, mark: bytes, at: int) -> None:
        """A bracket, comma or colon; `at`: its byte, for errors."""
        if mark in _CLOSES:
            self._open(mark)
        elif mark in b"}]":
            if not self.inside or _CLOSES[self.inside.pop()] != mark:
                raise ValueError(f"byte {at} closes what is not open")
            self.path.pop()
            self.expects_key = False
        elif mark == b"," and self.inside and self.inside[-1] == b"[":
            self.path[-1] = int(self.path[-1]) + 1
        else:
            self.expects_key = mark == b"," and bool(self.inside)

    def _open(self, mark: bytes) -> None:
        if len(self.inside) == DEEPEST:
            raise ValueError(f"nested deeper than {DEEPEST}")
        self.inside.append(mark)
        self.expects_key = mark == b"{"
        self.path.append("" if self.expects_key else 0)


_CLOSES = {b"{": b"}", b"[": b"]"}
