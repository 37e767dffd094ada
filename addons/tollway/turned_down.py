"""Which clients do not take the certificates that Tollway makes: as they pin a provider's, or are not set up.

One program of one machine is known by its address, the host that it wants, and what its hello offers. It is
taken for one that can't be read once it has turned certificates down several times, and never took one; who
was set up wrongly has failed by then, and seen why.
"""

from collections import OrderedDict
from typing import NamedTuple

TIMES = 3
"""What SDKs try in a row before they give up."""
SECONDS = 3600.0
"""After which it is tried anew."""
MOST = 10_000


class Caller(NamedTuple):
    """Who wants what."""

    address: str
    host: str
    form: str
    """Of its hello."""


class TurnedDown:
    """What is remembered of them. Times are in seconds."""

    def __init__(self) -> None:
        self._times: OrderedDict[Caller, tuple[int, float]] = OrderedDict()
        self._took: OrderedDict[Caller, None] = OrderedDict()

    def turned_down(self, caller: Caller, now: float) -> int:
        """A certificate was not taken; how often that was, lately."""
        times = self._lately(caller, now) + 1
        _put(self._times, caller, (times, now))
        return times

    def took(self, caller: Caller) -> None:
        """A certificate was taken."""
        self._times.pop(caller, None)
        _put(self._took, caller, None)

    def is_unreadable(self, caller: Caller, now: float) -> bool:
        """Whether it would turn down another one."""
        return caller not in self._took and self._lately(caller, now) >= TIMES

    def _lately(self, caller: Caller, now: float) -> int:
        times, at = self._times.get(caller, (0, now))
        return times if at <= now < at + SECONDS else 0


def _put[V](known: OrderedDict[Caller, V], caller: Caller, value: V) -> None:
    known[caller] = value
    known.move_to_end(caller)
    if len(known) > MOST:
        known.popitem(last=False)
