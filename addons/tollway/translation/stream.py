"""A stream of Chat chunks as a stream of Anthropic events: each at once, none kept.

A block is open until one of another kind begins; of calls side by side, each is a block of its own. The end
is told once all is known, usage included, which comes behind the last choice. A stream that breaks off, that
says of itself that it failed, or that can't be understood ends with an error: nobody takes it for whole.
"""

from collections.abc import Mapping
from typing import Any

from tollway.model import Usage
from tollway.translation import events
from tollway.translation.chunk import Odd, calls_of, choice_of, function_of, loads, refusal_of, said
from tollway.translation.errors import error, error_within, untranslatable
from tollway.translation.events import TEXT, THINKING
from tollway.translation.names import use_id
from tollway.translation.stop import stop_reason
from tollway.translation.usage import said as usage_said
from tollway.translation.way_back import WayBack
from tollway.wire.counts import part, text
from tollway.wire.openai_answer import error_type
from tollway.wire.openai_usage import usage_of
from tollway.wire.sse import EventStream

_DONE = b"[DONE]"
_TOOL = "tool"
BROKE_OFF = "the provider's stream broke off before its end"
FAILED = "the model failed before its answer was whole ({})"
NO_CHOICE = "no choice"
NOT_IN_ORDER = "pieces of two calls of tools among each other"


class ChatStream:
    """Translates one stream."""

    def __init__(self, back: WayBack) -> None:
        self._back = back
        self._events = EventStream()
        self._out: list[bytes] = []  # of what is fed now
        self._begun = self._ended = False
        self._index = -1  # of the last block
        self._open = ""  # its kind; "" if it has ended
        self._calls: dict[int, object] = {}  # ids of calls by the number that the chunks give them
        self._call = -1  # the number of the one whose block is open
        self._refused = False
        self._finish: str | None = None
        self._usage: Usage | None = None

    def feed(self, data: bytes) -> bytes:
        """Take the next bytes."""
        for _, chunk in self._events.feed(data):
            if self._ended:
                break
            self._take(chunk)
        return self._said()

    def flush(self) -> bytes:
        """The end. A last chunk counts though no blank line has closed it."""
        if not self._ended and (rest := self._events.rest()) is not None:
            self._take(rest[1])
        if not self._ended:
            if self._finish is None:
                self._fail(error(502, BROKE_OFF, "cut"))
            else:
                self._end()
        return self._said()

    def _said(self) -> bytes:
        out, self._out = self._out, []
        return b"".join(out)

    def _take(self, chunk: bytes) -> None:
        if chunk == _DONE:
            self._end()
            return
        try:
            self._chunk(loads(chunk))
        except Odd as odd:
            self._fail(untranslatable(str(odd)))

    def _chunk(self, message: Mapping[str, Any]) -> None:
        if "error" in message or "x_groq" in message or "type" in message or message.get("object") == "error":
            self._look_for_error(message)
        if self._ended:
            return
        if message.get("usage") or "x_groq" in message:
            self._look_for_usage(message)
        choice = choice_of(message)
        if choice is None:
            return
        if not self._begun:
            self._begin(message)
        delta = choice.get("delta")
        if isinstance(delta, dict):
            self._delta(delta)
        if choice.get("finish_reason"):
            self._finish = text(choice, "finish_reason") or self._finish

    def _look_for_error(self, message: Mapping[str, Any]) -> None:
        groq = part(message, "x_groq")
        if groq.get("error"):
            message = groq
        if error_type(message) is not None:
            self._fail(error_within(message))

    def _look_for_usage(self, message: Mapping[str, Any]) -> None:
        """The last one counts, as for who reads the bill."""
        usage = part(message, "usage") or part(part(message, "x_groq"), "usage")
        if usage and (found := usage_of(usage, self._back.reasoning_extra)) is not None:
            self._usage = found

    def _begin(self, message: Mapping[str, Any]) -> None:
        self._begun = True
        model = text(message, "model") or self._back.model
        self._out += (events.message_start(self._back.id, model, usage_said(None)), events.PING)

    def _delta(self, delta: Mapping[str, Any]) -> None:
        written = delta.get("content")
        if self._open == TEXT and len(delta) == 1 and written and isinstance(written, str):
            self._out.append(events.delta(self._index, TEXT, written))  # what nearly all of them are
            return
        for kind, written in said(delta):
            if kind != self._open:
                self._close()
                self._index += 1
                self._open = kind
                self._out.append(events.block_start(self._index, kind))
            self._out.append(events.delta(self._index, kind, written))
        self._refused = self._refused or refusal_of(delta) is not None
        for place, call in enumerate(calls_of(delta)):
            self._take_call(call, place)

    def _take_call(self, call: Mapping[str, Any], place: int) -> None:
        """A piece of a call. Some servers give all calls one index, and none of them another's id."""
        index, id = call.get("index"), call.get("id")
        key = index if isinstance(index, int) else place
        name, given = function_of(call)
        if key not in self._calls or (id and id != self._calls[key]):
            self._open_call(key, id, name)
        elif self._open != _TOOL or self._call != key:
            raise Odd(NOT_IN_ORDER)
        if given:
            self._out.append(events.input_delta(self._index, given))

    def _open_call(self, key: int, id: object, name: str) -> None:
        if not name:
            raise Odd("a call of a function without a name")
        self._close()
        self._index += 1
        self._open, self._call, self._calls[key] = _TOOL, key, id
        used = use_id(id, self._back.id, self._index)
        self._out.append(events.use_start(self._index, used, self._back.tools.get(name, name)))

    def _close(self) -> None:
        if self._open == THINKING:
            self._out.append(events.signature(self._index))
        if self._open:
            self._out.append(events.block_stop(self._index))
        self._open = ""

    def _end(self) -> None:
        stop = stop_reason(self._finish, calls=bool(self._calls), refused=self._refused)
        if stop is None:
            self._fail(error(502, FAILED.format(self._finish), self._finish))
            return
        if not self._begun:
            self._fail(untranslatable(NO_CHOICE))
            return
        self._close()
        self._ended = True
        self._out += (events.message_delta(stop, usage_said(self._usage)), events.STOP)

    def _fail(self, body: bytes) -> None:
        self._ended = True
        self._out.append(events.failure(body))
