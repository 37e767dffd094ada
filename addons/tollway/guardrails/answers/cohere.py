"""Cohere's chat, of both versions, and its generate: their events, and the whole of an answer."""

from collections.abc import Iterator
from typing import Any

from tollway.guardrails.answers.arguments import arguments, strings
from tollway.guardrails.answers.channel import What
from tollway.guardrails.answers.json_message import at
from tollway.guardrails.answers.members import index, name_of, objects
from tollway.guardrails.answers.said import Ended, Message, Path, Said
from tollway.wire.counts import part

_FIELDS = {"text": What.TEXT, "thinking": What.THINKING}
_DELTA: Path = ("delta", "message")
_KINDS = {"content": "content-delta", "tool_plan": "tool-plan-delta", "tool_calls": "tool-call-delta"}
_ENDS = {"content-end": "content", "tool-call-end": "tool_calls"}
_FINISHES: tuple[Path, ...] = (
    ("finish_reason",),
    ("delta", "finish_reason"),
    ("response", "finish_reason"),
)


class Cohere:
    """One answer."""

    mark = b""
    number = ""

    def __init__(self) -> None:
        self.repeats = False
        self._tools = dict[int, str | None]()
        self._open: int | None = None  # the content that has no end yet
        self._over = False

    def read(self, message: Message) -> Iterator[Said | Ended]:
        """What an event, or an answer, says."""
        kind, first_kind = message.get("type"), message.get("event_type")
        if isinstance(first_kind, str):
            self.repeats = True
            yield from self._first_version(first_kind, message)
        elif kind == "message-end":
            self._over = True
            yield Ended()
        elif isinstance(kind, str):
            yield from self._event(kind, index(message), part(part(message, "delta"), "message"))
        else:
            self._over = True
            yield from _answer(message, ())
            yield from _message(part(message, "message"))

    def more(self, message: Message, said: Said, text: str) -> dict[str, Any]:
        """An event of the same kind."""
        if said.path == ("text",):
            return {**message, "text": text}
        if said.path[0] == "tool_call_delta":
            return {**message, "tool_call_delta": {"index": said.key[2], "parameters": text}}
        name = str(said.path[2])
        inner: Any = text
        if name == "content":
            inner = {said.path[3]: text}
        elif name == "tool_calls":
            inner = {"function": {"arguments": text}}
        return {"type": _KINDS[name], "index": index(message), "delta": {"message": {name: inner}}}

    def tokens(self, path: Path) -> tuple[Path, object]:
        """An event's, or an answer's."""
        return ("logprobs",), None

    def stopped(self, message: Message) -> dict[Path, object]:
        """What has a reason for its end."""
        return {path: self._stop() for path in _FINISHES if at(message, path)}

    def closing(self) -> list[dict[str, Any]]:
        """The end of the content and of the answer."""
        if self._over:
            return []
        if self.repeats:
            told = {"finish_reason": self._stop(), "response": {"text": "", "finish_reason": self._stop()}}
            return [{"is_finished": True, "event_type": "stream-end", **told}]
        ends = [] if self._open is None else [{"type": "content-end", "index": self._open}]
        return [*ends, {"type": "message-end", "delta": {"finish_reason": self._stop()}}]

    def _stop(self) -> str:
        return "ERROR_TOXIC" if self.repeats else "ERROR"

    def _event(self, kind: str, number: int, inner: Message) -> Iterator[Said | Ended]:
        if kind == "content-start":
            self._open = number
        elif kind == "tool-call-start":
            yield Ended((0, "tool_plan"))
        for field, what in _FIELDS.items():
            if text := name_of(part(inner, "content"), field):
                yield Said((0, "content", number, field), what, (*_DELTA, "content", field), text)
        if plan := name_of(inner, "tool_plan"):
            yield Said((0, "tool_plan"), What.THINKING, (*_DELTA, "tool_plan"), plan)
        if function := part(part(inner, "tool_calls"), "function"):
            tool = self._tools[number] = name_of(function) or self._tools.get(number)
            path: Path = (*_DELTA, "tool_calls", "function", "arguments")
            yield from arguments(function.get("arguments"), (0, "tool_calls", number), path, tool)
        if kind in _ENDS:
            self._open = None
            yield Ended((0, _ENDS[kind], number))

    def _first_version(self, kind: str, message: Message) -> Iterator[Said | Ended]:
        if kind == "stream-end":
            self._over = True
            yield Ended()
            yield from _answer(part(message, "response"), ("response",))
        elif kind == "tool-calls-generation":
            yield from _calls(message, ())
        elif kind == "tool-calls-chunk":
            if plan := name_of(message, "text"):
                yield Said((0, "tool_plan"), What.THINKING, ("text",), plan)
            call = part(message, "tool_call_delta")
            number = index(call)
            tool = self._tools[number] = name_of(call) or self._tools.get(number)
            place: Path = ("tool_call_delta", "parameters")
            yield from arguments(call.get("parameters"), (0, "chunks", number), place, tool)
        elif kind == "text-generation" and (text := name_of(message, "text")):
            yield Said((0, "text"), What.TEXT, ("text",), text)


def _answer(answer: Message, path: Path) -> Iterator[Said]:
    """Of the first version."""
    if text := name_of(answer, "text"):
        yield Said((0, "text"), What.TEXT, (*path, "text"), text, whole=True)
    for n, made in objects(answer, "generations"):
        if text := name_of(made, "text"):
            yield Said((0, "generations", n), What.TEXT, (*path, "generations", n, "text"), text, whole=True)
    for n, turn in objects(answer, "chat_history"):
        if text := name_of(turn, "message"):
            place: Path = (*path, "chat_history", n, "message")
            yield Said((0, "chat_history", n), What.TEXT, place, text, whole=True)
    yield from _calls(answer, path)


def _calls(answer: Message, path: Path) -> Iterator[Said]:
    for n, call in objects(answer, "tool_calls"):
        place: Path = (*path, "tool_calls", n, "parameters")
        yield from strings(call.get("parameters"), (0, "tool_calls", n), place, name_of(call))


def _message(message: Message) -> Iterator[Said]:
    """Of the second version."""
    if plan := name_of(message, "tool_plan"):
        yield Said((0, "tool_plan"), What.THINKING, ("message", "tool_plan"), plan)
    for n, block in objects(message, "content"):
        for field, what in _FIELDS.items():
            if text := name_of(block, field):
                yield Said((0, "content", n, field), what, ("message", "content", n, field), text)
    for n, call in objects(message, "tool_calls"):
        function = part(call, "function")
        place: Path = ("message", "tool_calls", n, "function", "arguments")
        yield from arguments(function.get("arguments"), (0, "tool_calls", n), place, name_of(function))
