"""A recorded answer, played again: a stream as a stream, in pieces that end where its events do."""

from collections.abc import Callable, Iterator

from tollway.caching.recorded import Recorded
from tollway.played import CameTo, Head, Told

MARKS = (b"\n\n", b"\r\n\r\n", b"\n")
"""What events end with (SSE), and lines."""
SIZE = 16 * 1024
"""Bytes of a piece, unless an event is longer."""
SECOND_US = 1_000_000


def pieces(body: bytes, size: int = SIZE) -> Iterator[bytes]:
    """A stream in pieces of at most so many bytes, each of whole events: one that is longer is a piece."""
    start = 0
    while start < len(body):
        end = start + size
        if end < len(body):
            end = _end_of_event(body, start, end)
        yield body[start:end]
        start = end


def _end_of_event(body: bytes, start: int, end: int) -> int:
    """Where an event ends: the last that does so by then, or else the first behind it. Of what has no events,
    or other ones, lines count."""
    for mark in MARKS:
        if (last := body.rfind(mark, start, end)) >= 0:
            return last + len(mark)
        if (first := body.find(mark, end - len(mark))) >= 0:
            return first + len(mark)
    return end


class Replay:
    """An answer that is played (`played.Played`)."""

    def __init__(self, found: Recorded, now_us: int, given: Callable[[], None] = lambda: None) -> None:
        """`given` is told when it begins to be played."""
        self._given = given
        self._found = found
        self._age = max(now_us - found.made_us, 0) // SECOND_US
        self._pieces = pieces(found.body) if found.stream else iter((found.body,))
        self.came_to = CameTo(usage=found.usage, cost_nano=found.cost_nano)

    def head(self) -> Head:
        """As it was, with its age (RFC 9111, section 5.1)."""
        self._given()
        fields = [
            (name.encode(), value.encode("utf-8", "surrogateescape")) for name, value in self._found.headers
        ]
        return Head(
            status=self._found.status,
            fields=(*fields, (b"age", b"%d" % self._age)),
            size=None if self._found.stream else len(self._found.body),
        )

    def take(self) -> bytes | None:
        """As `Played.take`: all of it is there."""
        return next(self._pieces, None)

    def when_more(self, told: Told) -> None:
        """It is told at once."""
        told()

    def leave(self) -> None:
        """Nothing is kept of it."""
