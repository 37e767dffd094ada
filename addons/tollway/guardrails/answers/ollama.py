"""Ollama's chat and generate: their lines, and the whole of an answer."""

from collections.abc import Iterator
from typing import Any

from tollway.guardrails.answers.arguments import strings
from tollway.guardrails.answers.channel import What
from tollway.guardrails.answers.members import name_of, objects
from tollway.guardrails.answers.said import Ended, Message, Path, Said
from tollway.wire.counts import part

_FIELDS = {"thinking": What.THINKING, "content": What.TEXT, "response": What.TEXT}
_HEAD = ("model", "created_at")
_STOPPED = "content_filter"


class Ollama:
    """One answer."""

    mark = b""
    repeats = False
    number = ""

    def __init__(self) -> None:
        self._last: Message = {}
        self._done = False

    def read(self, message: Message) -> Iterator[Said | Ended]:
        """What a line says."""
        self._last = message
        inner = part(message, "message")
        for owner, path in ((message, ()), (inner, ("message",))):
            for field, what in _FIELDS.items():
                if text := name_of(owner, field):
                    yield Said((0, field), what, (*path, field), text)
        for n, call in objects(inner, "tool_calls"):
            function = part(call, "function")
            place: Path = ("message", "tool_calls", n, "function", "arguments")
            yield from strings(function.get("arguments"), (0, "tool_calls", n), place, name_of(function))
        self._done = message.get("done") is True
        if self._done or message.get("error"):
            yield Ended()

    def more(self, message: Message, said: Said, text: str) -> dict[str, Any]:
        """A line."""
        field, within = str(said.key[1]), len(said.path) > 1
        inner = {"role": "assistant", "content": "", field: text}
        return _line(message) | ({"message": inner} if within else {"response": "", field: text})

    def tokens(self, path: Path) -> None:
        """There are none."""

    def stopped(self, message: Message) -> dict[Path, object]:
        """A last line."""
        return {("done_reason",): _STOPPED} if message.get("done_reason") else {}

    def closing(self) -> list[dict[str, Any]]:
        """A last line, without counts."""
        if self._done:
            return []
        of_chat = "message" in self._last
        said = {"message": {"role": "assistant", "content": ""}} if of_chat else {"response": ""}
        return [_line(self._last) | said | {"done": True, "done_reason": _STOPPED}]


def _line(like: Message) -> dict[str, Any]:
    return {name: like[name] for name in _HEAD if name in like} | {"done": False}
