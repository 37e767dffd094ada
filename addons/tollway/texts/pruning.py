"""Texts and answers are deleted on time while a proxy runs, whatever its policy says by then."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

EVERY_SECONDS = 60.0
"""To look whether anything is over takes microseconds."""


class Kept(Protocol):
    """A store of what is kept for some time."""

    def prune(self, now_us: int) -> None:
        """Delete what is over. Does not wait, and never raises."""


class Pruning:
    """Has what is over deleted: at the start, then every minute."""

    def __init__(
        self, stores: Sequence[Kept], now_us: Callable[[], int], every_seconds: float = EVERY_SECONDS
    ) -> None:
        self._stores = stores
        self._now_us = now_us
        self._every = every_seconds

    async def run(self) -> None:
        """Do it, until cancelled."""
        while True:
            for store in self._stores:
                store.prune(self._now_us())
            await asyncio.sleep(self._every)
