"""OpenAI's responses: their events, and the whole of one."""

from collections.abc import Iterable, Mapping
from typing import Any

from tollway.inspection.content import blocks
from tollway.inspection.conversation import Block, Refusal, Text, Thinking, ToolCall
from tollway.inspection.draft import Piece
from tollway.inspection.members import listed, number, string
from tollway.wire.counts import part


def pieces(event: Mapping[str, Any]) -> Iterable[Piece]:
    """What an event adds: an item's opening, a piece of it, or it as a whole."""
    kind, place = string(event, "type"), number(event, "output_index")
    if kind == "response.output_item.added":
        yield from _opening(place, part(event, "item"))
    elif kind == "response.output_item.done":
        yield from _whole(place, part(event, "item"))
    elif kind.endswith(".delta"):
        if (block := _delta(kind, string(event, "delta"))) is not None:
            yield Piece(place, block, number(event, "content_index") or number(event, "summary_index"))
    else:
        response = event if "output" in event else part(event, "response")
        for n, item in enumerate(listed(response.get("output"))):
            yield from _whole(n, item)
        for answer in listed(event.get("answers")):  # Decisions
            yield from (Piece(None, block) for block in blocks(answer))


def _opening(place: int, item: Mapping[str, Any]) -> Iterable[Piece]:
    """A call tells its name before its arguments come."""
    if string(item, "type").endswith("_call"):
        name = string(item, "name") or string(item, "type").removesuffix("_call")
        yield Piece(place, ToolCall(name, "", string(item, "call_id", "id")))


def _whole(place: int, item: Mapping[str, Any]) -> Iterable[Piece]:
    for n, block in enumerate(blocks(item)):
        yield Piece(place, block, n, whole=True)


def _delta(kind: str, text: str) -> Block | None:
    """By the event's name: `response.output_text.delta` and the like."""
    of = kind.removeprefix("response.").removesuffix(".delta")
    if of.startswith("reasoning"):
        return Thinking(text)
    if of.endswith(("arguments", "call_input", "code", "_call")):
        return ToolCall("", text)
    if of == "refusal":
        return Refusal(text)
    return Text(text) if of in ("output_text", "audio.transcript", "text") else None
