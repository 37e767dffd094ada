"""An answer that comes piece by piece, put together as its pieces arrive."""

from collections.abc import Iterable
from typing import NamedTuple

from tollway.inspection.conversation import Block, Turn
from tollway.inspection.joined import grows, joined, length

MOST = 20_000
"""Blocks that are kept."""
LARGEST = 8 * 2**20
"""Characters that are taken in."""


class Piece(NamedTuple):
    """A piece of a block, or (`whole`) all of it: the blocks of a place take the room of what stood there."""

    place: int | str | None
    """Where in its turn, as the dialect numbers it; None: behind the last block, or in it."""
    block: Block
    part: int = 0
    """Which part of what stands there."""
    whole: bool = False
    turn: int = 0
    """Which of the answers, where several were asked for."""
    role: str = "assistant"


type _Parts = dict[tuple[int, type[Block]], list[Block]]


class Draft:
    """What has come so far. Pieces of one place, part and kind are one block."""

    def __init__(self) -> None:
        self._turns: dict[int, tuple[str, dict[int | str, _Parts]]] = {}
        self._last: tuple[int, int | str, type[Block]] | None = None
        self._places = self._blocks = self._size = 0
        self.full = False
        """More came than is kept."""

    def add(self, pieces: Iterable[Piece]) -> None:
        """Take the next pieces."""
        for piece in pieces:
            self._blocks += 1
            self._size += length(piece.block)
            if self._size > LARGEST or (self._blocks > MOST and piece.place is None):
                self.full = True
                return
            self._add(piece)

    def turns(self) -> tuple[Turn, ...]:
        """The turns so far; what is empty is left out."""
        found = []
        for _, (role, places) in sorted(self._turns.items()):
            blocks = (joined(blocks) for parts in places.values() for blocks in parts.values())
            found.append(Turn(role, tuple(block for block in blocks if block is not None)))
        return tuple(turn for turn in found if turn.blocks)

    def _add(self, piece: Piece) -> None:
        kind = type(piece.block)
        place = piece.place if piece.place is not None else self._next(piece.turn, kind)
        _, places = self._turns.setdefault(piece.turn, (piece.role, {}))
        parts = places.setdefault(place, {})
        if piece.whole and piece.part == 0:
            parts.clear()
        parts.setdefault((piece.part, kind), []).append(piece.block)
        self._last = (piece.turn, place, kind)

    def _next(self, turn: int, kind: type[Block]) -> int | str:
        """The place of a piece that has none."""
        if self._last is not None and self._last[0] == turn and self._last[2] is kind and grows(kind):
            return self._last[1]
        self._places += 1
        return f"next {self._places}"

    def copy(self) -> "Draft":
        """One that goes on by itself."""
        other = Draft()
        other._turns = {
            turn: (
                role,
                {place: {key: [*pieces] for key, pieces in parts.items()} for place, parts in places.items()},
            )
            for turn, (role, places) in self._turns.items()
        }
        other._last, other.full = self._last, self.full
        other._places, other._blocks, other._size = self._places, self._blocks, self._size
        return other
