"""The flows of a mitmproxy file, cut out of its bytes as they come by: typed netstrings, `LENGTH:...TYPE`."""

import re

LONGEST = 2**30
"""Bytes of one flow; a longer one is told, and skipped."""

_MOST_DIGITS = 12
_LENGTH = re.compile(rb"([0-9]{1,12}):")


class Netstrings:
    """Cuts them out, the same ones however the bytes are cut.

    A length that is none leaves no way to find the next flow: reading stops there.
    """

    def __init__(self, longest: int = LONGEST) -> None:
        self._longest = longest
        self._held: list[bytes] = []
        self._size = 0  # of what is held
        self._needed = 0  # bytes that the netstring has; 0: its length is not known yet
        self.broken = False
        """From some byte on these were no netstrings."""

    @property
    def inside(self) -> bool:
        """A netstring has begun that is not whole."""
        return self._size > 0

    @property
    def measured(self) -> bool:
        """The length of the one that has begun is known."""
        return self._needed > 0

    def feed(self, data: bytes) -> list[bytes | None]:
        """Take the next bytes, and return the netstrings that they finish; None for one that is too long."""
        found: list[bytes | None] = []
        at = 0
        while at < len(data) and not self.broken:
            if not self._needed:
                at = self._length(data, at)
                continue
            taken = data[at : at + self._needed - self._size]
            at += len(taken)
            self._keep(taken)
            if self._size == self._needed:
                found.append(b"".join(self._held) if self._needed <= self._longest else None)
                self._held, self._size, self._needed = [], 0, 0
        return found

    def _length(self, data: bytes, at: int) -> int:
        """Read the length that begins here, or began before: its digits are held."""
        head = b"".join(self._held) + data[at : at + _MOST_DIGITS + 1]
        match = _LENGTH.match(head)
        if match is not None:
            self._needed = match.end() + int(match[1]) + 1
        elif len(head) > _MOST_DIGITS or not head.isdigit():
            self.broken = True
        end = at + (len(head) if match is None else match.end()) - self._size
        self._keep(data[at:end])
        return end

    def _keep(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._needed <= self._longest:
            self._held.append(piece)
