"""What is held ends with its call, and whoever waits for it is called."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from tests.tollway.admitting import NOW_US, candidate, governing, keeping
from tollway.budget.amounts import Amounts
from tollway.budget.bucket import Balance
from tollway.holds import Holds
from tollway.model import CallRecord, Cost
from tollway.waiting import Line

LIMIT = governing("limits: [{name: day, amount: 1 USD, window: day}]")


async def test_a_calls_end_settles_what_it_held_and_calls_who_waits(tmp_path: Path) -> None:
    line = Line(poll_seconds=1000)
    seen: list[tuple[str, list[int]]] = []

    def watch(record: CallRecord, balances: Sequence[Balance]) -> None:
        seen.append((record.id, [balance.settled for balance in balances]))

    async with keeping(tmp_path / "ledger.db", LIMIT) as ledger:
        call = candidate(LIMIT)
        await ledger.reserve(call.row, call.wants, NOW_US)
        place = line.join()
        line.stand(place, {want.bucket.id: 1 for want in call.wants})
        called = asyncio.ensure_future(line.turn(place, line.now() + 1000))

        await Holds(ledger, line, watch).end(
            replace(call.row, state="done", status=200, cost=Cost(output_nano=7))
        )

        assert await called
    assert seen == [("c1", [7])]


async def test_what_is_lowered_calls_who_waits_too(tmp_path: Path) -> None:
    line = Line(poll_seconds=1000)
    async with keeping(tmp_path / "ledger.db", LIMIT) as ledger:
        call = candidate(LIMIT)
        await ledger.reserve(call.row, call.wants, NOW_US)
        place = line.join()
        line.stand(place, {want.bucket.id: 1 for want in call.wants})

        Holds(ledger, line).lower("c1", Amounts(nano=5, input_tokens=5, output_tokens=5, requests=1))

        assert await line.turn(place, line.now() + 1000)


async def test_a_call_that_met_no_limit_is_only_written(tmp_path: Path) -> None:
    seen: list[str] = []
    async with keeping(tmp_path / "ledger.db", LIMIT) as ledger:
        row = replace(candidate(governing("")).row, state="done")
        await Holds(ledger, Line(), lambda record, balances: seen.append(record.id)).end(row)

    assert seen == []
