"""Whether an event loop still turns, seen from another thread."""

from collections.abc import Callable

HUNG_SECONDS = 30.0
"""So long nothing that we do stands still: then the process is to be started anew."""


class Pulse:
    """Beaten on the loop (`beating.beat`), felt by any thread."""

    def __init__(
        self,
        clock: Callable[[], float],
        late: Callable[[int], None] = lambda us: None,
        hung_seconds: float = HUNG_SECONDS,
    ) -> None:
        """`clock`: seconds that only go forward; `late` hears how late each beat was."""
        self._clock = clock
        self._late = late
        self._hung = hung_seconds
        self._last = clock()

    def beat(self, late_us: int) -> None:
        """The loop has come round."""
        self._last = self._clock()
        self._late(late_us)

    def stands_still(self) -> float | None:
        """For how many seconds it has not; None: not for long."""
        seconds = self._clock() - self._last
        return seconds if seconds >= self._hung else None
