"""Cohere's chat and generate, of both versions: their events, and the whole of an answer."""

from collections.abc import Iterable, Mapping
from typing import Any

from tollway.inspection.content import blocks
from tollway.inspection.conversation import Block, Text, Thinking, ToolCall
from tollway.inspection.draft import Piece
from tollway.inspection.members import listed, number, string
from tollway.inspection.typed_part import typed_part
from tollway.wire.counts import part


def pieces(event: Mapping[str, Any]) -> Iterable[Piece]:
    """What the event adds. The last one of the first version repeats all of it."""
    kind = string(event, "type", "event_type")
    if kind == "text-generation":
        yield Piece("text", Text(string(event, "text")))
    elif kind in ("stream-start", "stream-end", "tool-calls-chunk", "search-results", "citation-generation"):
        return
    elif delta := part(part(event, "delta"), "message"):
        yield from _delta(number(event, "index"), delta)
    elif kind in ("", "tool-calls-generation"):
        yield from _whole(part(event, "message") or event)


def _delta(place: int, message: Mapping[str, Any]) -> Iterable[Piece]:
    content, call = part(message, "content"), part(message, "tool_calls")
    if plan := string(message, "tool_plan"):
        yield Piece("plan", Thinking(plan))
    if thought := string(content, "thinking"):
        yield Piece(f"content {place}", Thinking(thought))
    if said := string(content, "text"):
        yield Piece(f"content {place}", Text(said))
    if call:
        function = part(call, "function")
        written = ToolCall(string(function, "name"), string(function, "arguments"), string(call, "id"))
        yield Piece(f"call {place}", written)


def _whole(message: Mapping[str, Any]) -> Iterable[Piece]:
    if plan := string(message, "tool_plan"):
        yield Piece("plan", Thinking(plan))
    given: list[Block] = [*blocks(message.get("content"))]
    given += [
        Text(said)
        for source in (message, *listed(message.get("generations")))
        if (said := string(source, "text"))
    ]
    for call in listed(message.get("tool_calls")):
        given += typed_part("tool_call", call, blocks)
    for n, block in enumerate(given):
        yield Piece(f"content {n}", block)
