"""Adds to what an answer reports what its request alone told: characters spoken, seconds of video."""

from collections.abc import Mapping

from msgspec.structs import replace

from tollway.model import Report, Usage
from tollway.wire.dialect import Reader


class Foretold:
    """Reads an answer that costs what was asked for, once it came whole and is no error."""

    def __init__(self, reader: Reader, billed: Usage | None, headers: Mapping[str, str]) -> None:
        """`billed`: what was asked for; where the answer counts the same, the answer holds.

        `headers`: the answer's. Not every error says in its body that it is one.
        """
        self._reader = reader
        self._billed = billed if headers.get(":status", "200").startswith("2") else None

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        self._reader.feed(data)

    def report(self) -> Report:
        """What is known so far."""
        report = self._reader.report()
        if self._billed is None or not report.complete or report.error is not None:
            return report
        reported = {} if report.usage is None else report.usage.known()
        return replace(report, usage=Usage(**{**self._billed.known(), **reported}))

    def delivered(self) -> bytes:
        """The texts that came so far."""
        return self._reader.delivered()
