"""How many connections each process has that accepts from the same sockets: so that all have about as many.

The kernel wakes all of them for a connection, and whoever is first has it. Measured on two cores, of 100 at
once three processes took 24, 28 and 48, and with this 32 to 34. Connections to a proxy are few and stay for
hours, so that a process which has twice as many has twice the work for as long.
"""

import mmap

PLACES = 256
"""Processes at the same time, those among them that take no more."""
BYTES = 2 * 8 * PLACES
"""Two words for each: how many connections it has, and how many it took since all began."""
NONE = -1
"""In the place of a process that takes no connections, or of none."""
WAIT_SECONDS = 0.002
"""How long a connection is left to those who have fewer, who take it in a tenth of that unless they are busy
or stopped."""


class Share:
    """What one process has; alone unless it has a place on a page that others see. A word is written and read
    as a whole, and what is read may be old: nothing depends on it but how even it is."""

    def __init__(self, words: "memoryview[int] | None" = None, place: int = 0) -> None:
        self._words = words
        self._place = 2 * place
        self._has = 0
        self._took = 0
        self._stopped = False
        if words is not None:  # who comes later is not to catch up with all that was taken before
            self._took = max([took for has, took in pairs(words) if has != NONE], default=0)
        self._tell(0)

    def wait_seconds(self) -> float:
        """How long to leave the next connection to others: who have fewer, or as many and took fewer."""
        if self._words is None:
            return 0.0
        mine = (self._has, self._took)
        return WAIT_SECONDS if any(NONE != pair[0] and pair < mine for pair in pairs(self._words)) else 0.0

    def taken(self) -> None:
        """One more connection is ours."""
        self._has += 1
        self._took += 1
        self._tell(self._has)

    def ended(self) -> None:
        """One of them has ended."""
        self._has -= 1
        if not self._stopped:
            self._tell(self._has)

    def stop(self) -> None:
        """No more are taken here."""
        self._stopped = True
        self._tell(NONE)

    def _tell(self, has: int) -> None:
        if self._words is not None:
            self._words[self._place + 1] = self._took
            self._words[self._place] = has


def pairs(words: "memoryview[int]") -> list[tuple[int, int]]:
    """What each place says."""
    flat = words.tolist()
    return list(zip(flat[::2], flat[1::2], strict=True))


class Page:
    """A file that all of them have open, and map into their memory."""

    def __init__(self, fd: int) -> None:
        """`fd`: of a file of BYTES."""
        self._words = memoryview(mmap.mmap(fd, BYTES)).cast("q")

    def clear(self) -> None:
        """Nobody has a place."""
        for place in range(PLACES):
            self.free(place)

    def share(self, place: int) -> Share:
        """That of the process which has this place."""
        return Share(self._words, place)

    def free(self, place: int) -> None:
        """The process that had this place is gone."""
        self._words[2 * place] = NONE

    def counts(self) -> list[int]:
        """Connections, of each process that takes them."""
        return [has for has, _ in pairs(self._words) if has != NONE]
