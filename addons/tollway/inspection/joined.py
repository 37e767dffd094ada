"""The pieces of one block as the block."""

from collections.abc import Sequence

from tollway.inspection.conversation import (
    Attachment,
    Block,
    Other,
    Refusal,
    Text,
    Thinking,
    ToolCall,
    clipped,
)


def grows(kind: type[Block]) -> bool:
    """Whether a piece that has no place goes on with a block of this kind."""
    return kind in (Text, Thinking, Refusal)


def length(block: Block) -> int:
    """Characters that a piece takes."""
    if isinstance(block, ToolCall):
        return len(block.arguments)
    return len(block.text) if isinstance(block, Text | Thinking | Refusal | Other) else 0


def joined(pieces: Sequence[Block]) -> Block | None:
    """The block that the pieces make; what comes whole counts as it came last. None: it is empty."""
    first = pieces[0]
    if isinstance(first, Text | Thinking | Refusal):
        text = "".join(piece.text for piece in pieces if isinstance(piece, Text | Thinking | Refusal))
        return type(first)(clipped(text)) if text else None
    if isinstance(first, ToolCall):
        return _call([piece for piece in pieces if isinstance(piece, ToolCall)])
    if isinstance(first, Attachment):
        return _attachment([piece for piece in pieces if isinstance(piece, Attachment)])
    return pieces[-1]


def _call(pieces: Sequence[ToolCall]) -> ToolCall | None:
    name = next((piece.name for piece in pieces if piece.name), "")
    arguments = clipped("".join(piece.arguments for piece in pieces))
    id = next((piece.id for piece in pieces if piece.id), "")
    return ToolCall(name, arguments, id) if name or arguments else None


def _attachment(pieces: Sequence[Attachment]) -> Attachment:
    sizes = [piece.size for piece in pieces if piece.size is not None]
    media = next((piece.media for piece in pieces if piece.media), "")
    return Attachment(pieces[0].kind, media, sum(sizes) if sizes else None, pieces[0].place)
