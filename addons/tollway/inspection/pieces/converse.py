"""Bedrock's Converse: its events, by their names, and the whole of an answer."""

from collections.abc import Iterable, Mapping
from typing import Any

from tollway.inspection.content import blocks
from tollway.inspection.conversation import Block, Text, Thinking, ToolCall
from tollway.inspection.draft import Piece
from tollway.inspection.members import listed, number, string
from tollway.wire.counts import part


def pieces(event: Mapping[str, Any]) -> Iterable[Piece]:
    """What the event adds, which is a member by its name; Nova's own stream has the same."""
    if opened := part(event, "contentBlockStart"):
        call = part(part(opened, "start"), "toolUse")
        if call:
            yield Piece(_place(opened), ToolCall(string(call, "name"), "", string(call, "toolUseId")))
    elif grown := part(event, "contentBlockDelta"):
        yield from (Piece(_place(grown), block) for block in _delta(part(grown, "delta")))
    else:
        for n, given in enumerate(listed(part(part(event, "output"), "message").get("content"))):
            for i, block in enumerate(blocks(given)):
                yield Piece(n, block, i, whole=True)


def _place(event: Mapping[str, Any]) -> int:
    return number(event, "contentBlockIndex")


def _delta(delta: Mapping[str, Any]) -> Iterable[Block]:
    if call := part(delta, "toolUse"):
        return [ToolCall("", string(call, "input"))]
    if thought := part(delta, "reasoningContent"):
        return [Thinking(string(thought, "text"))]  # else its signature
    return [Text(delta["text"])] if isinstance(delta.get("text"), str) else []
