"""What providers say of plans while a proxy runs: kept in the ledger, and remembered for metrics."""

import asyncio
import logging
from collections.abc import Callable

from tollway.plans.seen import Seen, Whose, as_of, fullest

logger = logging.getLogger(__name__)

AGAIN_US = 60 * 1_000_000
"""What is said again unchanged is written once in so long."""
MOST = 10_000
"""Plans that are remembered."""


class Planning:
    """Belongs to the proxy's event loop. No call waits for it."""

    def __init__(
        self, note: Callable[[Seen], "asyncio.Future[None]"], now_us: Callable[[], int], most: int = MOST
    ) -> None:
        """`note` writes it down."""
        self._note = note
        self._now_us = now_us
        self._most = most
        self._last: dict[Whose, Seen] = {}

    def hear(self, seen: Seen) -> None:
        """A provider said it."""
        before = self._last.pop(seen.whose, None)
        if before is not None and is_same(before, seen):
            self._last[seen.whose] = before
            return
        self._last[seen.whose] = seen
        if len(self._last) > self._most:
            del self._last[next(iter(self._last))]
        self._note(seen).add_done_callback(_say_if_lost)

    def used(self) -> dict[tuple[str, str], int]:
        """By provider and gauge, how many percent the account has used that has used most, as of now."""
        return fullest(as_of(self._last.values(), self._now_us()))


def is_same(before: Seen, seen: Seen) -> bool:
    """Whether nothing is new, and what was written is young."""
    old, new = before.gauges, seen.gauges
    said = [(told.gauges, told.plan, told.credits) for told in (old, new)]
    return said[0] == said[1] and new.at - old.at < AGAIN_US


def _say_if_lost(written: "asyncio.Future[None]") -> None:
    if not written.cancelled() and (error := written.exception()):
        logger.warning("the ledger did not take what a provider said of a plan: %s", error)
