"""How long the oldest work that a writer was given has been waiting for it."""

from collections import deque
from collections.abc import Callable


class Lag:
    """Work is put by one thread, and done by another in the same order; anybody may look."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock`: seconds that only go forward."""
        self._clock = clock
        self._put: deque[float] = deque()

    def put(self) -> None:
        """One more is waiting."""
        self._put.append(self._clock())

    def done(self, count: int) -> None:
        """So many of the oldest are done, however they ended."""
        for _ in range(count):
            self._put.popleft()

    def seconds(self) -> float:
        """How long the oldest has been waiting; 0: nothing is."""
        try:
            oldest = self._put[0]
        except IndexError:
            return 0.0
        return max(self._clock() - oldest, 0.0)
