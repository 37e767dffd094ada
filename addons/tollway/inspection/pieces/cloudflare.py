"""Cloudflare's Workers AI by its own path: what the model's kind answers, in a wrapper."""

from collections.abc import Iterable, Mapping
from typing import Any

from tollway.inspection.draft import Piece
from tollway.inspection.pieces import chat, media, ollama, vectors
from tollway.wire.counts import part


def pieces(message: Mapping[str, Any]) -> Iterable[Piece]:
    """What a chunk adds, or the result has."""
    result = part(message, "result") or message
    if "choices" in result:
        return chat.pieces(result)
    if "response" in result:
        return ollama.pieces(result)
    return [*media.pieces(result), *vectors.pieces(result)]
