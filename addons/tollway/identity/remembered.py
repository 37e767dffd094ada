"""Tokens that were verified, known by their hash for a while, since a check takes 70 µs and more."""

import hashlib
from collections import OrderedDict

from tollway.identity.judge import Known
from tollway.identity.token import plain

MOST = 10_000
LONGEST_SECONDS = 300.0
"""Then a token is checked again: its issuer may have withdrawn the key."""


class Remembered:
    """The tokens that were shown last. A token itself is never kept."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._known: OrderedDict[bytes, tuple[Known, float]] = OrderedDict()

    def find(self, text: str, now: float) -> Known | None:
        """Whose token it is, if it was verified lately and has not expired."""
        name = _name(text)
        known, until = self._known.get(name, (None, 0.0))
        if known is None or until <= now:
            self._known.pop(name, None)
            return None
        self._known.move_to_end(name)
        return known

    def add(self, text: str, known: Known, now: float) -> None:
        """Remember it; of too many, the one that was not shown for the longest is forgotten."""
        self._known[_name(text)] = known, min(known.expires, now + LONGEST_SECONDS)
        if len(self._known) > self._most:
            self._known.popitem(last=False)


def _name(text: str) -> bytes:
    return hashlib.sha256(plain(text).encode("utf-8", "surrogateescape")).digest()
