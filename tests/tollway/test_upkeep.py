"""What is done every minute while a proxy runs."""

import asyncio
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.tollway.admitting import NOW_US, candidate, governing, keeping
from tollway.ledger.store import Quarantined
from tollway.quarantine import Quarantine
from tollway.upkeep import Upkeep

LIMIT = governing("limits: [{name: day, amount: 1 USD, window: day}]")
LATER_US = NOW_US + 200_000_000


def lease(path: Path) -> int:
    """Until when the one call is in flight."""
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("SELECT lease_us FROM calls").fetchone()[0])


async def test_leases_are_renewed_and_news_is_learnt(tmp_path: Path) -> None:
    path, quarantine = tmp_path / "ledger.db", Quarantine()
    found = Quarantined(alert="bound-1", provider="openai", model="gpt-4o", shape="x")
    async with keeping(path, LIMIT) as ledger:
        call = candidate(LIMIT)
        await ledger.reserve(call.row, call.wants, NOW_US)
        before = lease(path)
        await ledger.quarantine(found, NOW_US)

        await Upkeep(ledger, lambda: ["c1"], quarantine, lambda: LATER_US).once()

        assert lease(path) - before == LATER_US - NOW_US
    assert quarantine.has("openai", "gpt-4o", "x") == "bound-1"


async def test_it_is_done_again_and_again_and_a_failure_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A ledger that is closed, here."""
    async with keeping(tmp_path / "ledger.db", LIMIT) as ledger:
        closed = ledger
    upkeep = asyncio.ensure_future(Upkeep(closed, lambda: [], Quarantine(), lambda: NOW_US, 0.001).run())
    async with asyncio.timeout(120):
        while caplog.text.count("leases were not renewed") < 2:
            await asyncio.sleep(0.001)
    upkeep.cancel()
    with suppress(asyncio.CancelledError):
        await upkeep
