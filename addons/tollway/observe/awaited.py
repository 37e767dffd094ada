"""Calls at an estimate, whose usage may still come: what was counted of each, to count only the rest then."""

from collections import OrderedDict

from tollway.answers import REMEMBERED
from tollway.model import TO_COME, CallRecord
from tollway.observe.counting import Counts

MOST = 2 * REMEMBERED
"""More than the proxy itself remembers, which forgets the oldest first, too: of what is forgotten here,
nothing more comes."""


class Awaited:
    """By the ids of calls."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._counted: OrderedDict[str, Counts] = OrderedDict()

    def before(self, call: CallRecord) -> Counts | None:
        """What was counted of this call when it ended; None: this is its end."""
        return self._counted.pop(call.id, None)

    def counted(self, call: CallRecord, counts: Counts) -> None:
        """Remember what was counted of a call, if more may come of it."""
        if not TO_COME.isdisjoint(call.cost.flags):
            self._counted[call.id] = counts
            if len(self._counted) > self._most:
                self._counted.popitem(last=False)
