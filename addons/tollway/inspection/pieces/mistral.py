"""Mistral's conversations: their events, and the whole of an answer."""

from collections.abc import Iterable, Mapping
from typing import Any

from tollway.inspection.content import blocks
from tollway.inspection.conversation import ToolCall
from tollway.inspection.draft import Piece
from tollway.inspection.members import listed, number, string


def pieces(event: Mapping[str, Any]) -> Iterable[Piece]:
    """What the event adds to the output whose id it has."""
    kind = string(event, "type")
    place = f"{number(event, 'output_index')} {string(event, 'id')}"
    if kind == "message.output.delta":
        yield from (Piece(place, b, number(event, "content_index")) for b in blocks(event.get("content")))
    elif kind in ("function.call.delta", "tool.execution.started", "tool.execution.delta"):
        name, id = string(event, "name"), string(event, "tool_call_id", "id")
        yield Piece(place, ToolCall(name, string(event, "arguments"), id))
    elif not kind:
        for n, output in enumerate(listed(event.get("outputs"))):
            for i, block in enumerate(blocks(output)):
                yield Piece(n, block, i, whole=True)
