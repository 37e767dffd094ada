"""Reads an answer that is a text and nothing else: it reports no usage."""

from tollway.model import Report

LIMIT = 1024 * 1024
"""Bytes that are kept."""


class PlainText:
    """All of it is what the model wrote."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._kept = bytearray()

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        self._kept += data[: self._limit - len(self._kept)]

    def report(self) -> Report:
        """Nothing, ever: a text has no end that can be told."""
        return Report()

    def delivered(self) -> bytes:
        """The text so far."""
        return bytes(self._kept)
