"""Putting back into an answer what was taken out of its request, while it comes.

A placeholder may be cut anywhere between two pieces, so the beginning of one is held back until it is known
whether it is one: never more than that, and nothing while there is none. In which case its letters are does
not matter: models change that, and no two placeholders differ in nothing else.
"""

import json
import re
from bisect import bisect_left
from collections.abc import Mapping

from tollway.guardrails.depth import Depth

_ANY_CASE = re.IGNORECASE | re.ASCII
_HALF = re.compile("[\ud800-\udfff]")


class Restoring:
    """One text, fed in pieces cut anywhere. Takes time in proportion to it, however many values there are."""

    ended = False
    """A text is never ended here: who scans one may do that."""

    def __init__(self, taken: Mapping[str, str], quoted: bool = False, nested: bool = False) -> None:
        """`taken`: values by their placeholders, of which none is the beginning of another.
        `quoted`: the text is JSON, and values are written into strings of it. `nested`: what looks like JSON
        in it, and in its strings, is."""
        self._plain = {one.lower(): value for one, value in taken.items()}
        self._values = {one: _quoted(value) if quoted else value for one, value in self._plain.items()}
        told = nested and any(_quoted(value) != value for value in taken.values())
        self._depth = Depth(quoted) if told else None
        self._ordered = sorted(self._plain)
        self._sizes = sorted(set(map(len, taken)))
        self._begin = _common(self._ordered[0], self._ordered[-1]) if taken else ""
        self._begins = re.compile(re.escape(self._begin), _ANY_CASE)
        self._first = re.compile(re.escape(self._begin[:1]), _ANY_CASE)
        self._held = ""

    def feed(self, text: str) -> str:
        """What can be said of the text so far. Values are not looked at again, whatever they say."""
        if not self._values:
            return text
        if not self._held and self._first.search(text) is None:
            self._passed(text)
            return text
        text = self._held + text
        parts, at = list[str](), 0
        begun = self._begins.search(text)
        while begun is not None:
            place = begun.start()
            for size in self._sizes:
                if (one := _lower(text[place : place + size])) in self._values:
                    self._passed(text[at : place + size])
                    parts += (text[at:place], self._value(one))
                    at = place + size
                    break
            after = max(at, place + 1)
            begun = self._begins.search(text, after) if after < len(text) else None
        free = self._free(text, at)
        self._held = text[free:]
        self._passed(text[at:free])
        return "".join([*parts, text[at:free]])

    def end(self) -> str:
        """The rest: the beginning of a placeholder is a text like any other."""
        rest, self._held = self._held, ""
        return rest

    def _passed(self, text: str) -> None:
        if self._depth is not None:
            self._depth.feed(text)

    def _value(self, one: str) -> str:
        """What is put in the place of a placeholder, which was passed."""
        if self._depth is None:
            return self._values[one]
        value = self._plain[one]
        for _ in range(self._depth.strings):
            value = _quoted(value)
        return value

    def _free(self, text: str, at: int) -> int:
        """Up to where it is no beginning of a placeholder."""
        for begun in self._first.finditer(text, max(at, len(text) - self._sizes[-1] + 1)):
            if self._begins_one(_lower(text[begun.start() :])):
                return begun.start()
        return len(text)

    def _begins_one(self, text: str) -> bool:
        next_one = bisect_left(self._ordered, text)
        return next_one < len(self._ordered) and self._ordered[next_one].startswith(text)


def _lower(text: str) -> str:
    """In small letters, where all are ASCII's: some others become these in another case."""
    return text.lower() if text.isascii() else text


def _common(one: str, other: str) -> str:
    """What both begin with."""
    size = 0
    while one[size : size + 1] == other[size : size + 1] != "":
        size += 1
    return one[:size]


def _quoted(value: str) -> str:
    """As it stands between the quotes of JSON. Halves of surrogate pairs, which no bytes say, are escaped."""
    return _HALF.sub(lambda half: f"\\u{ord(half[0]):04x}", json.dumps(value, ensure_ascii=False)[1:-1])
