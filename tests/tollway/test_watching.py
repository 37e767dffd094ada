"""Levels that were reached are told once."""

import asyncio
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.tollway.admitting import NOW_US, candidate, governing, keeping
from tollway import watching
from tollway.holds import Holds
from tollway.model import Cost
from tollway.waiting import Line
from tollway.watching import Watching

DAY = governing("limits: [{name: day, per: user, amount: 1 USD, window: day, alerts: [50%, 80%]}]")
ROLLING = governing("limits: [{name: roll, amount: 10 requests, window: rolling 24h, alerts: [10%]}]")


async def said(path: Path, caplog: pytest.LogCaptureFixture, *cents: int) -> list[str]:
    """What is told, as calls of so many cents end one after another; two processes watch."""
    policy = ROLLING if not cents[0] else DAY
    async with keeping(path / "ledger.db", policy) as ledger:
        watches = [Watching(policy.limits.levels, ledger, lambda: NOW_US) for _ in range(2)]
        for n, cost in enumerate(cents):
            call = candidate(policy)
            row = replace(call.row, id=f"c{n}", user="ann")
            wants = [
                replace(want, bucket=bucket)
                for want, bucket in zip(call.wants, policy.limits.all_buckets(row, NOW_US), strict=True)
            ]
            await ledger.reserve(row, wants, NOW_US)
            done = replace(row, state="done", status=200, cost=Cost(output_nano=cost * 10_000_000))
            await Holds(ledger, Line(), watches[n % 2]).end(done)
            await ledger.quarantined()  # behind what was asked
            await asyncio.sleep(0)
    return [record.getMessage() for record in caplog.records if record.name == watching.logger.name]


async def test_each_level_is_told_once_over_all_processes(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    found = await said(tmp_path, caplog, 49, 2, 1, 40, 1)

    assert found == [
        "the limit day (user ann) has reached 50%: 0.51 USD of 1 USD",
        "the limit day (user ann) has reached 80%: 0.92 USD of 1 USD",
    ]


async def test_a_rolling_windows_level_is_told_once_in_its_length(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert await said(tmp_path, caplog, 0, 0, 0) == [
        "the limit roll has reached 10%: 1 requests of 10 requests"
    ]


async def test_what_is_remembered_is_bounded(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ledger remembers the rest."""
    monkeypatch.setattr(watching, "REMEMBERED", 1)

    assert len(await said(tmp_path, caplog, 90, 1, 1, 1)) == 2
