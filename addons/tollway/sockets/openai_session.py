"""Reads a socket on which OpenAI's Responses or its Realtime is spoken, or an xAI form of them.

A call begins with `response.create`, or unasked with `response.created`, and is over with its own terminal
event, which has its usage. Deltas are told by their type, and never parsed.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from tollway.model import Asked, Report
from tollway.sockets.calls import Call, Calls
from tollway.sockets.events import Event, How, Settings, Trouble
from tollway.sockets.gauges import KINDS as GAUGES
from tollway.sockets.gauges import gauges
from tollway.sockets.message import UNTOLD, Members, inside, metadata, opened, read, types, word
from tollway.wire.openai_answer import error_type
from tollway.wire.output_fields import Place
from tollway.wire.output_maximum import lowered

CREATE, CREATED, ERROR = "response.create", "response.created", "error"
_ENDS = {
    "response.completed": How.COMPLETED,
    "response.done": How.COMPLETED,
    "response.incomplete": How.INCOMPLETE,
    "response.failed": How.FAILED,
    "response.cancelled": How.CANCELLED,
}
"""What a terminal event says, unless the status of its response says otherwise."""
_STATUS = {
    "completed": How.COMPLETED,
    "incomplete": How.INCOMPLETE,
    "failed": How.FAILED,
    "cancelled": How.CANCELLED,
}
_KNOWN = (
    "response.", "session.", "conversation.", "input_audio_buffer.", "output_audio_buffer.", "input_text.",
    "transcription_session.", "rate_limits.", "mcp_list_tools.", "codex.", "ping", "pong", "keepalive",
)  # fmt: skip
"""How the types begin of messages that tell nothing of calls."""


class Form(Protocol):
    """What the two differ in."""

    operation: str

    def asked(self, content: bytes, found: Members, settings: Settings) -> Asked:
        """What a `response.create` asks for."""

    def unasked(self, settings: Settings) -> Asked:
        """What a call asks for that the server begins."""

    def mark(self, call: Call, found: Members) -> None:
        """Keep on a call how its answer, or its refusal, will be known."""

    def told(self, event: Members, settings: Settings) -> Report:
        """What a terminal event reports."""

    def noted(self, kinds: frozenset[str], found: Members) -> None:
        """A message from the client passes that asks for no call."""

    def stands(self, settings: Settings, kind: str, event: Members) -> Settings:
        """The session's settings once this event from the server was read."""

    def extra(
        self, calls: Calls, kind: str, event: Members, settings: Settings, at: int
    ) -> list[Event] | None:
        """What an event tells that only this form has; None: it has no such one."""

    def failed(self, calls: Calls, error: Members, lane: str | None) -> Call | None:
        """The call that an error ends, which waits no longer."""

    def refusal(self, call: Call | None, status: int, message: str, code: str) -> bytes:
        """The error event of a refusal."""

    def places(self, kinds: frozenset[str], found: Members) -> Iterable[Place]:
        """Where the client's message has an output maximum."""

    def texts(self, found: Members) -> Iterable[str]:
        """The texts of a message from the client that a model reads."""


