"""Anthropic's messages: their events, and a whole one."""

from collections.abc import Iterator
from typing import Any

from tollway.guardrails.answers.arguments import results, strings
from tollway.guardrails.answers.channel import What
from tollway.guardrails.answers.members import index, name_of, objects
from tollway.guardrails.answers.said import Ended, Message, Path, Said
from tollway.wire.counts import part

_DELTAS = {
    "text_delta": ("text", What.TEXT),
    "thinking_delta": ("thinking", What.THINKING),
    "input_json_delta": ("partial_json", What.ARGUMENTS),
    "compaction_delta": ("content", What.TEXT),
}
"""The member that has a delta's text."""
_KINDS = {field: kind for kind, (field, _) in _DELTAS.items()}
_BLOCKS = {"text": What.TEXT, "thinking": What.THINKING}
_TOLD = frozenset({"message_delta", "message_stop", "error"})


class Anthropic:
    """One answer."""

    mark = b""
    repeats = False
    number = ""

    def __init__(self) -> None:
        self._open = dict[int, str | None]()  # blocks, and the tools that they call
        self._usage: object = None
        self._stop: str | None = None  # the last event that told of the end

    def read(self, message: Message) -> Iterator[Said | Ended]:
        """What an event, or a message, says."""
        kind, number = name_of(message, "type"), index(message)
        if kind == "content_block_delta":
            yield from self._delta(part(message, "delta"), number)
        elif kind == "content_block_start":
            block = part(message, "content_block")
            self._open[number] = name_of(block)
            yield from _block(block, number, ("content_block",))
        elif kind == "content_block_stop":
            self._open.pop(number, None)
            yield Ended((number,))
        elif kind in _TOLD:
            self._stop = kind
            yield Ended()
        else:
            yield from self._whole(message)

    def more(self, message: Message, said: Said, text: str) -> dict[str, Any]:
        """A delta."""
        number, field = said.key
        if field == "completion":
            return {**message, "completion": text, "stop_reason": None}
        delta = {"type": _KINDS[str(field)], field: text}
        return {"type": "content_block_delta", "index": number, "delta": delta}

    def tokens(self, path: Path) -> None:
        """There are none."""

    def stopped(self, message: Message) -> dict[Path, object]:
        """A message, or an event, that has a reason for its end."""
        found = dict[Path, object]()
        if message.get("stop_reason"):
            found[("stop_reason",)] = "refusal"
        if part(message, "delta").get("stop_reason"):
            found[("delta", "stop_reason")] = "refusal"
        return found

    def closing(self) -> list[dict[str, Any]]:
        """The end of the blocks and of the message, with what it used as far as that is known."""
        stops: list[dict[str, Any]] = [{"type": "content_block_stop", "index": n} for n in self._open]
        told = {
            "type": "message_delta",
            "delta": {"stop_reason": "refusal", "stop_sequence": None},
            "usage": self._usage if isinstance(self._usage, dict) else {"output_tokens": 0},
        }
        end = {"type": "message_stop"}
        match self._stop:
            case None:
                return [*stops, told, end]
            case "message_delta":
                return [end]
        return []

    def _delta(self, delta: Message, number: int) -> Iterator[Said | Ended]:
        kind = delta.get("type")
        if kind == "signature_delta":  # of what was thought before it
            yield Ended((number, "thinking"))
        elif isinstance(kind, str) and kind in _DELTAS:
            field, what = _DELTAS[kind]
            if text := name_of(delta, field):
                is_call = what is What.ARGUMENTS
                tool = self._open.get(number) if is_call else None
                yield Said((number, field), what, ("delta", field), text, tool, json=is_call)

    def _whole(self, message: Message) -> Iterator[Said | Ended]:
        """A message, in an event that begins one or by itself; or a text completion, the format before."""
        within: Path = ("message",) if message.get("type") == "message_start" else ()
        whole = part(message, "message") if within else message
        self._usage = whole.get("usage", self._usage)
        for number, block in objects(whole, "content"):
            yield from _block(block, number, (*within, "content", number))
        if text := name_of(whole, "completion"):
            yield Said((0, "completion"), What.TEXT, (*within, "completion"), text)
        if whole.get("stop_reason"):
            self._stop = "message_stop"
            yield Ended()


def _block(block: Message, number: int, path: Path) -> Iterator[Said]:
    for field, what in _BLOCKS.items():
        if text := name_of(block, field):
            yield Said((number, field), what, (*path, field), text)
    yield from strings(block.get("input"), (number, "input"), (*path, "input"), name_of(block))
    yield from results(block.get("content"), (number, "content"), (*path, "content"))
