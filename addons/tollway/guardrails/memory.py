"""What was found in which content, so that a turn of a conversation costs the search of what is new in it.

A content is known by a keyed hash. Neither it nor what was found in it is kept: where in it, and what kind.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock

from msgspec import Struct
from msgspec.structs import replace

from tollway.guardrails.pieces import Piece, pieces
from tollway.guardrails.spot import HIDDEN, Searched, Spot

SMALL = 1_024
"""Bytes of a body that is one content: it takes as long to search as pieces of it to look up."""
MOST = 50_000
"""Contents, and things found in them: some ten megabytes, twice as much where all of it is found."""
NOTHING_IN_IT = Searched((), 0)


class Looked(Struct, frozen=True):
    """A body, as far as it is known."""

    parts: tuple[tuple[Piece, bytes, Searched | None], ...]
    """Its pieces, their names, and what is in them; None: they are new."""

    @property
    def new(self) -> list[Piece]:
        """What is to be searched."""
        return [piece for piece, _, searched in self.parts if searched is None]


class Memory:
    """Of one set of detectors: another one has another memory. Threads may share it."""

    def __init__(self, key: bytes, most: int = MOST, small: int = SMALL) -> None:
        """`key`: secret, of always the same length."""
        self._keyed = hashlib.sha256(key)
        self._of_texts = hashlib.sha256(key + b"text")
        self._most = most
        self._small = small
        self._known: OrderedDict[bytes, Searched] = OrderedDict()
        self._weight = 0
        self._lock = Lock()

    def look(self, body: bytes) -> Looked:
        """Which pieces of it are known."""
        found = pieces(body) if len(body) > self._small else (Piece(body, 0, ()),)
        named = [(piece, self._name(piece)) for piece in found]
        with self._lock:
            return Looked(tuple([(piece, name, self._seen(name)) for piece, name in named]))

    def has(self, text: str, search: Callable[[str], bool]) -> bool:
        """Whether something is found in a text by itself, as one of an answer. Where nothing is, nobody
        searches again."""
        keyed = self._of_texts.copy()
        keyed.update(text.encode("utf-8", "surrogatepass"))
        name = keyed.digest()
        with self._lock:
            if self._seen(name) is not None:
                return False
        if search(text):
            return True
        self._keep(name, NOTHING_IN_IT)
        return False

    def _name(self, piece: Piece) -> bytes:
        keyed = self._keyed.copy()
        keyed.update(piece.content)
        return keyed.digest()

    def _seen(self, name: bytes) -> Searched | None:
        """What is known, which is now the last that was seen."""
        searched = self._known.get(name)
        if searched is not None:
            self._known.move_to_end(name)
        return searched

    def learn(self, looked: Looked, found: Sequence[Searched]) -> Searched:
        """All that is in a body, once what is new was searched: `found` is for each of `Looked.new`. By where
        it is in the body."""
        spots, unread, news, is_shown = list[Spot](), 0, iter(found), True
        for piece, name, searched in looked.parts:
            if searched is None:
                searched = next(news)
                self._keep(name, searched)
            if not piece.path:  # with the key of what follows
                is_shown = not searched.spots
            spots += [_moved(spot, piece, is_shown) for spot in searched.spots]
            unread += searched.unread
        return Searched(tuple(spots), unread)

    def _keep(self, name: bytes, searched: Searched) -> None:
        """And forget those that were not seen for the longest, if these are too many now."""
        with self._lock:
            if name not in self._known:
                self._known[name] = searched
                self._weight += _weight(searched)
            while self._weight > self._most:
                _, forgotten = self._known.popitem(last=False)
                self._weight -= _weight(forgotten)


def _weight(searched: Searched) -> int:
    return 1 + len(searched.spots)


def _moved(spot: Spot, piece: Piece, is_shown: bool) -> Spot:
    before = piece.path if is_shown else (HIDDEN, *piece.path[1:])
    path = (before if piece.path else ()) + spot.path
    return replace(spot, start=spot.start + piece.at, end=spot.end + piece.at, path=path)
