"""Reads a stream whose messages each say their type: only the few that tell something are parsed."""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import orjson

from tollway.model import Report
from tollway.wire.delivered import Delivered
from tollway.wire.framing import Framing

# Behind a member's name: its string, whose inside is a group. Quotes inside a string are escaped, so no text
# of a model has a member in it.
_INSIDE = rb'"\s*+:\s*+"([^"\\]*+(?:\\.[^"\\]*+)*+)"'
_ERROR = b'"error"'


class Types(NamedTuple):
    """How a format says what a message is."""

    named: re.Pattern[bytes]
    """Finds a message's type, as a group: the first member of that name says it."""
    deltas: frozenset[bytes]
    """Types that carry what the model wrote."""
    written: re.Pattern[bytes]
    """Finds it in them, as a group each."""
    telling: frozenset[bytes]
    """Types that are parsed, and b"", for messages without a type. What has an error is parsed, too."""


def types(member: str, deltas: str, written: str, telling: str) -> Types:
    """The types of a format, each name parted from the next by a blank; `member` has a message's type.

    `written`: the members of the deltas whose text the model wrote.
    """
    return Types(
        re.compile(b'"' + member.encode() + rb'"\s*+:\s*+"([\w.-]++)"'),
        frozenset(deltas.encode().split()),
        re.compile(b'"(?:' + written.encode().replace(b" ", b"|") + b")" + _INSIDE),
        frozenset(telling.encode().split()) | {b""},
    )


class TypedStream:
    """Reads a stream."""

    def __init__(
        self,
        framing: Framing,
        types: Types,
        tell: Callable[[Report, Mapping[str, Any]], Report],
        enough: Callable[[Report], bool] = bool,
    ) -> None:
        """`tell`: what is known, once a message of a telling type was read, too.

        Deltas are told as well, until `enough` is known: some formats name the model there alone.
        """
        self._framing, self._types, self._tell, self._enough = framing, types, tell, enough
        self._delivered = Delivered()
        self._report = Report()

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        known = self._types
        for message in self._framing.feed(data):
            found = known.named.search(message)
            kind = found[1] if found else b""
            if kind in known.deltas:
                for written in known.written.findall(message):
                    self._delivered.add(written)
                if self._enough(self._report):
                    continue
            if kind in known.deltas or kind in known.telling or _ERROR in message:
                self._report = self._after(message)

    def report(self) -> Report:
        """What is known so far; a last message counts though nothing has closed it."""
        rest = self._framing.rest()
        return self._after(rest) if rest else self._report

    def delivered(self) -> bytes:
        """Texts, thoughts and the arguments of calls so far."""
        return self._delivered.text()

    def _after(self, message: bytes) -> Report:
        try:
            value = orjson.loads(message)
        except orjson.JSONDecodeError:
            return self._report
        return self._tell(self._report, value) if isinstance(value, dict) else self._report
