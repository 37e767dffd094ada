"""Anthropic's messages: their events, and a whole one."""

from collections.abc import Iterable, Mapping
from typing import Any

from tollway.inspection.content import blocks
from tollway.inspection.conversation import Block, Text, Thinking, ToolCall
from tollway.inspection.draft import Piece
from tollway.inspection.members import listed, number, string
from tollway.inspection.opening import opened
from tollway.wire.counts import part


def pieces(event: Mapping[str, Any]) -> Iterable[Piece]:
    """What the event adds: a block's opening or a piece of it."""
    kind, place = string(event, "type"), number(event, "index")
    if kind == "content_block_start":
        for n, block in enumerate(blocks(part(event, "content_block"))):
            yield Piece(place, opened(block), n)
    elif kind == "content_block_delta":
        if (grown := _delta(part(event, "delta"))) is not None:
            yield Piece(place, grown)
    else:
        message = part(event, "message") or event
        for n, given in enumerate(listed(message.get("content"))):
            for i, block in enumerate(blocks(given)):
                yield Piece(n, block, i, whole=True)
        if isinstance(said := event.get("completion"), str):  # the format before messages
            yield Piece(None, Text(said))


def _delta(delta: Mapping[str, Any]) -> Block | None:
    match delta.get("type"):
        case "text_delta":
            return Text(string(delta, "text"))
        case "thinking_delta":
            return Thinking(string(delta, "thinking"))
        case "input_json_delta":
            return ToolCall("", string(delta, "partial_json"))
    return None
