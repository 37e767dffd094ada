"""Reading together what comes in small pieces, one right behind the other.

A piece costs its way through all layers, a tenth of a millisecond, whatever its size. A proxy that is
faster than the sender reads ever smaller ones: it is as busy as the sender, for nothing. Within such a run
the next piece is read a millisecond later, with all that has come by then (network cards do the same, as
interrupt moderation).

Only what is passed on counts, not what the two ends of one connection tell each other (HTTP/2's windows).
Question and answer in turn are no run, nor are the first pieces of an answer, events that are a millisecond
apart, or the large pieces of a download: nothing of that ever waits.
"""

PAUSE = 0.001
"""Seconds."""
SMALL = 8 * 1024
"""Bytes; what comes in larger pieces comes together already."""
FREE = 4
"""Pieces that a run has before anything waits."""


class RunOfPieces:
    """How many small pieces have come from one sender, each right behind the last."""

    def __init__(self) -> None:
        self._sender: object = None
        self._end = 0.0
        self._length = 0

    def pause(self, sender: object, size: int, now: float) -> bool:
        """Note a piece that was passed on, at a time in seconds; whether to read the next `PAUSE` later."""
        goes_on = sender is self._sender and size < SMALL and now - self._end < PAUSE
        self._sender, self._length = sender, self._length + 1 if goes_on else 1
        pauses = self._length > FREE
        self._end = now + PAUSE if pauses else now
        return pauses
