"""Mistral's conversations: their events, and the whole of an answer."""

from collections.abc import Iterator
from typing import Any

from tollway.guardrails.answers.arguments import arguments
from tollway.guardrails.answers.channel import Key, What
from tollway.guardrails.answers.members import index, name_of, objects
from tollway.guardrails.answers.said import Ended, Message, Path, Said

_OVER = frozenset({"conversation.response.done", "conversation.response.error"})
_STOPPED = {"type": "conversation.response.error", "message": "The answer was stopped.", "code": 403}


class Conversations:
    """One answer. An output is over where the next one begins."""

    mark = b""
    repeats = False
    number = ""

    def __init__(self) -> None:
        self._output: Key = ()
        self._over = False

    def read(self, message: Message) -> Iterator[Said | Ended]:
        """What an event, or an answer, says."""
        kind = name_of(message, "type")
        if kind in _OVER:
            self._over = True
            yield Ended()
        elif kind is None:
            self._over = True
            for n, output in objects(message, "outputs"):
                yield from _output(output, (0, n), ("outputs", n))
        else:
            key: Key = (0, index(message, "output_index"), name_of(message, "id") or "")
            if key != self._output:
                yield Ended(self._output)
                self._output = key
            yield from _output(message, key, ())

    def more(self, message: Message, said: Said, text: str) -> dict[str, Any]:
        """An event of the same kind."""
        if said.what is What.ARGUMENTS:
            return {**message, "arguments": text}
        thought = {"type": "thinking", "thinking": [{"type": "text", "text": text}]}
        return {**message, "content": thought if said.what is What.THINKING else text}

    def tokens(self, path: Path) -> None:
        """There are none."""

    def stopped(self, message: Message) -> dict[Path, object]:
        """Nothing tells why an answer ended."""
        return {}

    def closing(self) -> list[dict[str, Any]]:
        """An error: nothing else says that it is not whole."""
        return [] if self._over else [{**_STOPPED}]


def _output(output: Message, key: Key, path: Path) -> Iterator[Said]:
    content = output.get("content")
    if isinstance(content, str) and content:
        yield Said((*key, "text"), What.TEXT, (*path, "content"), content)
    elif isinstance(content, dict):
        yield from _part(content, key, (*path, "content"))
    for n, one in objects(output, "content"):
        yield from _part(one, key, (*path, "content", n))
    given = output.get("arguments")
    yield from arguments(given, (*key, "arguments"), (*path, "arguments"), name_of(output))


def _part(one: Message, key: Key, path: Path) -> Iterator[Said]:
    if text := name_of(one, "text"):
        yield Said((*key, "text"), What.TEXT, (*path, "text"), text)
    for n, thought in objects(one, "thinking"):
        if text := name_of(thought, "text"):
            yield Said((*key, "thinking"), What.THINKING, (*path, "thinking", n, "text"), text)
