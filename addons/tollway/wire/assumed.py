"""Takes for used what a request asked for, where its answer does not say what was."""

from msgspec.structs import replace

from tollway.model import Report, Usage
from tollway.wire.dialect import Reader


class Assumed:
    """Reads an answer; what is assumed of it never counts as complete, so an error of it stays free."""

    def __init__(self, reader: Reader, billed: Usage | None) -> None:
        """`billed`: what the request alone tells."""
        self._reader, self._billed = reader, billed

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        self._reader.feed(data)

    def report(self) -> Report:
        """What is known so far, or assumed."""
        report = self._reader.report()
        if report.usage is not None or report.cost_nano is not None or report.error is not None:
            return report
        return replace(report, usage=self._billed, complete=report.complete and self._billed is None)

    def delivered(self) -> bytes:
        """The texts that came so far."""
        return self._reader.delivered()
