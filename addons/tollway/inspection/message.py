"""One message of a conversation, with all that its dialect puts beside its content."""

from collections.abc import Iterator, Mapping
from typing import Any

from tollway.inspection.attachment import attachment
from tollway.inspection.content import blocks
from tollway.inspection.conversation import Block, Refusal, Text, Thinking, ToolResult, Turn, clipped
from tollway.inspection.typed_part import typed_part
from tollway.wire.counts import text

_THOUGHTS = ("reasoning_content", "reasoning", "thinking", "tool_plan")
"""In which a model's thoughts stand, beside its content: DeepSeek's, OpenRouter's, Ollama's, Cohere's."""
_SAID = ("content", "parts", "message", "transcript")
_ATTACHED = {"images": "image", "audio": "audio", "videos": "video"}


def turn(message: Mapping[str, Any], role: str) -> Turn:
    """What the message says, by whom; `role` is for one that does not say it."""
    said = (text(message, "role", 32) or role).lower()
    if said in ("tool", "function") and "content" in message:
        id = text(message, "tool_call_id") or text(message, "tool_name") or text(message, "name") or ""
        return Turn(said, (ToolResult(id, blocks(message["content"])),))
    return Turn(said, tuple(_parts(message)))


def is_message(value: Mapping[str, Any]) -> bool:
    """Whether it is a message and no part of one."""
    return "role" in value or "parts" in value


def _parts(message: Mapping[str, Any]) -> Iterator[Block]:
    for name in _THOUGHTS:
        if isinstance(thought := message.get(name), str) and thought:
            yield Thinking(clipped(thought))
            break
    yield from (
        block
        for name in _SAID
        for block in blocks(message.get(name))
        if not (isinstance(block, Text) and not block.text)
    )
    if isinstance(refusal := message.get("refusal"), str) and refusal:
        yield Refusal(clipped(refusal))
    yield from _beside(message)
    calls = message.get("tool_calls")
    single = message.get("function_call")
    for call in [*(calls if isinstance(calls, list) else ()), *([single] if single else ())]:
        if isinstance(call, dict):
            yield from typed_part("tool_call", call, blocks)
    results = message.get("tool_results")  # Cohere's first version
    for result in results if isinstance(results, list) else ():
        yield ToolResult("", blocks(result))


def _beside(message: Mapping[str, Any]) -> Iterator[Block]:
    """Attachments that are no part of the content."""
    for name, kind in _ATTACHED.items():
        given = message.get(name)
        for value in given if isinstance(given, list) else [given] if isinstance(given, dict) else ():
            if isinstance(value, dict) and isinstance(words := value.get("transcript"), str):
                yield Text(clipped(words))
            # Ollama's images are the bytes themselves
            yield attachment(kind, {"data": value} if isinstance(value, str) else value)
