"""How a call on a socket ended, in the terms of HTTP: a status, a reader that has read all, an error."""

from msgspec import Struct
from msgspec.structs import replace

from tollway.model import Report, Usage
from tollway.settlement import SWITCHED
from tollway.sockets.events import Ended, How

TOKEN = 2_400
"""Bytes of sound that OpenAI counts as a token: 50 ms (https://platform.openai.com/docs/guides/realtime-costs)
of 16 bits, 24,000 times a second. Others count alike."""


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
        reader=Told(_sounding(end), end.delivered),
        status=SWITCHED if has_begun or end.how is not How.CUT else None,
        error=(end.report.error or "failed") if is_refused else None,
        cut=end.how is How.CUT,
    )


def _sounding(end: Ended) -> Report:
    """What was reported; of an answer that broke off, for an estimate, the sound that came of it."""
    tokens = -(-end.sound // TOKEN)
    if not tokens or end.report.usage is not None or end.report.complete:
        return end.report
    return replace(end.report, usage=Usage(output_tokens=tokens, output_audio_tokens=tokens))
