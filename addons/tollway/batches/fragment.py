"""A part of a file of requests, read by itself: its whole lines, and what is left of others at both ends."""

from collections.abc import Iterable

from tollway.batches.requests import LONGEST, TOO_LONG, Requests, Weigh
from tollway.batches.weight import Weight, unread


class Fragment:
    """One part. What is kept of what it says are its ends: the line that it begins in, and the one that it
    ends in."""

    def __init__(self, weigh: Weigh, longest: int = LONGEST) -> None:
        self._longest = longest
        self._between = Requests(weigh, longest, amid=True)
        self._first: list[bytes] = []
        self._first_size = 0
        self._is_past_first = False
        self.size = 0
        """Bytes that it has."""

    @property
    def kept(self) -> int:
        """Bytes that are kept of it."""
        return sum(map(len, self._first)) + self._between.kept

    @property
    def is_too_long(self) -> bool:
        """Whether a line at one of its ends is."""
        return self._first_size > self._longest or self._between.unended is None

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        self.size += len(data)
        if not self._is_past_first:
            first, end, data = data.partition(b"\n")
            self._is_past_first = bool(end)
            self._first_size += len(first)
            self._first.append(first)
            if self._first_size > self._longest:
                self._first.clear()
        if data:
            self._between.feed(data)

    def end(self, whole: Requests) -> None:
        """Go on with it where the parts before it have come to. It is not too long."""
        whole.feed(b"".join(self._first))
        if self._is_past_first:
            whole.feed(b"\n")
            whole.add(self._between.ended)
            whole.feed(self._between.unended or b"")


def joined(fragments: Iterable[Fragment], weigh: Weigh, longest: int = LONGEST) -> Weight | None:
    """What the file comes to that these make, in their order; None: it is no file of requests."""
    whole = Requests(weigh, longest)
    for fragment in fragments:
        if fragment.is_too_long:
            return unread(TOO_LONG)
        fragment.end(whole)
    return whole.weight()
