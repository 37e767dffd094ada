"""A call on a socket, as the steps of the road know calls: from the message that asks for it."""

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from tollway.budget.amounts import Unit
from tollway.exchange import Exchange, begun_anew
from tollway.hooks.recognise import call_id
from tollway.model import Asked, Kind, Report, Usage
from tollway.sockets.events import Begun, Ended, How
from tollway.wire import DIALECTS
from tollway.wire.request_body import parsed

RESPONSES = "openai_responses"
"""Whose messages are bodies of requests over HTTP, with an envelope around."""
ENVELOPE = frozenset({"type", "event_id", "stream_id", "generate"})
JSON = "application/json"
TOKEN = 2_400
"""Bytes of sound that OpenAI counts as a token: 50 ms (https://platform.openai.com/docs/guides/realtime-costs)
of 16 bits, 24,000 times a second. Others count alike."""
SWITCHED = 101
"""The status that the client got from its provider: of the socket's opening."""


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


def begun(opened: Exchange, call: Begun, content: bytes, slice: Mapping[Unit, int]) -> Exchange:
    """The call as it begins, with the message that asks for it. `opened`: its socket; `slice`: what hard
    limits hold where its message does not bound it."""
    made = _new(opened, call.at, call.operation, call.asked, b"" if call.by_server else content)
    model = call.asked.model
    is_body = opened.endpoint.socket == RESPONSES and not call.by_server
    members = parsed(content, JSON) if is_body else None
    if members is None:
        made.slice, made.parsed = slice, {"model": model} if model else {}
        return made
    made.dialect, made.media_type = DIALECTS[RESPONSES], JSON
    made.parsed = {"model": model} | {key: value for key, value in members.items() if key not in ENVELOPE}
    return made


def said(opened: Exchange, at: int, content: bytes) -> Exchange:
    """A message that asks for nothing, and is not to leave."""
    return _new(opened, at, opened.endpoint.operation, Asked(), content)


def _new(opened: Exchange, at: int, operation: str, asked: Asked, content: bytes) -> Exchange:
    endpoint = replace(opened.endpoint, kind=Kind.INFERENCE, operation=operation)
    return begun_anew(opened, call_id(at), at).with_(
        endpoint=endpoint,
        asked=asked if asked.session is not None else replace(asked, session=opened.session),
        body=content,
        request_bytes=len(content),
        response_bytes=0,
        findings=(),
        refused=False,
        error=None,
        left=False,
        status=None,
        first_byte_us=None,
        socket=None,
        settled=False,
        finished=False,
    )


def sounding(end: Ended) -> Report:
    """What was reported; of an answer that broke off, for an estimate, the sound that came of it."""
    tokens = -(-end.sound // TOKEN)
    if not tokens or end.report.usage is not None or end.report.complete:
        return end.report
    return replace(end.report, usage=Usage(output_tokens=tokens, output_audio_tokens=tokens))


def ended(call: Exchange, end: Ended) -> bool:
    """What is known of the call now that it ended; whether it was cut.

    What the provider refused before it answered, and what never was passed on, costs nothing.
    """
    has_answered = end.first is not None or end.report.usage is not None
    call.reader = Told(sounding(end), end.delivered)
    call.first_byte_us = end.first
    call.status = SWITCHED if has_answered or end.how is How.FAILED else None
    if end.how is How.FAILED and not has_answered:
        call.left, call.error = False, call.error or end.report.error or "failed"
    return end.how is How.CUT
