"""What one choice of a Chat answer says: texts, thoughts and calls, in the order in which they are told."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from tollway.translation.events import TEXT, THINKING, dumps

type Said = tuple[str, str]
"""Text or thinking, and what of it."""


class Odd(ValueError):
    """What an answer says that its format does not have."""


def loads(data: bytes) -> Mapping[str, Any]:
    """The object. Raises `Odd` if it is none. Half of a surrogate pair is one for Python alone."""
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        try:
            value = json.loads(data)
        except ValueError:
            raise Odd("no JSON") from None
    if not isinstance(value, dict):
        raise Odd("no object")
    return value


def choice_of(message: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The first choice, the only one that was asked for; None: this one has none."""
    choices = message.get("choices")
    for choice in choices if isinstance(choices, list) else ():
        if isinstance(choice, dict) and not choice.get("index"):
            return choice
    return None


def said(delta: Mapping[str, Any]) -> Iterator[Said]:
    """Thoughts and texts of a delta or a message, without empty ones; a refusal is a text. Raises `Odd`."""
    if thought := _thought(delta):
        yield THINKING, thought
    content = delta.get("content")
    if isinstance(content, str):
        if content:
            yield TEXT, content
    elif content is not None:
        yield from _parts(content)
    if refusal := refusal_of(delta):
        yield TEXT, refusal


def _thought(delta: Mapping[str, Any]) -> str:
    """OpenRouter has it in two places, Snowflake in the second of them alone."""
    thought = delta.get("reasoning_content") or delta.get("reasoning")
    if isinstance(thought, str) and thought:
        return thought
    details = delta.get("reasoning_details")
    texts = [one.get("text") for one in details if isinstance(one, dict)] if isinstance(details, list) else []
    return "".join(text for text in texts if isinstance(text, str))


def refusal_of(delta: Mapping[str, Any]) -> str | None:
    """What a model says that refuses."""
    refusal = delta.get("refusal")
    return refusal if isinstance(refusal, str) and refusal else None


def calls_of(delta: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Calls of functions, or pieces of them."""
    calls = delta.get("tool_calls")
    return [call for call in calls if isinstance(call, dict)] if isinstance(calls, list) else []


def function_of(call: Mapping[str, Any]) -> tuple[str, str]:
    """The name and the arguments that a call, or a piece of one, has; "" for what it has not."""
    function = call.get("function")
    if not isinstance(function, dict):
        raise Odd("a call of something else than a function")
    name, given = function.get("name"), function.get("arguments")
    if isinstance(given, dict):  # as Ollama has it in its own format
        given = dumps(given).decode()
    return name if isinstance(name, str) else "", given if isinstance(given, str) else ""


def _parts(content: object) -> Iterator[Said]:
    """Mistral's thoughts and texts."""
    parts: list[Any] = content if isinstance(content, list) else [content]
    for part in parts:
        kind = part.get("type") if isinstance(part, dict) else None
        if kind == "thinking":
            thought = part["thinking"] if "thinking" in part else None
            for _, text in _parts(thought if isinstance(thought, list) else []):
                yield THINKING, text
        elif kind == "text" and isinstance(part.get("text"), str):
            if part["text"]:
                yield TEXT, part["text"]
        else:
            raise Odd(f"content of type {kind}")
