"""Reads a socket on which Gemini Live is spoken (BidiGenerateContent), the Gemini API's or Vertex's.

A call is a turn of the model's. It begins as the client's turn is complete, or unasked as voice falls silent
or a tool has answered. Its usage is the last that came in it: each says all of the turn so far
(https://github.com/pydantic/pydantic-ai/pull/7269: three turns of two models, each with its own counts).
"""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from tollway.model import Asked
from tollway.sockets.calls import Calls
from tollway.sockets.events import Ended, Event, Settings, Trouble
from tollway.sockets.live_turn import Turn, report
from tollway.sockets.message import Members, inside, opened, value, word
from tollway.sockets.refusal import google_turn
from tollway.wire.counts import first
from tollway.wire.output_fields import Place
from tollway.wire.output_maximum import lowered
from tollway.wire.strings import strings

_CONFIG = ("generationConfig", "generation_config")
_MAXIMA = ("maxOutputTokens", "max_output_tokens")
_ROOM = Place(within=(("setup",), _CONFIG), names=_MAXIMA)
_FROM_CLIENT = frozenset(
    "setup clientContent client_content realtimeInput realtime_input toolResponse tool_response".split()
)
_FROM_SERVER = frozenset(
    "setupComplete serverContent toolCall toolCallCancellation usageMetadata goAway sessionResumptionUpdate"
    " voiceActivity voiceActivityDetectionSignal error".split()
)
_ANSWERS = ("modelTurn", "outputTranscription", "generationComplete")
"""What of a server's content is of a turn of the model's: what it heard is not."""


class GeminiLive:
    """A `Session`."""

    def __init__(self, settings: Settings) -> None:
        self.unread = 0
        self._settings = settings
        self._calls = Calls()
        self._turn: Turn | None = None
        """Under way, or complete but for its usage."""
        self._last: object = None
        """The usage that ended last, as it came: it may come again."""
        self._early: object = None
        """A usage that came before its turn."""
        self._closed = False

    def feed(self, content: bytes, *, from_client: bool, at: int) -> Sequence[Event]:
        """Take the next message."""
        found = None if self._closed else opened(content)
        if found is None or not found.keys() & (_FROM_CLIENT if from_client else _FROM_SERVER):
            self.unread += 1
            return ()
        return self._sent(found, at) if from_client else self._received(found, at)

    def refuse(self, call: int | None, status: int, message: str, code: str) -> bytes:
        """A turn that is over, with the error."""
        if call is not None:
            self._calls.withdraw(call)
        return google_turn(status, message, code)

    def clamped(self, content: bytes, maximum: int) -> bytes:
        """A session's first message says how long its answers may be."""
        return lowered(content, (_ROOM,), maximum) if "setup" in (opened(content) or ()) else content

    def texts(self, content: bytes) -> Iterable[str]:
        """System instruction, tools, turns, what tools answered."""
        found = opened(content) or {}
        setup = inside(found, "setup")
        return strings(
            *(value(setup, name) for name in ("systemInstruction", "system_instruction", "tools")),
            *(
                value(found, name)
                for name in ("clientContent", "client_content", "toolResponse", "tool_response")
            ),
            *(value(inside(found, name), "text") for name in ("realtimeInput", "realtime_input")),
        )

    def close(self, at: int) -> Sequence[Event]:
        """The socket is closed; a turn that was complete but for its usage is not cut."""
        self._closed = True
        events: list[Event] = []
        if self._early is not None and self._turn is None:
            events += self._open(at)
        if self._turn is not None:
            events.append(self._end(self._turn, at))
        return [*events, *self._calls.cut(at)]

    def _sent(self, found: Members, at: int) -> Sequence[Event]:
        if "setup" in found:
            self._settings = _set_up(self._settings, inside(found, "setup"))
        is_answer = "toolResponse" in found or "tool_response" in found
        if not (is_answer or _is_complete(found)) or self._calls.waits() or (is_answer and self._is_going()):
            return ()
        call, begun = self._calls.begin(at, "realtime", self._asked())
        return [*self._calls.wait(call, at), begun]

    def _received(self, found: Members, at: int) -> Sequence[Event]:
        content = inside(found, "serverContent")
        events: list[Event] = []
        if "error" in found:
            events.append(Trouble(at=at, error=word(inside(found, "error"), "status", 64) or "error"))
        is_over = value(content, "turnComplete") is True
        is_answer = "toolCall" in found or any(name in content for name in _ANSWERS)
        if is_answer or (is_over and self._turn is None and self._calls.waits()):
            events += self._go_on(at)
        metadata = value(found, "usageMetadata")
        if self._turn is None:
            self._early = metadata if metadata not in (None, self._last) else self._early
            return events
        self._turn.take(content, found, metadata, is_over)
        if self._turn.is_over and self._turn.metadata is not None:
            events.append(self._end(self._turn, at))
        return events

    def _go_on(self, at: int) -> list[Event]:
        """A turn is under way: another one than that which was complete."""
        if self._turn is None:
            return self._open(at)
        return [self._end(self._turn, at), *self._open(at)] if self._turn.is_over else []

    def _open(self, at: int) -> list[Event]:
        events: list[Event] = []
        call = self._calls.waiting()
        if call is None:
            call, begun = self._calls.begin(at, "realtime", self._asked(), by_server=True)
            events = [begun]
        self._turn, self._early = Turn(call, self._early), None
        return [*events, *self._calls.answer(call, str(call.number), at)]

    def _end(self, turn: Turn, at: int) -> Ended:
        self._turn, self._last = None, turn.metadata
        return self._calls.end(turn.call, at, turn.how(), report(turn, self._settings.model))

    def _is_going(self) -> bool:
        return self._turn is not None and not self._turn.is_over

    def _asked(self) -> Asked:
        return Asked(
            model=self._settings.model, stream=True, max_output_tokens=self._settings.max_output_tokens
        )


def _set_up(settings: Settings, setup: Members) -> Settings:
    config = {name: n for key in _CONFIG for name in _MAXIMA if (n := value(inside(setup, key), name))}
    model = word(setup, "model")
    return replace(
        settings,
        model=model.rpartition("models/")[2] if model else settings.model,
        max_output_tokens=first(config, *_MAXIMA),
    )


def _is_complete(found: Members) -> bool:
    """Whether the model is to answer: sound alone does not say so."""
    contents = [inside(found, name) for name in ("clientContent", "client_content")]
    inputs = [inside(found, name) for name in ("realtimeInput", "realtime_input")]
    return any(
        value(one, name) is True for one in contents for name in ("turnComplete", "turn_complete")
    ) or any(name in one for one in inputs for name in ("text", "activityEnd", "activity_end"))
