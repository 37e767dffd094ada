"""How long to wait before something that ended is started again."""

from collections.abc import Callable

FIRST_SECONDS = 0.1
MOST_SECONDS = 10.0
SOUND_SECONDS = 60.0
"""Who lived for so long is started again as if for the first time."""


class Backoff:
    """Of one worker: each end that follows soon upon its start doubles the wait."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock`: seconds that only go forward."""
        self._clock = clock
        self._next = FIRST_SECONDS
        self._since = clock()

    def started(self) -> None:
        """It was started just now."""
        self._since = self._clock()

    def wait_seconds(self) -> float:
        """It ended just now: how long to wait."""
        if self._clock() - self._since >= SOUND_SECONDS:
            self._next = FIRST_SECONDS
        wait, self._next = self._next, min(2 * self._next, MOST_SECONDS)
        return wait
