"""Whether this machine's clock was set while we ran: it should pass as fast as the time since the machine was
started."""

import time
from collections.abc import Callable

from tollway.readiness.clock import Step

LEAST_US = 2_000_000
"""What NTP never sets a clock by that it keeps: it has it run slower or faster."""


def since_boot() -> float:
    """Seconds that only go forward, those in which the machine slept among them where the system tells."""
    boot = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime(boot)


class Steps:
    """Looked at from time to time; from one thread."""

    def __init__(self, now: Callable[[], float], elapsed: Callable[[], float] = since_boot) -> None:
        """`now`: seconds since the epoch; `elapsed`: of a clock that nobody sets."""
        self._now = now
        self._elapsed = elapsed
        self._before = self._apart()
        self._step: tuple[int, float] | None = None

    def last(self) -> Step | None:
        """The last step, as far as a look was before and after it."""
        apart, before = self._apart(), self._before
        self._before = apart
        if abs(us := int((apart - before) * 1_000_000)) >= LEAST_US:
            self._step = us, self._elapsed()
        if self._step is None:
            return None
        us, at = self._step
        return Step(us, self._elapsed() - at)

    def _apart(self) -> float:
        return self._now() - self._elapsed()
