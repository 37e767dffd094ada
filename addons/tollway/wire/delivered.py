"""The texts that an answer has carried, kept for an estimate, in case no usage follows."""

import json

import orjson

LIMIT = 1024 * 1024
"""Bytes kept; of what comes after, only the number is known."""


class Delivered:
    """Collects what stands between the quotes of JSON strings; it is unescaped only if somebody asks."""

    __slots__ = ("_kept", "_limit", "size")

    def __init__(self, limit: int = LIMIT) -> None:
        self._kept = bytearray()
        self._limit = limit
        self.size = 0
        """Bytes of all strings, kept or not, still escaped."""

    def add(self, raw: bytes) -> None:
        """Take the inside of one string."""
        self.size += len(raw)
        if self.size <= self._limit:
            self._kept += raw

    def text(self) -> bytes:
        """The texts that were kept, one behind the other, as UTF-8."""
        quoted = b'"' + self._kept + b'"'
        try:
            return str(orjson.loads(quoted)).encode()
        except orjson.JSONDecodeError:  # half a surrogate pair, or no JSON at all
            return _lenient(quoted)


def _lenient(quoted: bytes) -> bytes:
    try:
        text = json.loads(quoted.decode("utf-8", "replace"), strict=False)
    except ValueError:
        return quoted[1:-1]
    return str(text).encode("utf-8", "replace")
