"""A JSON array that is streamed element by element, cut without losing a byte; or one object alone."""

import re

from tollway.guardrails.answers.json_message import dumped
from tollway.guardrails.answers.said import Message
from tollway.guardrails.answers.unit import Unit
from tollway.wire.json_array import LIMIT, JsonArray

_BETWEEN = re.compile(rb"[\[, \t\r\n]*+")
_END = ord("]")


class Array:
    """Cuts one body."""

    def __init__(self, limit: int = LIMIT) -> None:
        """`limit`: bytes of one element: a longer one is passed on unread."""
        self._limit = limit
        self._elements = JsonArray(limit)
        self._held = bytearray()  # what is not passed on
        self._alone: bool | None = None  # the body is an object; None: it has not begun

    def feed(self, chunk: bytes) -> list[Unit]:
        """The elements that the next bytes finish, and what stands between them. Of an object, nothing."""
        self._held += chunk
        if self._alone is None and (opening := self._held.lstrip()[:1]):
            self._alone = opening == b"{"
            chunk = bytes(self._held)
        if self._alone is not False:
            return []
        found = [self._unit(element) for element in self._elements.feed(chunk)]
        return found + self._between()

    def rest(self) -> Unit:
        """The object; or what is left of an array that is cut off."""
        raw = bytes(self._held)
        return Unit(raw, raw) if self._alone else Unit(raw)

    def write(self, message: Message) -> bytes:
        """One more element; behind an object, nothing."""
        return b"" if self._alone else b",\r\n" + dumped(message)

    def close(self) -> bytes:
        """The end of the array."""
        return b"" if self._alone else b"\n]\n"

    def _unit(self, element: bytes) -> Unit:
        held = self._held
        start = held.find(element)
        raw, head = bytes(held[: start + len(element)]), bytes(held[:start])
        del held[: start + len(element)]
        return Unit(raw, element, head)

    def _between(self) -> list[Unit]:
        """What stands outside of elements need not wait; nor does what is too long."""
        held, match = self._held, _BETWEEN.match(self._held)
        assert match is not None  # it matches nothing, too
        start = match.end()
        ends = start < len(held) and held[start] == _END
        if not held or (start < len(held) and not ends and len(held) - start <= self._limit):
            return []
        raw = bytes(held)
        held.clear()
        return [Unit(raw, ends=ends)]
