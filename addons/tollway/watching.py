"""What limits have to say: a level was reached, a call refused, a bound exceeded.

Each is told once, over all processes of the ledger: in a window of a bucket, or of a kind of calls.
"""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

from tollway.alerts.alert import Alert, bound_violated, level_reached, refused_first
from tollway.budget.bucket import Balance
from tollway.ledger.store import REFUSAL, Incidents
from tollway.model import CallRecord
from tollway.quarantine import Quarantine

Levels = Callable[[str], Sequence[int]]
"""The alert levels of the limit of a key, in percent."""
Known = tuple[str, int]
"""A bucket's id, and a level or REFUSAL."""
REMEMBERED = 100_000
"""Such that are known to be told; then all are forgotten, and the ledger is asked again."""


class Watching:
    """Sees calls' ends, and refusals. Belongs to one event loop, and never makes it wait."""

    def __init__(
        self,
        levels: Levels,
        incidents: Incidents,
        quarantine: Quarantine,
        tell: Callable[[Alert], None],
        now_us: Callable[[], int],
    ) -> None:
        self._levels = levels
        self._incidents = incidents
        self._quarantine = quarantine
        self._tell = tell
        self._now_us = now_us
        self._told: set[Known] = set()
        self._asked: set[asyncio.Future[bool]] = set()

    def __call__(self, record: CallRecord, balances: Sequence[Balance]) -> None:
        """What a call's end leaves in its buckets: tell the levels that were reached."""
        for balance in balances:
            for level in self._levels(balance.bucket.key):
                if balance.settled * 100 >= level * balance.amount:
                    self._once(balance, level, partial(level_reached, balance, level))

    def refused(self, balance: Balance) -> None:
        """A limit has refused a call, for want of room in this bucket."""
        self._once(balance, REFUSAL, partial(refused_first, balance))

    def violated(self, record: CallRecord, shape: str) -> None:
        """A call cost more than its bound: hard limits take no more of its kind until somebody accepts it."""
        found, at_us = self._quarantine.add(record.provider, record.model, shape), self._now_us()
        alert = bound_violated(record, shape, found.alert, at_us)

        def answered(first: "asyncio.Future[bool]") -> None:
            """Where the ledger does not know who is the first, all say it."""
            if not first.cancelled() and (first.exception() is not None or first.result()):
                self._tell(alert)

        self._ask(self._incidents.quarantine(found, at_us), answered)

    async def idle(self) -> None:
        """Wait until all that was seen so far is told."""
        while self._asked:
            await asyncio.wait(self._asked)

    def _once(self, balance: Balance, level: int, alert: Callable[[int], Alert]) -> None:
        known = (balance.bucket.id, level)
        if known in self._told:
            return
        if len(self._told) >= REMEMBERED:
            self._told.clear()
        if balance.bucket.rolling_us is None:  # in a rolling window it may come to that again
            self._told.add(known)
        at_us = self._now_us()

        def answered(first: "asyncio.Future[bool]") -> None:
            if first.cancelled() or first.exception() is not None:
                self._told.discard(known)
            elif first.result():
                self._tell(alert(at_us))

        self._ask(self._incidents.first_alert(balance.bucket, level, at_us), answered)

    def _ask(self, first: "asyncio.Future[bool]", answered: Callable[["asyncio.Future[bool]"], None]) -> None:
        self._asked.add(first)
        first.add_done_callback(answered)
        first.add_done_callback(self._asked.discard)
