"""An answer of Chat's in one piece as a message of Anthropic's."""

from collections.abc import Mapping
from typing import Any

import orjson

from tollway.translation.chunk import Odd, calls_of, choice_of, function_of, loads, refusal_of, said
from tollway.translation.errors import error, error_within, untranslatable
from tollway.translation.events import TEXT, dumps, message_head
from tollway.translation.names import use_id
from tollway.translation.stop import stop_reason
from tollway.translation.stream import FAILED, NO_CHOICE
from tollway.translation.thoughts import MARK
from tollway.translation.usage import said as usage_said
from tollway.translation.way_back import WayBack
from tollway.wire.counts import part, text
from tollway.wire.openai_answer import error_type
from tollway.wire.openai_usage import usage_of

LIMIT = 64 * 1024 * 1024
"""Bytes of an answer that are kept until it is whole."""


class ChatWhole:
    """Translates one answer, once it is whole."""

    def __init__(self, back: WayBack) -> None:
        self._back = back
        self._held = bytearray()

    def feed(self, data: bytes) -> bytes:
        """Take the next bytes."""
        self._held += data[: max(0, LIMIT - len(self._held))]
        return b""

    def flush(self) -> bytes:
        """The message, or an error."""
        try:
            return _answer(loads(bytes(self._held)), self._back)
        except Odd as odd:
            return untranslatable(str(odd))


def _answer(body: Mapping[str, Any], back: WayBack) -> bytes:
    if error_type(body) is not None:
        return error_within(body)
    choice = choice_of(body)
    if choice is None:
        raise Odd(NO_CHOICE)
    message, finish = part(choice, "message"), text(choice, "finish_reason")
    content = _content(message, back)
    calls = any(block["type"] == "tool_use" for block in content)
    stop = stop_reason(finish, calls=calls, refused=refusal_of(message) is not None)
    if stop is None:
        return error(502, FAILED.format(finish), finish)
    usage = usage_of(part(body, "usage"), back.reasoning_extra)
    return dumps({
        **message_head(back.id, text(body, "model") or back.model),
        "content": content,
        "stop_reason": stop,
        "stop_sequence": None,
        "usage": usage_said(usage),
    })  # fmt: skip


def _content(message: Mapping[str, Any], back: WayBack) -> list[dict[str, Any]]:
    content: list[dict[str, Any]] = []
    for kind, written in said(message):
        if content and content[-1]["type"] == kind:
            content[-1][kind] += written
        elif kind == TEXT:
            content.append({"type": TEXT, TEXT: written})
        else:
            content.append({"type": kind, kind: written, "signature": MARK})
    for call in calls_of(message):
        name, given = function_of(call)
        if not name:
            raise Odd("a call of a function without a name")
        used = use_id(call.get("id"), back.id, len(content))
        tool = back.tools.get(name, name)
        content.append({"type": "tool_use", "id": used, "name": tool, "input": _input(given)})
    return content


def _input(given: str) -> Any:
    """The arguments of a call, which are an object, whatever the model wrote."""
    try:
        value = orjson.loads(given or "{}")
    except orjson.JSONDecodeError:
        value = None
    if not isinstance(value, dict):
        raise Odd("arguments of a call that are no object")
    return value
