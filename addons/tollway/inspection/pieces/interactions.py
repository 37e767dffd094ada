"""Gemini's interactions: their events, and the whole of one."""

from collections.abc import Iterable, Mapping
from typing import Any

from tollway.inspection.content import blocks
from tollway.inspection.conversation import Block, Text, Thinking, ToolCall
from tollway.inspection.draft import Piece
from tollway.inspection.members import listed, number, string
from tollway.inspection.opening import opened
from tollway.wire.counts import part


def pieces(event: Mapping[str, Any]) -> Iterable[Piece]:
    """What the event adds: `step` is what older answers call `content`."""
    place, delta = number(event, "index"), part(event, "delta")
    if delta:
        yield from (Piece(place, block, role="model") for block in _delta(delta))
        return
    if opening := part(event, "step") or part(event, "content"):
        yield from (Piece(place, opened(b), n, role="model") for n, b in enumerate(blocks(opening)))
        return
    whole = part(event, "interaction") or event
    said = [step for step in _steps(whole) if step.get("type") != "user_input"]
    for n, step in enumerate(said):
        for i, block in enumerate(blocks(step)):
            yield Piece(n, block, i, whole=True, role="model")


def _steps(interaction: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return listed(interaction.get("steps")) or listed(interaction.get("outputs"))


def _delta(delta: Mapping[str, Any]) -> Iterable[Block]:
    match delta.get("type"):
        case "thought_summary":
            return [Thinking(b.text) for b in blocks(delta.get("content")) if isinstance(b, Text)]
        case "arguments_delta":
            return [ToolCall("", string(delta, "arguments"))]
        case "thought_signature" | "text_annotation_delta":
            return []
    return blocks(delta)
