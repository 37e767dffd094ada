"""Texts are deleted on time, as long as a proxy runs."""

import asyncio
from collections.abc import Collection
from itertools import count

from tollway.texts.pruning import Pruning
from tollway.texts.store import Text


class Pruned:
    """Texts that remember when they were pruned."""

    def __init__(self) -> None:
        self.times: asyncio.Queue[int] = asyncio.Queue()

    def keep(self, text: Text, secrets: Collection[str]) -> None:
        """Not here."""

    def prune(self, now_us: int) -> None:
        self.times.put_nowait(now_us)

    def close(self) -> None:
        """Not here."""


async def test_they_are_at_the_start_and_again_and_again_by_the_clock() -> None:
    texts, times = Pruned(), count(1000)

    task = asyncio.ensure_future(Pruning(texts, lambda: next(times), every_seconds=0.001).run())
    found = [await texts.times.get() for _ in range(3)]
    task.cancel()

    assert found == [1000, 1001, 1002]
