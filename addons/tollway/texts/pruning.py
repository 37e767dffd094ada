"""Texts are deleted on time while a proxy runs, whatever its policy says by then."""

import asyncio
from collections.abc import Callable

from tollway.texts.store import Texts

EVERY_SECONDS = 60.0
"""To look whether anything is over takes microseconds."""


class Pruning:
    """Has what is over deleted: at the start, then every minute."""

    def __init__(self, texts: Texts, now_us: Callable[[], int], every_seconds: float = EVERY_SECONDS) -> None:
        self._texts = texts
        self._now_us = now_us
        self._every = every_seconds

    async def run(self) -> None:
        """Do it, until cancelled."""
        while True:
            self._texts.prune(self._now_us())
            await asyncio.sleep(self._every)
