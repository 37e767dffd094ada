"""OpenAI's Realtime, Azure's forms of it, and xAI's: what is spoken is heard, written down, and answered.

Settings are the session's. Who falls silent is answered unasked; what was spoken may be written down by a
model of its own, which is a call of its own.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from tollway.model import Asked, Endpoint, Report
from tollway.sockets.calls import Call, Calls
from tollway.sockets.events import Event, How, Settings
from tollway.sockets.message import Members, inside, metadata, read, value, word
from tollway.sockets.openai_session import CREATE
from tollway.sockets.refusal import openai_error
from tollway.wire.counts import count
from tollway.wire.openai_answer import told
from tollway.wire.openai_transcriptions import transcribed
from tollway.wire.openai_usage import usage_of
from tollway.wire.output_fields import Place
from tollway.wire.session import plain
from tollway.wire.strings import strings

_WRITTEN = "conversation.item.input_audio_transcription.completed"
_HEARD = "input_audio_transcription"
_SETTINGS = (
    "session.created", "session.updated", "transcription_session.created", "transcription_session.updated",
)  # fmt: skip
_MAXIMA = ("max_output_tokens", "max_response_output_tokens")
"""The second is what the beta called it, and Azure's Voice Live does."""
_ASKING = frozenset({"conversation_already_has_active_response"})
"""Codes of errors that are about a `response.create`, though they may not name it."""


class Realtime:
    """A `Form`."""

    operation = "realtime"

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._errors = 0
        self._texts = 0
        """Items of text since an answer was last billed by its seconds."""

    def asked(self, content: bytes, found: Members, settings: Settings) -> Asked:
        """What it does not set, the session does."""
        response, standing = inside(found, "response"), self.unasked(settings)
        own = [count(value(response, name)) for name in _MAXIMA if name in response]
        most = max((n for n in own if n is not None), default=None)
        return replace(standing, max_output_tokens=most) if own else standing

    def unasked(self, settings: Settings) -> Asked:
        """As the session has it."""
        return Asked(
            model=settings.model or settings.served,
            stream=True,
            max_output_tokens=settings.max_output_tokens,
            session=settings.session,
        )

    def mark(self, call: Call, found: Members) -> None:
        """What the client calls its message, which errors repeat; and metadata, which the answer does."""
        call.mark = word(found, "event_id", 512)
        call.metadata = metadata(inside(found, "response"))

    def told(self, event: Members, settings: Settings) -> Report:
        """The response's usage; xAI has it beside the response, and bills seconds, and items of text."""
        response = inside(event, "response")
        usage = read(inside(response, "usage")) or read(inside(event, "usage"))
        used = usage_of(usage)
        if used is not None and (seconds := count(usage.get("billable_audio_seconds"))) is not None:
            used, self._texts = replace(used, seconds=seconds, requests=self._texts), 0
        said = {"id": value(response, "id"), "error": value(inside(response, "status_details"), "error")}
        return replace(told(Report(model=settings.served), said, used, usage), complete=True)

    def noted(self, kinds: frozenset[str], found: Members) -> None:
        """Items of text are counted, in case they are billed."""
        if "conversation.item.create" in kinds:
            self._texts += _is_text(inside(found, "item"))

    def stands(self, settings: Settings, kind: str, event: Members) -> Settings:
        """As the server confirms them."""
        if kind not in _SETTINGS:
            return settings
        session = inside(event, "session")
        new, old = inside(session, "audio", "input", "transcription"), inside(session, _HEARD)
        most = [count(value(session, name)) for name in _MAXIMA if name in session]
        return replace(
            settings,
            served=word(session, "model") or settings.served,
            transcriber=word(new, "model") or word(old, "model") or settings.transcriber,
            max_output_tokens=next((n for n in most if n is not None), None),
            session=plain(word(session, "id")) or settings.session,
        )

    def extra(
        self, calls: Calls, kind: str, event: Members, settings: Settings, at: int
    ) -> list[Event] | None:
        """What was spoken is written down: a call that is over as it begins.

        xAI says so while more is spoken, too; it and Azure's Voice Live report no usage.
        """
        if kind != _WRITTEN:
            return None
        item = f"{word(event, 'item_id')} {value(event, 'content_index')}"
        if word(event, "status") == "in_progress" or calls.is_over(item):
            return []
        report = transcribed(self._endpoint, Report(model=settings.transcriber), read(event))
        asked = Asked(model=settings.transcriber or settings.model, session=settings.session)
        call, begun = calls.begin(at, "transcription", asked, by_server=True)
        return [begun, calls.end(call, at, How.COMPLETED, replace(report, complete=True), item)]

    def failed(self, calls: Calls, error: Members, lane: str | None) -> Call | None:
        """The one that it names; of one that names none only what is said of no other message."""
        said = inside(error, "error")
        if (mark := word(said, "event_id", 512)) is not None:
            return calls.marked(mark)
        about = (word(said, "param") or "").startswith("response") or word(said, "code") in _ASKING
        return calls.waiting() if about else None

    def refusal(self, call: Call | None, status: int, message: str, code: str) -> bytes:
        """It names the client's message."""
        self._errors += 1
        about = None if call is None else call.mark
        return openai_error(status, message, code, {"event_id": f"event_tollway_{self._errors}"}, about)

    def places(self, kinds: frozenset[str], found: Members) -> Iterable[Place]:
        """In what a call asks for, and in what holds for those that set none themselves."""
        if CREATE in kinds:
            yield Place(within=(("response",),), names=_MAXIMA[:1], also=_MAXIMA[1:])
        session = inside(found, "session")
        if "session.update" in kinds and word(session, "type") != "transcription":
            names = _MAXIMA if "type" in session else _MAXIMA[::-1]  # which the beta did not have
            yield Place(within=(("session",),), names=names[:1], also=names[1:])

    def texts(self, found: Members) -> Iterable[str]:
        """Instructions, tools, items."""
        response, session = inside(found, "response"), inside(found, "session")
        return strings(
            *(value(one, name) for one in (session, response) for name in ("instructions", "tools", "input")),
            value(found, "item"),
        )


def _is_text(item: Members) -> bool:
    """Whether xAI bills the item: it does all of the client's, but for sound, and what a tool answered.
    https://docs.x.ai/developers/models/speech-to-speech"""
    content = value(item, "content")
    parts = content if isinstance(content, list) else ()
    kinds = {str(part.get("type")) for part in parts if isinstance(part, dict)}
    return word(item, "type") != "function_call_output" and not kinds & {"input_audio", "audio"}
