"""Levels of a limit that were reached: told in the log, once in a window of a bucket, over all processes."""

import asyncio
import logging
from collections.abc import Callable, Sequence

from tollway.budget.bucket import Balance
from tollway.budget.remaining import quantity
from tollway.ledger.store import Incidents
from tollway.model import CallRecord

logger = logging.getLogger(__name__)

Levels = Callable[[str], Sequence[int]]
"""The alert levels of the limit of a key, in percent."""
REMEMBERED = 100_000
"""Levels that are known to be told; then all are forgotten, and the ledger is asked again."""


class Watching:
    """Sees what each call's end leaves in its buckets. Belongs to one event loop."""

    def __init__(self, levels: Levels, incidents: Incidents, now_us: Callable[[], int]) -> None:
        self._levels = levels
        self._incidents = incidents
        self._now_us = now_us
        self._told: set[tuple[str, int]] = set()

    def __call__(self, record: CallRecord, balances: Sequence[Balance]) -> None:
        """Tell the levels that were reached and that nobody told yet."""
        for balance in balances:
            for level in self._levels(balance.bucket.key):
                if balance.settled * 100 >= level * balance.amount:
                    self._reached(balance, level)

    def _reached(self, balance: Balance, level: int) -> None:
        known = (balance.bucket.id, level)
        if known in self._told:
            return
        if len(self._told) >= REMEMBERED:
            self._told.clear()
        if balance.bucket.rolling_us is None:  # a rolling window may reach it again
            self._told.add(known)
        first = self._incidents.first_alert(balance.bucket, level, self._now_us())
        first.add_done_callback(lambda answer: _tell(answer, balance, level))


def _tell(first: "asyncio.Future[bool]", balance: Balance, level: int) -> None:
    if first.cancelled() or first.exception() is not None or not first.result():
        return
    bucket = balance.bucket
    who = ", ".join(f"{name} {value}" for name, value in bucket.values.items())
    logger.warning(
        "the limit %s%s has reached %d%%: %s of %s",
        *(bucket.limit, f" ({who})" if who else "", level),
        *(quantity(balance.settled, bucket.unit), quantity(balance.amount, bucket.unit)),
    )
