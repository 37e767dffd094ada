"""OpenAI's responses: their events, and a whole one. What is said in pieces is said again as a whole."""

from collections.abc import Iterator
from typing import Any

from tollway.guardrails.answers.arguments import results
from tollway.guardrails.answers.channel import Key, What
from tollway.guardrails.answers.items import item_texts, part_text
from tollway.guardrails.answers.members import index, name_of, objects, without
from tollway.guardrails.answers.said import Ended, Message, Path, Said
from tollway.wire.counts import part

_CALL: tuple[Key, What] = (("arguments",), What.ARGUMENTS)
_CODE: tuple[Key, What] = (("code",), What.ARGUMENTS)
_TRANSCRIPT: tuple[Key, What] = (("transcript",), What.TEXT)
_KINDS: dict[str, tuple[Key, What]] = {
    "output_text": (("text",), What.TEXT),
    "refusal": (("refusal",), What.TEXT),
    "reasoning_text": (("reasoning",), What.THINKING),
    "reasoning_summary_text": (("summary",), What.THINKING),
    "function_call_arguments": _CALL,
    "mcp_call_arguments": _CALL,
    "mcp_call.arguments": _CALL,
    "custom_tool_call_input": (("input",), What.ARGUMENTS),
    "code_interpreter_call_code": _CODE,
    "code_interpreter_call.code": _CODE,
    "shell_call_command": (("action", "commands"), What.ARGUMENTS),
    "audio.transcript": _TRANSCRIPT,
    "output_audio_transcript": _TRANSCRIPT,
}
"""By an event's name between `response.` and `.delta` or `.done`: what the text's key has, and what it is."""
_DONE = ("text", "refusal", "arguments", "input", "code", "command", "transcript")
"""Members of a `.done` that have the whole text."""
_PLACES = ("content_index", "summary_index", "command_index")
_SOUND = frozenset({"audio", "output_audio"})
_OVER = frozenset(
    {"response.completed", "response.incomplete", "response.failed", "response.cancelled", "error"}
)
_STOPPED = {"reason": "content_filter"}


class Responses:
    """One answer."""

    mark = b""
    repeats = True
    number = "sequence_number"

    def __init__(self) -> None:
        self._tools = dict[int, str | None]()
        self._response: Message = {"object": "response", "output": []}
        self._over = self._numbered = False

    def read(self, message: Message) -> Iterator[Said | Ended]:
        """What an event, or a response, says."""
        kind, number = message.get("type"), index(message, "output_index")
        self._numbered = self.number in message
        if not isinstance(kind, str):
            self._over = True
            yield from _output(message, ())
        elif kind in _OVER:
            self._over = True
            yield Ended()
            yield from _output(part(message, "response"), ("response",))
        elif "item" in message:
            yield from self._item(kind, part(message, "item"), number)
        elif "part" in message:
            yield from part_text(part(message, "part"), number, _place(message), ("part",))
        elif "response" in message:
            self._response = part(message, "response")
            yield from _output(self._response, ("response",))
        else:
            yield from self._piece(kind.removeprefix("response."), message, number)

    def more(self, message: Message, said: Said, text: str) -> dict[str, Any]:
        """A delta."""
        made = without(message, "obfuscation") | {"delta": text}
        return made | {"logprobs": []} if "logprobs" in made else made

    def tokens(self, path: Path) -> tuple[Path, object]:
        """Those beside a text."""
        return (*path[:-1], "logprobs"), []

    def stopped(self, message: Message) -> dict[Path, object]:
        """A response that is at its end."""
        if "output" in message:
            return {("status",): "incomplete", ("incomplete_details",): _STOPPED}
        if message.get("type") != "response.completed" or not part(message, "response"):
            return {}
        told: dict[Path, object] = {("response", name): value for name, value in _END.items()}
        return told | {("type",): "response.incomplete"}

    def closing(self) -> list[dict[str, Any]]:
        """The end of the response, as it began."""
        if self._over:
            return []
        end: dict[str, Any] = {"type": "response.incomplete", "response": {**self._response, **_END}}
        return [end | {self.number: 0} if self._numbered else end]

    def _item(self, kind: str, item: Message, number: int) -> Iterator[Said | Ended]:
        self._tools[number] = name_of(item)
        if kind == "response.output_item.done":
            yield Ended((number,))
        yield from item_texts(item, number, ("item",))

    def _piece(self, kind: str, message: Message, number: int) -> Iterator[Said]:
        stem, _, end = kind.rpartition(".")
        names, what = _KINDS.get(stem, ((stem,), What.TEXT))
        key = (number, *names, _place(message))
        is_call = what is What.ARGUMENTS
        tool, json = (self._tools.get(number), names == _CALL[0]) if is_call else (None, False)
        if end == "delta" and stem not in _SOUND:
            if text := name_of(message, "delta"):
                yield Said(key, what, ("delta",), text, tool, json)
            yield from results(part(message, "delta"), key, ("delta",), tool)
        elif end == "done":
            for field in _DONE:
                if text := name_of(message, field):
                    yield Said(key, what, (field,), text, tool, json, whole=True)


_END: dict[str, object] = {"status": "incomplete", "incomplete_details": _STOPPED}


def _place(message: Message) -> int:
    return next((index(message, name) for name in _PLACES if name in message), 0)


def _output(response: Message, path: Path) -> Iterator[Said]:
    for number, item in objects(response, "output"):
        yield from item_texts(item, number, (*path, "output", number))
