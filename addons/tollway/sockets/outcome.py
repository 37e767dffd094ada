"""How a call on a socket ended, in the terms of HTTP: a status, a reader that has read all, an error."""

from msgspec import Struct

from tollway.model import Report
from tollway.settlement import SWITCHED
from tollway.sockets.events import Ended, How


class Told(Struct, frozen=True):
    """What a socket said of a call: a `wire.dialect.Reader` of which all is read."""

    said: Report
    texts: bytes

    def feed(self, data: bytes) -> None:
        """Nothing more comes."""

    def report(self) -> Report:
        """What its last event reported."""
        return self.said

    def delivered(self) -> bytes:
        """The texts that came."""
        return self.texts


class Outcome(Struct, frozen=True, kw_only=True):
    """What is known of a call now that it ended."""

    reader: Told
    status: int | None
    """That of the socket's opening, once anything was said of the call; None: nothing was."""
    error: str | None
    """Why the provider did not take it up: it costs nothing then."""
    cut: bool


def outcome(end: Ended) -> Outcome:
    """What the provider refused before it answered costs nothing."""
    has_begun = end.first is not None or end.report.usage is not None
    is_refused = end.how is How.FAILED and not has_begun
    return Outcome(
        reader=Told(end.report, end.delivered),
        status=SWITCHED if has_begun or end.how is not How.CUT else None,
        error=(end.report.error or "failed") if is_refused else None,
        cut=end.how is How.CUT,
    )
