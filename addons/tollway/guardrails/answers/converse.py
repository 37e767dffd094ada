"""Bedrock's Converse: its events, by their names, and the whole of an answer. Nova's own are the same."""

from collections.abc import Iterator
from typing import Any

from tollway.guardrails.answers.arguments import arguments, strings
from tollway.guardrails.answers.channel import What
from tollway.guardrails.answers.json_message import at
from tollway.guardrails.answers.members import index, name_of, objects
from tollway.guardrails.answers.said import Ended, Message, Path, Said
from tollway.wire.counts import part

_DELTA: Path = ("contentBlockDelta", "delta")
_REASONS: tuple[Path, ...] = (("stopReason",), ("messageStop", "stopReason"))
_STOPPED = "guardrail_intervened"
_PLACE = "contentBlockIndex"


class Converse:
    """One answer."""

    mark = b""
    repeats = False
    number = ""

    def __init__(self) -> None:
        self._open = dict[int, str | None]()  # blocks, and the tools that they call
        self._over = False

    def read(self, message: Message) -> Iterator[Said | Ended]:
        """What an event, or an answer, says."""
        if grown := part(message, "contentBlockDelta"):
            yield from self._delta(part(grown, "delta"), index(grown, _PLACE))
        elif opened := part(message, "contentBlockStart"):
            self._open[index(opened, _PLACE)] = name_of(part(part(opened, "start"), "toolUse"))
        elif "contentBlockStop" in message:
            number = index(part(message, "contentBlockStop"), _PLACE)
            self._open.pop(number, None)
            yield Ended((number,))
        elif "messageStop" in message:
            self._over = True
            yield Ended()
        else:
            content = part(part(message, "output"), "message")
            for number, block in objects(content, "content"):
                yield from _block(block, number, ("output", "message", "content", number))

    def more(self, message: Message, said: Said, text: str) -> dict[str, Any]:
        """A delta."""
        number, kind = said.key[:2]
        delta: dict[str, Any] = {"text": text}
        if kind == "thinking":
            delta = {"reasoningContent": delta}
        elif kind == "input":
            delta = {"toolUse": {"input": text}}
        return {"contentBlockDelta": {_PLACE: number, "delta": delta}}

    def tokens(self, path: Path) -> None:
        """There are none."""

    def stopped(self, message: Message) -> dict[Path, object]:
        """What has a reason for its end."""
        return {path: _STOPPED for path in _REASONS if at(message, path)}

    def closing(self) -> list[dict[str, Any]]:
        """The end of the blocks, and of the message."""
        if self._over:
            return []
        stops: list[dict[str, Any]] = [{"contentBlockStop": {_PLACE: number}} for number in self._open]
        return [*stops, {"messageStop": {"stopReason": _STOPPED}}]

    def _delta(self, delta: Message, number: int) -> Iterator[Said | Ended]:
        self._open.setdefault(number, None)
        if text := name_of(delta, "text"):
            yield Said((number, "text"), What.TEXT, (*_DELTA, "text"), text)
        thought = part(delta, "reasoningContent")
        if text := name_of(thought, "text"):
            yield Said((number, "thinking"), What.THINKING, (*_DELTA, "reasoningContent", "text"), text)
        elif "signature" in thought:  # of what was thought before it
            yield Ended((number, "thinking"))
        path: Path = (*_DELTA, "toolUse", "input")
        given = part(delta, "toolUse").get("input")
        yield from arguments(given, (number, "input"), path, self._open[number])


def _block(block: Message, number: int, path: Path) -> Iterator[Said]:
    if text := name_of(block, "text"):
        yield Said((number, "text"), What.TEXT, (*path, "text"), text)
    if text := name_of(part(part(block, "reasoningContent"), "reasoningText"), "text"):
        place: Path = (*path, "reasoningContent", "reasoningText", "text")
        yield Said((number, "thinking"), What.THINKING, place, text)
    call = part(block, "toolUse")
    yield from strings(call.get("input"), (number, "input"), (*path, "toolUse", "input"), name_of(call))