class OpenAISession:
    """A `Session`."""

    def __init__(self, form: Form, settings: Settings, calls: Calls | None = None) -> None:
        """`calls`: those of the socket, where other readers have some, too."""
        self.unread = 0
        self._form, self._settings = form, settings
        self._calls = Calls() if calls is None else calls
        self._closed = False

    def feed(self, content: bytes, *, from_client: bool, at: int) -> Sequence[Event]:
        """Take the next message."""
        found = None if self._closed else opened(content)
        if found is None:
            self.unread += 1
            return ()
        return self._sent(content, found, at) if from_client else self._received(found, at)

    def refuse(self, call: int | None, status: int, message: str, code: str) -> bytes:
        """An `error` event that names what the client sent."""
        refused = None if call is None else self._calls.withdraw(call)
        return self._form.refusal(refused, status, message, code)

    def clamped(self, content: bytes, maximum: int) -> bytes:
        """The message with no output maximum above this one."""
        found = opened(content)
        if found is None:
            return content
        return lowered(content, self._form.places(types(content, found), found), maximum)

    def texts(self, content: bytes) -> Iterable[str]:
        """The texts that a model reads."""
        return self._form.texts(opened(content) or {})

    def close(self, at: int) -> Sequence[Event]:
        """The socket is closed."""
        self._closed = True
        return self._calls.cut(at)

    def _sent(self, content: bytes, found: Members, at: int) -> Sequence[Event]:
        kinds = types(content, found)
        if CREATE not in kinds and (UNTOLD not in kinds or len(kinds) == 1):
            self._form.noted(kinds, found)
            self.unread += not any(kind.startswith(_KNOWN) for kind in kinds)
            return ()
        asked = self._form.asked(content, found, self._settings)
        call, begun = self._calls.begin(at, self._form.operation, asked)
        self._form.mark(call, found)
        return [*self._calls.wait(call, at), begun]

    def _received(self, event: Members, at: int) -> Sequence[Event]:
        kind = word(event, "type") or UNTOLD
        if kind.endswith(".delta"):
            self._delta(kind, event)
            return ()
        if (take := self._telling(kind)) is not None:
            return take(kind, event, at)
        found = self._form.extra(self._calls, kind, event, self._settings, at)
        if found is None:
            self._settings = self._form.stands(self._settings, kind, event)
            self.unread += not kind.startswith(_KNOWN)
        return found or ()

    def _telling(self, kind: str) -> Callable[[str, Members, int], Sequence[Event]] | None:
        if kind == CREATED:
            return self._created
        if kind in _ENDS:
            return self._ended
        if kind == ERROR:
            return self._failed
        return self._gauges if kind in GAUGES else None

    def _delta(self, kind: str, event: Members) -> None:
        call = self._calls.named(word(event, "response_id")) or self._calls.only(word(event, "stream_id"))
        said = bytes(event.get("delta", b""))
        if call is None or not kind.startswith("response.") or not said.startswith(b'"'):
            return
        if kind.endswith("audio.delta"):
            call.sound += (len(said) - 2) * 3 // 4  # base64
        else:
            call.delivered.add(said[1:-1])

    def _created(self, kind: str, event: Members, at: int) -> Sequence[Event]:
        response = inside(event, "response")
        id = word(response, "id")
        if id is None:
            self.unread += 1
            return ()
        if self._calls.is_over(id) or self._calls.named(id) is not None:
            return ()
        return self._taken(id, event, response, at)[1]

    def _taken(self, id: str, event: Members, response: Members, at: int) -> tuple[Call, list[Event]]:
        """The call that an answer is to, which the server may have begun; and what that tells."""
        events: list[Event] = []
        call = self._calls.waiting(word(event, "stream_id"), metadata(response))
        if call is None:
            asked = self._form.unasked(self._settings)
            call, begun = self._calls.begin(at, self._form.operation, asked, by_server=True)
            call.lane = word(event, "stream_id")
            events = [begun]
        return call, [*events, *self._calls.answer(call, id, at)]

    def _ended(self, kind: str, event: Members, at: int) -> Sequence[Event]:
        response = inside(event, "response")
        id, events = word(response, "id"), list[Event]()
        call = self._calls.named(id) if id is not None else self._calls.only(word(event, "stream_id"))
        if call is None:
            if id is None or self._calls.is_over(id):
                self.unread += id is None
                return ()
            call, events = self._taken(id, event, response, at)
        how = _STATUS.get(word(response, "status") or "", _ENDS[kind])
        return [*events, self._calls.end(call, at, how, self._form.told(event, self._settings), call.id)]

    def _failed(self, kind: str, event: Members, at: int) -> Sequence[Event]:
        error = error_type(read(event)) or ERROR
        call = self._form.failed(self._calls, event, word(event, "stream_id"))
        if call is None:
            return [Trouble(at=at, error=error)]
        ended = self._calls.end(call, at, How.FAILED, Report(id=call.id, complete=True, error=error))
        return [Trouble(at=at, error=error, call=call.number), ended]

    def _gauges(self, kind: str, event: Members, at: int) -> Sequence[Event]:
        found = gauges(read(event), at)
        return () if found is None else [found]
