"""OpenAI's transcriptions and translations: a sound goes, in a form, and a text comes."""

import math
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from msgspec.structs import replace

from tollway.model import Asked, Endpoint, Report, Usage
from tollway.wire import openai_request as request
from tollway.wire.assumed import Assumed
from tollway.wire.counts import MOST, part
from tollway.wire.dialect import Reader
from tollway.wire.form_values import flag
from tollway.wire.framing import Events
from tollway.wire.object_answer import ObjectAnswer
from tollway.wire.openai_answer import Answer, Tell, told
from tollway.wire.openai_error import error
from tollway.wire.openai_usage import usage_of
from tollway.wire.plain_text import PlainText
from tollway.wire.sound_length import billed_seconds
from tollway.wire.strings import strings
from tollway.wire.typed_stream import TypedStream, types

_END = "transcript.text.done"
_TYPES = types("type", deltas="transcript.text.delta", written="delta", telling=_END)
_WANTED = ("id", "model", "usage", "duration", "text", "error", "object", "type")
_LEAST = 10  # seconds


class OpenAITranscriptions:
    """The dialect.

    Tokens or seconds are billed, as the usage says, else the duration of a verbose answer, a begun second
    counted whole. An answer with neither (text, subtitles, Groq's) is billed by the length of the file; no
    provider reported that, so such a cost is an estimate.
    """

    def read_request(self, endpoint: Endpoint, body: Mapping[str, Any]) -> Asked:
        """What the request asks for: mostly a form, at some routers JSON."""
        sound = body.get("file")
        seconds = billed_seconds(sound) if isinstance(sound, bytes) else None
        return Asked(
            model=request.model(endpoint, body),
            stream=flag(body, "stream"),
            session=request.session(body),
            billed=None if seconds is None else Usage(seconds=_at_least(seconds, endpoint)),
        )

    def texts(self, body: Mapping[str, Any]) -> Iterable[str]:
        """The prompt: a sound is no text."""
        return strings(body.get("prompt"))

    def reader(self, endpoint: Endpoint, asked: Asked, headers: Mapping[str, str]) -> Reader:
        """A reader for an object, for events, or for plain text, whichever comes."""
        tell = partial(transcribed, endpoint)
        events = asked.stream or "event-stream" in headers.get("content-type", "")
        return Assumed(
            Answer(
                lambda: TypedStream(Events(), _TYPES, partial(_streamed, tell)) if events else PlainText(),
                lambda: ObjectAnswer(partial(tell, Report()), _WANTED, lambda answer: (answer.get("text"),)),
            ),
            asked.billed,
        )

    def error(self, status: int, message: str, code: str) -> bytes:
        """OpenAI's shape."""
        return error(status, message, code)


def _streamed(tell: Tell, report: Report, event: Mapping[str, Any]) -> Report:
    """What is known once this event was read: the last one has the usage."""
    known = tell(report, event)
    return replace(known, complete=True) if event.get("type") == _END or known.error else known


def transcribed(endpoint: Endpoint, report: Report, message: Mapping[str, Any]) -> Report:
    """What is known once this message of the answer was read; Realtime's transcriptions report alike."""
    usage = part(message, "usage")
    used = usage_of(usage)
    seconds = _seconds(usage.get("seconds"))
    if used is None and seconds is None:
        seconds = _seconds(message.get("duration"))
    if seconds is not None:
        used = replace(used or Usage(), seconds=_at_least(seconds, endpoint))
    return told(report, message, used, usage)


def _seconds(value: object) -> int | None:
    """The value, which some write as text, as begun seconds; None if it is no length of time."""
    try:
        length = float(value) if isinstance(value, str | int | float) else math.nan
    except (ValueError, OverflowError):
        return None
    return math.ceil(length) if 0 <= length <= MOST and not isinstance(value, bool) else None


def _at_least(seconds: int, endpoint: Endpoint) -> int:
    return max(seconds, _LEAST) if "ten_seconds_least" in endpoint.habits else seconds
