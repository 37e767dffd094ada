"""Mistral's sound: what it hears, and what it speaks."""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from tollway.model import Asked, Endpoint, Report, Usage
from tollway.wire.counts import part, text
from tollway.wire.dialect import Reader
from tollway.wire.foretold import Foretold
from tollway.wire.framing import Events
from tollway.wire.mistral_error import error
from tollway.wire.object_answer import ObjectAnswer
from tollway.wire.openai_answer import told
from tollway.wire.openai_usage import usage_of
from tollway.wire.strings import strings
from tollway.wire.typed_stream import TypedStream, types

_TYPES = types(
    "type", deltas="transcription.text.delta", written="text", telling="transcription.done speech.audio.done"
)
_ENDS = frozenset({"transcription.done", "speech.audio.done"})
_YES = frozenset({True, "true", "True", "1"})
_WANTED = ("model", "usage", "text", "object", "error")
_LIMIT = 256 * 1024
"""Bytes that are parsed of an answer: what was spoken stands in it as base64."""


class MistralTranscription:
    """The dialect of `/v1/audio/transcriptions`: its usage has the seconds that it heard."""

    def read_request(self, endpoint: Endpoint, body: Mapping[str, Any]) -> Asked:
        """What the request asks for, of a form or of JSON."""
        stream = body.get("stream")
        return Asked(model=text(body, "model"), stream=isinstance(stream, str | bool) and stream in _YES)

    def texts(self, body: Mapping[str, Any]) -> Iterable[str]:
        """None: sound is no text."""
        return ()

    def reader(self, endpoint: Endpoint, asked: Asked, headers: Mapping[str, str]) -> Reader:
        """A reader for a stream or an object, as was asked; a refused stream is an object."""
        if asked.stream and "json" not in headers.get("content-type", "").lower():
            return TypedStream(Events(), _TYPES, _streamed)
        return ObjectAnswer(_whole, _WANTED, lambda answer: (answer.get("text"),))

    def error(self, status: int, message: str, code: str) -> bytes:
        """Mistral's shape."""
        return error(status, message, code)


class MistralSpeech(MistralTranscription):
    """The dialect of `/v1/audio/speech`: a stream ends with its usage, an object has the sound alone."""

    def read_request(self, endpoint: Endpoint, body: Mapping[str, Any]) -> Asked:
        """What the request asks for; the characters to speak are what is billed."""
        asked = super().read_request(endpoint, body)
        spoken = body.get("input")
        return replace(asked, billed=Usage(characters=len(spoken)) if isinstance(spoken, str) else None)

    def texts(self, body: Mapping[str, Any]) -> Iterable[str]:
        """What it is to say."""
        return strings(body.get("input"))

    def reader(self, endpoint: Endpoint, asked: Asked, headers: Mapping[str, str]) -> Reader:
        """As for a transcription; the request tells the characters."""
        if asked.stream and "json" not in headers.get("content-type", "").lower():
            return Foretold(TypedStream(Events(), _TYPES, _streamed), asked.billed, headers)
        return Foretold(ObjectAnswer(_whole, _WANTED, limit=_LIMIT), asked.billed, headers)


def _streamed(report: Report, event: Mapping[str, Any]) -> Report:
    """What is known once this event was read: the last one has the usage."""
    usage = part(event, "usage")
    report = told(report, event, usage_of(usage), usage)
    ends = text(event, "type") in _ENDS or report.error is not None
    return replace(report, complete=True) if ends else report


def _whole(answer: Mapping[str, Any]) -> Report:
    usage = part(answer, "usage")
    return told(Report(), answer, usage_of(usage), usage)
