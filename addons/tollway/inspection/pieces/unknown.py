"""An answer whose dialect nobody told: known by what its messages have."""

from collections.abc import Iterable, Mapping
from typing import Any

from tollway.inspection.draft import Piece
from tollway.inspection.members import string
from tollway.inspection.pieces import chat, gemini, interactions, invoke, ollama, responses
from tollway.wire.counts import part


def pieces(message: Mapping[str, Any]) -> Iterable[Piece]:
    """What the message adds."""
    if "choices" in message:
        return chat.pieces(message)
    if "candidates" in message or "candidates" in part(message, "response"):
        return gemini.pieces(message)
    if string(message, "type").startswith("response.") or isinstance(message.get("output"), list):
        return responses.pieces(message)
    if "steps" in message or string(message, "event_type"):
        return interactions.pieces(message)
    if "done" in message:
        return ollama.pieces(message)
    return invoke.pieces(message)
