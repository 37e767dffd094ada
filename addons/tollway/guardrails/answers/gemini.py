"""Gemini's answers: their chunks, and the whole of one. Code Assist has them in a wrapper."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from tollway.guardrails.answers.alternatives import Alternatives
from tollway.guardrails.answers.arguments import strings
from tollway.guardrails.answers.channel import Key, What
from tollway.guardrails.answers.members import name_of, objects, without
from tollway.guardrails.answers.said import Ended, Message, Path, Said
from tollway.wire.counts import part

_CODE = {
    "executableCode": ("code", What.ARGUMENTS),
    "executable_code": ("code", What.ARGUMENTS),
    "codeExecutionResult": ("output", What.TEXT),
    "code_execution_result": ("output", What.TEXT),
}
_KINDS = ("text", "thought")
_CALLS = ("functionCall", "function_call")
_STOPPED = "SAFETY"


class Gemini:
    """One answer. Its texts have no borders but other texts."""

    mark = b""
    repeats = False
    number = ""

    def __init__(self) -> None:
        self._last: Message = {}
        self._candidates = Alternatives("candidates", "finishReason")

    def read(self, message: Message) -> Iterator[Said | Ended]:
        """What its candidates say."""
        within, chunk = _unwrapped(message)
        if chunk.get("candidates"):
            self._last = message
        yield from self._candidates.read(chunk, partial(_candidate, within))
        if message.get("error"):
            yield Ended()

    def more(self, message: Message, said: Said, text: str) -> dict[str, Any]:
        """A chunk with one part."""
        number, kind, *inner = said.key
        given: dict[str, Any] = {"text": text}
        if kind == "thought":
            given["thought"] = True
        elif kind == "partialArgs":
            args = [{"jsonPath": inner[0], "stringValue": text}]
            given = {"functionCall": {"partialArgs": args, "willContinue": True}}
        return _chunk(message, [{"content": {"parts": [given], "role": "model"}, "index": number}])

    def tokens(self, path: Path) -> tuple[Path, object]:
        """A candidate's."""
        return (*path[: path.index("candidates") + 2], "logprobsResult"), {}

    def stopped(self, message: Message) -> dict[Path, object]:
        """Candidates that ended."""
        within, chunk = _unwrapped(message)
        ended = self._candidates.ended(chunk)
        return {(*within, "candidates", n, "finishReason"): _STOPPED for n in ended}

    def closing(self) -> list[dict[str, Any]]:
        """A chunk that ends all candidates."""
        open = self._candidates.open
        empty = {"parts": [{"text": ""}], "role": "model"}
        ends = [{"content": empty, "finishReason": _STOPPED, "index": number} for number in open]
        return [_chunk(self._last, ends)] if open else []


def _unwrapped(message: Message) -> tuple[Path, Message]:
    inner = part(message, "response")
    return (("response",), inner) if inner else ((), message)


def _chunk(like: Message, candidates: list[dict[str, Any]]) -> dict[str, Any]:
    """One with these candidates, in what the other has around its own."""
    within, chunk = _unwrapped(like)
    made = without(chunk, "candidates", "usageMetadata") | {"candidates": candidates}
    return {**like, "response": made} if within else made


def _candidate(within: Path, candidate: Message, number: int, place: int) -> Iterator[Said | Ended]:
    for n, one in objects(part(candidate, "content"), "parts"):
        yield from _part(one, number, (*within, "candidates", place, "content", "parts", n))


def _part(one: Message, number: int, path: Path) -> Iterator[Said | Ended]:
    is_thought = one.get("thought") is True
    if text := name_of(one, "text"):
        what = What.THINKING if is_thought else What.TEXT
        yield Said((number, _KINDS[is_thought]), what, (*path, "text"), text)
    else:
        for kind in _KINDS if "text" not in one else (_KINDS[1 - is_thought],):
            yield Ended((number, kind))
    for holder in _CALLS:
        if call := part(one, holder):
            tool = name_of(call)
            yield from strings(call.get("args"), (number, "args"), (*path, holder, "args"), tool)
            yield from _partial(call, number, (*path, holder, "partialArgs"), tool)
    for holder, (field, what) in _CODE.items():
        if text := name_of(part(one, holder), field):
            yield Said((number, field), what, (*path, holder, field), text, whole=True)


def _partial(call: Message, number: int, path: Path, tool: str | None) -> Iterator[Said | Ended]:
    """Arguments that come piece by piece, each at its own place in them."""
    for n, arg in objects(call, "partialArgs"):
        key: Key = (number, "partialArgs", name_of(arg, "jsonPath") or "")
        if text := name_of(arg, "stringValue"):
            yield Said(key, What.ARGUMENTS, (*path, n, "stringValue"), text, tool)
        if arg.get("willContinue") is not True:
            yield Ended(key)
