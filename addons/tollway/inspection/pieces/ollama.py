"""Ollama's chat and generate: their lines, and the whole of an answer."""

from collections.abc import Iterable, Mapping
from typing import Any

from tollway.inspection.content import blocks
from tollway.inspection.conversation import Text, Thinking
from tollway.inspection.draft import Piece
from tollway.inspection.members import listed, string
from tollway.inspection.typed_part import typed_part
from tollway.wire.counts import part


def pieces(line: Mapping[str, Any]) -> Iterable[Piece]:
    """What the line adds; a call comes in one piece."""
    message = part(line, "message") or line
    if thought := string(message, "thinking"):
        yield Piece("thought", Thinking(thought))
    yield Piece("text", Text(string(message, "content", "response")))
    for call in listed(message.get("tool_calls")):
        yield from (Piece(None, block) for block in typed_part("tool_call", call, blocks))
