"""OpenAI's speech: a text goes, a sound comes, in bytes or as a stream of events."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from msgspec.structs import replace

from tollway.model import Asked, Endpoint, Report, Usage
from tollway.wire import openai_request as request
from tollway.wire.assumed import Assumed
from tollway.wire.counts import part, text
from tollway.wire.dialect import Reader
from tollway.wire.form_values import flag
from tollway.wire.framing import Events
from tollway.wire.object_answer import ObjectAnswer
from tollway.wire.openai_answer import told
from tollway.wire.openai_error import error
from tollway.wire.openai_usage import usage_of
from tollway.wire.strings import strings
from tollway.wire.typed_stream import TypedStream, types

_END = "speech.audio.done"
_TYPES = types("type", deltas="", written="text", telling=_END)
_NO_SOUND = ("text/", "application/json", "application/problem+json", "application/xml")
_WANTED = ("id", "model", "usage", "error", "object", "type")
_LIMIT = 64 * 1024
"""Bytes that are parsed of an object: a sound in it is base64."""


class OpenAISpeech:
    """The dialect.

    A stream of events ends with its tokens. Bytes report nothing: there the characters of the request are
    billed, as for models that are priced by the character (tts-1). For a model that is priced by the token
    (gpt-4o-mini-tts) the book takes the dearest known price of a character: about twice what it costs.
    """

    def read_request(self, endpoint: Endpoint, body: Mapping[str, Any]) -> Asked:
        """What the request asks for."""
        characters = sum(map(len, _spoken(body.get("input"))))
        return Asked(
            model=request.model(endpoint, body),
            stream=flag(body, "stream") or text(body, "stream_format") == "sse",
            session=request.session(body),
            billed=Usage(characters=characters) if characters else None,
        )

    def texts(self, body: Mapping[str, Any]) -> Iterable[str]:
        """What is to be said, and how."""
        return [*_spoken(body.get("input")), *strings(body.get("instructions"))]

    def reader(self, endpoint: Endpoint, asked: Asked, headers: Mapping[str, str]) -> Reader:
        """A reader for events, for bytes, or for an object, by what the answer says it is."""
        kind = headers.get("content-type", "").strip().lower()
        if kind.startswith("text/event-stream"):
            return TypedStream(Events(), _TYPES, partial(_streamed, asked.billed))
        if not kind or kind.startswith(_NO_SOUND):
            return Assumed(ObjectAnswer(_whole, _WANTED, limit=_LIMIT), asked.billed)
        return Sound(asked.billed)

    def error(self, status: int, message: str, code: str) -> bytes:
        """OpenAI's shape."""
        return error(status, message, code)


def _spoken(given: object) -> Iterable[str]:
    """What is to be said: a text, or (OpenRouter) a list of turns, each with a voice."""
    for turn in given if isinstance(given, list) else [given]:
        said = turn.get("text") if isinstance(turn, dict) else turn
        if isinstance(said, str):
            yield said


class Sound:
    """An answer that is a sound: what was asked for is billed once it comes."""

    def __init__(self, billed: Usage | None) -> None:
        self._report = Report(usage=billed, complete=True)

    def feed(self, data: bytes) -> None:
        """Take the next bytes, which say nothing."""

    def report(self) -> Report:
        """All that ever will be known."""
        return self._report

    def delivered(self) -> bytes:
        """Nothing: a sound is no text."""
        return b""


def _streamed(billed: Usage | None, report: Report, event: Mapping[str, Any]) -> Report:
    """What is known once this event was read, too."""
    usage = part(event, "usage")
    ends = bool(usage) or event.get("type") == _END
    report = told(report, event, usage_of(usage) or (billed if ends else None), usage)
    return replace(report, complete=True) if ends or report.error else report


def _whole(answer: Mapping[str, Any]) -> Report:
    usage = part(answer, "usage")
    return told(Report(), answer, usage_of(usage), usage)
