"""Calls that a cache may answer, and until when they wait to be kept."""

import asyncio
from contextlib import closing, suppress
from typing import Any

from tests.tollway.road import Road
from tollway import clock
from tollway.cache.fault import CacheError
from tollway.cache.file import beside
from tollway.cache.shelf import SqliteShelf
from tollway.hooks.look_up import LookUp
from tollway.ledger.open import path_of

CACHE = "cache: [{match: {operation: [chat, embeddings]}, ttl: 1h, scope: user}]\n"


async def kept(road: Road, number: int) -> None:
    """Until so many answers can be found, and none waits to be kept. From then on nobody joins them."""
    step: Any = road.step(LookUp)
    async with asyncio.timeout(60):
        while answers(road) < number or step._answers._keeping._writer.waiting:
            await asyncio.sleep(0.001)
    land(road)


def land(road: Road) -> None:
    """Have nobody join what has ended."""
    flying = road.step(LookUp)._flying
    for key, shared in list(flying._shared.items()):
        flying.land(key, shared)


def answers(road: Road) -> int:
    """How many are kept."""
    with suppress(CacheError), closing(SqliteShelf(beside(path_of(road.ledger_url)))) as shelf:
        return sum(share.answers for share in shelf.stats(clock.now_us()))
    return 0  # it is just being made
