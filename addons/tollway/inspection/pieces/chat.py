"""OpenAI's chat and completions: their chunks, and the whole of an answer."""

from collections.abc import Iterable, Mapping
from typing import Any

from tollway.inspection.attachment import attachment, coded_size
from tollway.inspection.content import blocks
from tollway.inspection.conversation import Attachment, Refusal, Text, Thinking, ToolCall
from tollway.inspection.draft import Piece
from tollway.inspection.members import listed, number, string
from tollway.wire.counts import part


def pieces(chunk: Mapping[str, Any]) -> Iterable[Piece]:
    """What the chunk's choices add."""
    for choice in listed(chunk.get("choices")):
        turn = number(choice, "index")
        if isinstance(choice.get("text"), str):
            yield Piece("text", Text(choice["text"]), turn=turn)
        for piece in _delta(part(choice, "delta") or part(choice, "message")):
            yield piece._replace(turn=turn)


def _delta(delta: Mapping[str, Any]) -> Iterable[Piece]:
    thought = string(delta, "reasoning_content", "reasoning", "thinking")
    if thought:
        yield Piece("thought", Thinking(thought))
    for block in blocks(delta.get("content")):  # Mistral's thoughts are parts of the content
        yield Piece("thought" if isinstance(block, Thinking) else "text", block)
    if refusal := string(delta, "refusal"):
        yield Piece("refusal", Refusal(refusal))
    yield from _audio(part(delta, "audio"))
    for n, image in enumerate(listed(delta.get("images"))):
        yield Piece(None, attachment("image", image), n)
    for n, call in enumerate(listed(delta.get("tool_calls"))):
        function = part(call, "function") or part(call, "custom")
        arguments = string(function, "arguments", "input")
        yield Piece(
            f"call {number(call, 'index', n)}",
            ToolCall(string(function, "name"), arguments, string(call, "id")),
        )
    if call := part(delta, "function_call"):
        yield Piece("call", ToolCall(string(call, "name"), string(call, "arguments")))


def _audio(audio: Mapping[str, Any]) -> Iterable[Piece]:
    if words := string(audio, "transcript"):
        yield Piece("transcript", Text(words))
    if data := string(audio, "data"):
        yield Piece("audio", Attachment("audio", size=coded_size(data)))
