"""Gemini's answers: their chunks, and the whole of one."""

from collections.abc import Iterable, Mapping
from typing import Any

from tollway.inspection.content import blocks
from tollway.inspection.conversation import Refusal
from tollway.inspection.draft import Piece
from tollway.inspection.members import listed, number, string
from tollway.wire.counts import part


def pieces(chunk: Mapping[str, Any]) -> Iterable[Piece]:
    """What the chunk's candidates add; Code Assist has Gemini's in a wrapper."""
    chunk = part(chunk, "response") or chunk
    for candidate in listed(chunk.get("candidates")):
        turn = number(candidate, "index")
        for given in listed(part(candidate, "content").get("parts")):
            yield from (Piece(None, block, turn=turn, role="model") for block in blocks(given))
    if reason := string(part(chunk, "promptFeedback"), "blockReason"):
        yield Piece("blocked", Refusal(reason), role="model")
