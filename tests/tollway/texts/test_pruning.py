"""Texts are deleted on time, as long as a proxy runs."""

import asyncio
import sqlite3
from collections.abc import Collection
from contextlib import closing
from itertools import count

import pytest

from tests.tollway.calls import CHAT
from tests.tollway.identified import Roads
from tests.tollway.texts.kept import all_bytes, file_of, kept, texts
from tests.tollway.texts.made import DAY_US
from tollway import clock
from tollway.texts.pruning import Pruning
from tollway.texts.store import DELETED, Text


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

    task = asyncio.ensure_future(Pruning([texts], lambda: next(times), every_seconds=0.001).run())
    found = [await texts.times.get() for _ in range(3)]
    task.cancel()

    assert found == [1000, 1001, 1002]


async def test_a_proxy_deletes_what_is_over_also_once_its_policy_keeps_nothing(
    roads: Roads, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next start finds it, whatever the policy says by then."""
    async with roads("record: [{keep: 2d}]\n") as road:
        async with road.client() as client:
            await client.post(CHAT.url, json=CHAT.body)
        call = await road.call()
        await kept(road, call.id, "request", "response")
    with closing(sqlite3.connect(file_of(road))) as db:
        (stored,) = db.execute("SELECT body FROM texts WHERE part = 'response'").fetchone()
    assert stored in all_bytes(road)

    async with roads("") as road:
        assert texts(road, call.id)["response"].body is not None
    monkeypatch.setattr(clock, "now_us", lambda: call.started_us + 2 * DAY_US)
    async with roads("") as road, asyncio.timeout(60):
        while texts(road, call.id)["response"].why_not != DELETED:
            await asyncio.sleep(0.005)

    assert stored[-40:] not in all_bytes(road)
    assert texts(road, call.id)["request"].body is None
