"""A body as one text, to be searched at once: a line for each of its texts, behind the key that it stands at.

`password: hunter2` is found by who knows what stands at such a key, wherever a body has the two. It takes a
twentieth of the time of `leaves`, which says where texts are, and is only asked once there is something.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence

import orjson
from msgspec import Struct

from tollway.guardrails.escapes import KEPT, decoded
from tollway.guardrails.inside import SHORTEST, file_from, is_json, is_opaque, json_in, text_of
from tollway.guardrails.literals import LONG_NUMBER, STRING

_TOKEN = re.compile(b"(" + STRING + rb")([ \t\r\n]*+:[ \t\r\n]*+)?|" + LONG_NUMBER, re.DOTALL)


class Flat(Struct, frozen=True):
    """One text of all, and where each begins and ends in it: in the order of `leaves`, files left out."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    unread: int
    """Files that are no text."""

    def places(self, start: int, end: int) -> list[tuple[int, int, int]]:
        """Of what was found: the number of the text that it ends in, and where it is in that. Nothing: it is
        in none, such as between two.

        What is over more than a key and a value is in each of them: of too many findings, the last goes on to
        the end.
        """
        last = bisect_right(self.starts, end - 1) - 1
        if last < 0 or start >= self.ends[last]:
            return []
        first = bisect_right(self.starts, start) - 1
        numbers = range(max(first, 0), last + 1) if last > first + 1 else (last,)
        places = (
            (number, max(start - self.starts[number], 0), min(end, self.ends[number]) - self.starts[number])
            for number in numbers
        )
        return [place for place in places if place[1] < place[2]]


def flat(body: bytes) -> Flat:
    """The texts of a body; one that is no JSON is one text."""
    lines = _Lines()
    lines.take(body, 0)
    return Flat("".join(lines.parts), lines.starts, lines.ends, lines.unread)


class _Lines:
    """The lines so far."""

    def __init__(self) -> None:
        self.parts = list[str]()
        self.starts, self.ends = list[int](), list[int]()
        self.unread = 0
        self._at = 0

    def take(self, body: bytes, level: int) -> None:
        """All texts of a body."""
        if not is_json(body):
            return self._text(body.decode("utf-8", KEPT), "\n", SHORTEST)
        key, value_at = "", -1
        tokens = [*_TOKEN.finditer(body)]
        for token, text in zip(tokens, _texts(tokens), strict=True):
            if token[2] is not None:
                key, value_at = text, token.end()
                self._text(text, ": ", len(token[1]) - 2)
            else:
                own = key if token.start() == value_at else 0
                size = SHORTEST if token[1] is None else len(token[1]) - 2
                self._value(text, own, size, level)
        return None

    def _value(self, text: str, key: str | int, size: int, level: int) -> None:
        if size < SHORTEST:
            self._text(text, "\n", size)
        elif level == 0 and is_opaque(text, key):
            return
        elif (start := file_from(text, key)) is not None:
            inside = text_of(text[start:])
            if inside is None:
                self.unread += 1
            else:
                self._text(inside, "\n", SHORTEST)
        elif (inner := json_in(text, level)) is not None:
            self.parts.append("\n")
            self._at += 1
            self.take(inner, level + 1)
        else:
            self._text(text, "\n", size)

    def _text(self, text: str, then: str, size: int) -> None:
        if size >= SHORTEST:
            self.starts.append(self._at)
            self.ends.append(self._at + len(text))
        self.parts += (text, then)
        self._at += len(text) + len(then)


def _texts(tokens: Sequence["re.Match[bytes]"]) -> list[str]:
    """What tokens say: all read at once, where any reader takes them."""
    try:
        found = orjson.loads(b"[" + b",".join([token[1] or b'"%s"' % token[0] for token in tokens]) + b"]")
    except orjson.JSONDecodeError:
        return [decoded(token[1][1:-1] if token[1] else token[0]) for token in tokens]
    return list(found)
