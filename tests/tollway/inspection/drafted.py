"""What a dialect's pieces make of messages."""

from collections.abc import Mapping
from typing import Any

from tollway.inspection.conversation import Block, Turn
from tollway.inspection.draft import Draft
from tollway.inspection.pieces import Pieces


def drafted(pieces: Pieces, *messages: Mapping[str, Any]) -> tuple[Turn, ...]:
    """The turns that the messages come to."""
    draft = Draft()
    for message in messages:
        draft.add(pieces(message))
    return draft.turns()


def blocks_of(pieces: Pieces, *messages: Mapping[str, Any]) -> tuple[Block, ...]:
    """The blocks of the one turn; none if nothing was said."""
    turns = drafted(pieces, *messages)
    return turns[0].blocks if turns else ()
