"""Reads a socket on which OpenAI's Live is spoken: the voice is one call, billed by the second.

What each usage tells is of the whole session so far. What the voice delegates to Responses are calls of their
own, whose events come wrapped.
"""

import math
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from tollway.model import Asked, Endpoint, Report, Usage
from tollway.sockets.calls import Call, Calls
from tollway.sockets.events import Ended, Event, How, Settings, Trouble
from tollway.sockets.message import Members, inside, opened, read, types, value, word
from tollway.sockets.openai_session import CREATE, ERROR, OpenAISession
from tollway.sockets.refusal import openai_error
from tollway.sockets.responses import Responses
from tollway.wire.counts import MOST
from tollway.wire.openai_answer import error_type
from tollway.wire.output_fields import Place
from tollway.wire.output_maximum import lowered
from tollway.wire.session import plain
from tollway.wire.strings import strings

START, STARTED = "session.start", "session.started"
_USED, _CLOSED = "session.usage.updated", "session.closed"
_KNOWN = ("session.", "response.", "delegation.", "info")
_BACKEND = ("session", "delegation", "responses")
_ROOM = Place(within=tuple((key,) for key in _BACKEND), names=("max_output_tokens",))
_HOW = {"content": How.FAILED, "connection_lost": How.CUT}
"""Why a session closed, where it was not asked to, did not expire, and nobody hung up."""


class OpenAILive:
    """A `Session`."""

    def __init__(self, endpoint: Endpoint, settings: Settings) -> None:
        self.unread = 0
        self._endpoint = endpoint
        self._settings = settings
        self._calls = Calls()
        self._backend = OpenAISession(Responses(endpoint), Settings(), self._calls)
        self._voice: Call | None = None
        self._seconds: int | None = None
        self._is_over = False
        """The voice: a socket has one session."""
        self._closed = False

    def feed(self, content: bytes, *, from_client: bool, at: int) -> Sequence[Event]:
        """Take the next message."""
        found = None if self._closed else opened(content)
        if found is None:
            self.unread += 1
            return ()
        return self._sent(content, found, at) if from_client else self._received(found, at)

    def refuse(self, call: int | None, status: int, message: str, code: str) -> bytes:
        """An `error` event; the voice is not to be as little as what it delegates."""
        if self._voice is not None and call == self._voice.number:
            self._voice = None
        elif call is not None:
            self._calls.withdraw(call)
        return openai_error(status, message, code, {"event_id": f"event_tollway_{call}"})

    def clamped(self, content: bytes, maximum: int) -> bytes:
        """What the backend writes has a maximum; the voice has none."""
        backend = inside(opened(content) or {}, *_BACKEND)
        return lowered(content, (_ROOM,), maximum) if backend else content

    def texts(self, content: bytes) -> Iterable[str]:
        """Instructions and history, the voice's and the backend's; tools; what is added as it goes."""
        found = opened(content) or {}
        session, backend = inside(found, "session"), inside(found, *_BACKEND)
        return strings(
            *(value(session, name) for name in ("instructions", "input")),
            *(value(backend, name) for name in ("instructions", "tools")),
            *(value(found, name) for name in ("instructions", "text", "item", "content")),
        )

    def close(self, at: int) -> Sequence[Event]:
        """The socket is closed: of the voice, what it had used by then is known."""
        self._closed = True
        return [*self._end(How.CUT, at), *self._calls.cut(at)]

    def _sent(self, content: bytes, found: Members, at: int) -> Sequence[Event]:
        kinds = types(content, found)
        if CREATE in kinds:
            return self._pass_on(content, True, at)
        if START in kinds and self._voice is None and not self._is_over:
            session = inside(found, "session")
            self._settings = replace(self._settings, model=word(session, "model") or self._settings.model)
            self._delegate(session)
            return self._begin(at)
        self.unread += not any(kind.startswith(_KNOWN) for kind in kinds)
        return ()

    def _received(self, event: Members, at: int) -> Sequence[Event]:
        kind = word(event, "type") or ""
        if kind == "response.event":
            return self._pass_on(bytes(event.get("event", b"")), False, at)
        if kind == ERROR:
            return self._failed(event, at)
        events = list[Event]()
        if kind in (STARTED, _USED, _CLOSED) and not self._is_over:
            events += self._begin(at, by_server=True) if self._voice is None else ()
            self._take(event, at)
            if kind == _CLOSED:
                events += self._end(_HOW.get(word(event, "reason") or "", How.COMPLETED), at)
        self.unread += not kind.startswith(_KNOWN)
        return events

    def _pass_on(self, content: bytes, from_client: bool, at: int) -> Sequence[Event]:
        """What is the backend's."""
        before = self._backend.unread
        events = self._backend.feed(content, from_client=from_client, at=at)
        self.unread += self._backend.unread - before
        return events

    def _failed(self, event: Members, at: int) -> Sequence[Event]:
        """A session that has not started never will; else nobody can tell what an error is about."""
        error = error_type(read(event)) or ERROR
        if self._voice is None or self._voice.first is not None:
            return [Trouble(at=at, error=error)]
        return [Trouble(at=at, error=error, call=self._voice.number), *self._end(How.FAILED, at, error)]

    def _delegate(self, session: Members) -> None:
        """What the voice delegates asks for the backend's model."""
        model = word(inside(session, "delegation", "responses"), "model")
        if model is not None:
            self._backend = OpenAISession(Responses(self._endpoint), Settings(model=model), self._calls)

    def _begin(self, at: int, by_server: bool = False) -> list[Event]:
        asked = Asked(model=self._settings.model, stream=True, session=self._settings.session)
        self._voice, begun = self._calls.begin(at, "realtime", asked, by_server)
        return [begun]

    def _take(self, event: Members, at: int) -> None:
        session = inside(event, "session")
        self._settings = replace(
            self._settings,
            served=word(session, "model") or self._settings.served,
            session=plain(word(session, "id")) or self._settings.session,
        )
        if self._voice is not None and self._voice.first is None:
            self._voice.first = at
        seconds = value(inside(event, "usage"), "seconds")
        if isinstance(seconds, int | float) and not isinstance(seconds, bool) and 0 <= seconds <= MOST:
            self._seconds = math.ceil(seconds)

    def _end(self, how: How, at: int, error: str = "content") -> list[Ended]:
        voice, self._voice, self._is_over = self._voice, None, True
        if voice is None:
            return []
        usage = None if self._seconds is None else Usage(seconds=self._seconds)
        report = Report(
            usage=usage,
            model=self._settings.served or self._settings.model,
            id=self._settings.session,
            complete=how is not How.CUT,
            error=error if how is How.FAILED else None,
        )
        return [self._calls.end(voice, at, how, report)]
