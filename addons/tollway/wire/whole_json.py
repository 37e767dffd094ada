"""A JSON answer that comes in one piece: parsed once, or, if it is huge, only looked into at both ends."""

import re
from collections.abc import Mapping
from typing import Any

import orjson

from tollway.wire.members import members

LIMIT = 4 * 1024 * 1024
"""Bytes up to which an answer is kept and parsed."""
END = 256 * 1024
"""Bytes kept of either end of a longer one."""

_TRIES = 32  # places in the tail that may be a member's start; each costs a parse


class WholeJson:
    """Keeps the bytes of one JSON object, and says what its members are.

    Beyond `limit` only its head and its tail are kept, and only `wanted` members are found, if they are
    whole in there: embeddings and images fill the middle, usage stands at either end.
    """

    def __init__(self, wanted: tuple[str, ...], limit: int = LIMIT, end: int = END) -> None:
        self._wanted = wanted
        self._limit, self._end = limit, end
        self._parts: list[bytes] = []
        self._tail: bytearray | None = None  # once there is more than the limit
        self._size = 0
        self._known: tuple[int, Mapping[str, Any], bool] | None = None

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        self._size += len(data)
        if self._tail is not None:
            self._tail += data
            if len(self._tail) > 2 * self._end:
                del self._tail[: -self._end]
            return
        self._parts.append(data)
        if self._size > self._limit:
            body = b"".join(self._parts)
            self._parts, self._tail = [body[: self._end]], bytearray(body[-self._end :])

    def object(self) -> Mapping[str, Any]:
        """The members known so far: all of them, or of a huge or unfinished object the wanted ones."""
        return self._read()[0]

    def complete(self) -> bool:
        """The object's end was seen."""
        return self._read()[1]

    def _read(self) -> tuple[Mapping[str, Any], bool]:
        if self._known is None or self._known[0] != self._size:
            self._known = (self._size, *self._look())
        return self._known[1:]

    def _look(self) -> tuple[Mapping[str, Any], bool]:
        head = b"".join(self._parts)
        if self._tail is not None:
            return self._head_members(head)[0] | self._tail_members(), self._tail.rstrip().endswith(b"}")
        try:
            value = orjson.loads(head)
        except orjson.JSONDecodeError:  # cut off, or nested deeper than it parses
            return self._head_members(head)
        return (value, True) if isinstance(value, dict) else ({}, True)

    def _head_members(self, head: bytes) -> tuple[dict[str, Any], bool]:
        """The wanted members at the start, and whether the object is whole."""
        found: dict[str, Any] = {}
        try:
            for member in members(head):
                if member.key in self._wanted:
                    found |= _parsed(b"{" + head[member.start : member.end] + b"}")
        except ValueError:
            return found, False
        return found, True

    def _tail_members(self) -> dict[str, Any]:
        """The wanted members at the end.

        Where an opening brace and the bytes from a key on are an object, that key is a top-level one: a
        nested one leaves a brace too many, and one inside a string has its quotes escaped.
        """
        assert self._tail is not None
        tail = bytes(self._tail)
        start = re.compile(b"|".join(b'"' + re.escape(w.encode()) + rb'"\s*+:' for w in self._wanted))
        found: dict[str, Any] = {}
        for match in [*start.finditer(tail)][: -_TRIES - 1 : -1]:
            if value := _parsed(b"{" + tail[match.start() :]):
                found = {k: v for k, v in value.items() if k in self._wanted}
        return found


def _parsed(text: bytes) -> dict[str, Any]:
    """The object; an empty one if it is none."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}
