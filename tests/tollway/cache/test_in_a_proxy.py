"""A proxy keeps its answers beside its ledger, and within the room and the time that they have."""

import asyncio
import os
from contextlib import closing

import pytest

from tests.tollway.cache.test_contract import key, noise
from tests.tollway.caching.kept import answer
from tests.tollway.identified import Roads
from tests.tollway.road import Road
from tollway import clock
from tollway.cache.file import beside
from tollway.cache.shelf import SqliteShelf
from tollway.cache.sqlite import SqliteAnswers
from tollway.ledger.open import path_of

HOUR_US = 3_600_000_000


def fill(road: Road, count: int) -> None:
    """Keep answers of 100 KB, as another process of the ledger does."""
    now_us = clock.now_us()
    with closing(SqliteAnswers(beside(path_of(road.ledger_url)), 10**9)) as answers:
        for n in range(count):
            answers.keep(key(f"n{n}"), answer(noise(100_000), made_us=now_us + n, until_us=now_us + HOUR_US))


def size(road: Road) -> int:
    """Bytes that are there and not over."""
    shelf = SqliteShelf(beside(path_of(road.ledger_url)))
    return sum(share.size for share in shelf.stats(clock.now_us()))


async def until_size(road: Road, least: int, most: int) -> None:
    async with asyncio.timeout(60):
        while not least <= size(road) <= most:
            await asyncio.sleep(0.005)


async def test_a_start_makes_it_as_small_as_the_policy_says(roads: Roads) -> None:
    async with roads("") as road:
        fill(road, 20)
        assert size(road) > 2_000_000

    async with roads("cache: [{ttl: 1d}]\ncache_size: 1 MB\n") as road:
        await until_size(road, 500_000, 1_000_000)


async def test_a_start_deletes_what_is_over_whatever_the_policy_says(
    roads: Roads, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with roads("") as road:
        fill(road, 2)
        path = beside(path_of(road.ledger_url))
        later = clock.now_us() + HOUR_US

    monkeypatch.setattr(clock, "now_us", lambda: later)
    async with roads(""), asyncio.timeout(60):
        while os.stat(path).st_size > 100_000:
            await asyncio.sleep(0.005)
