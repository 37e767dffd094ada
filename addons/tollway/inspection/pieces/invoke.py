"""Bedrock's InvokeModel: a model's own format, known by what a message has."""

from collections.abc import Iterable, Mapping
from typing import Any

from tollway.inspection.attachment import attachment
from tollway.inspection.content import blocks
from tollway.inspection.conversation import Text
from tollway.inspection.draft import Piece
from tollway.inspection.members import listed
from tollway.inspection.pieces import anthropic, chat, converse, vectors
from tollway.wire.counts import part

_SAID = ("generation", "outputText", "completion", "text")
"""In which Llama, Titan, Claude before its messages, and Cohere say what they say."""


def pieces(message: Mapping[str, Any]) -> Iterable[Piece]:
    """What the message adds."""
    if "choices" in message:
        return chat.pieces(message)
    if "type" in message or "content" in message:
        return anthropic.pieces(message)
    if any(name in message for name in ("contentBlockStart", "contentBlockDelta", "output")):
        return converse.pieces(message)
    return [*_said(message)] or vectors.pieces(message)


def _said(message: Mapping[str, Any]) -> Iterable[Piece]:
    owners = [message, *listed(message.get("outputs")), *listed(message.get("generations"))]
    for owner in (*owners, *listed(message.get("results"))):
        for name in _SAID:
            if isinstance(owner.get(name), str):
                yield Piece("text", Text(owner[name]))
    yield from (Piece("text", block) for block in blocks(part(message, "message").get("content")))
    images = message.get("images")
    for image in images if isinstance(images, list) else ():
        yield Piece(None, attachment("image", {"data": image}))
