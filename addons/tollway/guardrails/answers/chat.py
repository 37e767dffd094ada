"""OpenAI's chat, as its many speakers have it, Mistral among them; and the completions before it."""

from collections.abc import Iterator
from typing import Any

from tollway.guardrails.answers.alternatives import Alternatives
from tollway.guardrails.answers.arguments import arguments
from tollway.guardrails.answers.channel import Key, What
from tollway.guardrails.answers.members import index, name_of, objects, without
from tollway.guardrails.answers.said import Ended, Message, Path, Said
from tollway.wire.counts import part

_FIELDS = {
    "content": What.TEXT,
    "refusal": What.TEXT,
    "text": What.TEXT,
    "reasoning_content": What.THINKING,
    "reasoning": What.THINKING,
    "thinking": What.THINKING,
}
"""Texts of a delta, a message, or (`text`) a choice of completions."""
_HOLDERS = ("delta", "message")
_CALLS = {"function": "arguments", "custom": "input"}
_DETAILS = ("text", "summary")
_STOPPED = "content_filter"


class Chat:
    """One answer."""

    mark = b"[DONE]"
    repeats = False
    number = ""

    def __init__(self) -> None:
        self._choices = Alternatives("choices", "finish_reason")
        self._calls = dict[Key, tuple[str | None, str | None]]()  # their ids and names
        self._last: Message = {}

    def read(self, message: Message) -> Iterator[Said | Ended]:
        """What its choices say."""
        if message.get("choices"):
            self._last = message
        yield from self._choices.read(message, self._choice)
        if message.get("error"):
            yield Ended()

    def more(self, message: Message, said: Said, text: str) -> dict[str, Any]:
        """A chunk with one choice."""
        number, name, *inner = said.key
        choice: dict[str, Any] = {"index": number, "finish_reason": None}
        if name == "text":
            choice["text"] = text
        else:
            choice["delta"] = _delta_of(said, str(name), inner, text)
        return without(message, "choices", "usage") | {"choices": [choice]}

    def tokens(self, path: Path) -> tuple[Path, object]:
        """A choice's."""
        return (*path[:2], "logprobs"), None

    def stopped(self, message: Message) -> dict[Path, object]:
        """Choices that ended."""
        return {("choices", n, "finish_reason"): _STOPPED for n in self._choices.ended(message)}

    def closing(self) -> list[dict[str, Any]]:
        """A chunk that ends all choices."""
        of_completions = any("text" in choice for _, choice in objects(self._last, "choices"))
        said: dict[str, Any] = {"text": ""} if of_completions else {"delta": {}}
        choices = [{"index": number, **said, "finish_reason": _STOPPED} for number in self._choices.open]
        return [without(self._last, "usage") | {"choices": choices}] if choices else []

    def _choice(self, choice: Message, number: int, place: int) -> Iterator[Said | Ended]:
        path: Path = ("choices", place)
        if "text" in choice:
            yield from _fields({"text": choice["text"]}, number, path)
        for holder in _HOLDERS:
            if delta := part(choice, holder):
                yield from self._delta(delta, number, (*path, holder))

    def _delta(self, delta: Message, number: int, path: Path) -> Iterator[Said | Ended]:
        yield from _fields(delta, number, path)
        has_parts = isinstance(delta.get("content"), list)
        if not has_parts and delta.keys() <= _FIELDS.keys():
            return  # nearly all of them
        if has_parts:
            yield from _parts(delta, (number, "content"), (*path, "content"))
        for n, detail in objects(delta, "reasoning_details"):
            place = index(detail, otherwise=n)
            for name in _DETAILS:
                if text := name_of(detail, name):
                    key: Key = (number, "reasoning_details", place, name)
                    yield Said(key, What.THINKING, (*path, "reasoning_details", n, name), text)
        if words := name_of(part(delta, "audio"), "transcript"):
            yield Said((number, "audio"), What.TEXT, (*path, "audio", "transcript"), words)
        for n, call in objects(delta, "tool_calls"):
            yield from self._call(
                call, (number, "tool_calls", index(call, otherwise=n)), (*path, "tool_calls", n)
            )
        if call := part(delta, "function_call"):
            yield from self._called(call, "function", (number, "function_call"), (*path, "function_call"))

    def _call(self, call: Message, key: Key, path: Path) -> Iterator[Said | Ended]:
        """A call, or a piece of one. Another id at the same index is another call's."""
        known, given = self._calls.get(key, (None, None))[0], name_of(call, "id")
        if known and given and known != given:
            del self._calls[key]
            yield Ended(key)
        if given:
            self._calls[key] = (given, self._calls.get(key, (None, None))[1])
        for holder in _CALLS:
            if function := part(call, holder):
                yield from self._called(function, holder, key, (*path, holder))

    def _called(self, function: Message, holder: str, key: Key, path: Path) -> Iterator[Said]:
        id, name = self._calls.get(key, (None, None))
        name = name or name_of(function)
        self._calls[key] = (id, name)
        field = _CALLS[holder]
        for said in arguments(function.get(field), key, (*path, field), name):
            yield said if holder == "function" else said._replace(json=False)


def _fields(delta: Message, number: int, path: Path) -> Iterator[Said]:
    for name, text in delta.items():
        if name in _FIELDS and isinstance(text, str) and text:
            yield Said((number, name), _FIELDS[name], (*path, name), text)


def _parts(delta: Message, key: Key, path: Path) -> Iterator[Said]:
    """Mistral's: texts go on with those that are no parts."""
    for n, one in objects(delta, "content"):
        if text := name_of(one, "text"):
            yield Said(key, What.TEXT, (*path, n, "text"), text)
        for i, thought in objects(one, "thinking"):
            if text := name_of(thought, "text"):
                yield Said((*key, "thinking"), What.THINKING, (*path, n, "thinking", i, "text"), text)


def _delta_of(said: Said, name: str, inner: list[Any], text: str) -> dict[str, Any]:
    """The delta that says a text more."""
    match name:
        case "tool_calls":
            holder = str(said.path[-2])
            return {"tool_calls": [{"index": inner[0], holder: {_CALLS[holder]: text}}]}
        case "function_call":
            return {"function_call": {"arguments": text}}
        case "reasoning_details":
            place, field = inner
            return {name: [{"type": f"reasoning.{field}", "index": place, field: text}]}
        case "audio":
            return {"audio": {"transcript": text}}
        case "content" if inner:
            return {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": text}]}]}
    return {name: text}
