"""What the ledger shows of calls, over a real one."""

import asyncio
from contextlib import closing
from pathlib import Path

from tests.tollway.ledger.samples import call
from tollway import clock
from tollway.budget.amounts import Amounts, Unit
from tollway.budget.bucket import Bucket, Enforce, Want
from tollway.demo.limits.sight import Sights
from tollway.ledger.open import open_ledger
from tollway.model import CallRecord, Cost, Source, Usage
from tollway.money import NANO

HOUR_US = 3_600_000_000


async def hold(ledger: object, id: str) -> CallRecord:
    """Admit a call that holds 1 USD of 10."""
    now_us = clock.now_us()
    day = Bucket(
        limit="day", key="day:1", unit=Unit.USD, start_us=now_us // HOUR_US * HOUR_US - HOUR_US,
        end_us=now_us // HOUR_US * HOUR_US + 24 * HOUR_US,
    )  # fmt: skip
    opened = call(
        id, state="open", started_us=now_us, limits=("day",), bound=Amounts(nano=NANO), cost=Cost(),
        usage=Usage(),
    )  # fmt: skip
    want = Want(bucket=day, amount=10 * NANO, enforce=Enforce.HARD, hold=NANO)
    await ledger.reserve(opened, [want], now_us)  # type: ignore[attr-defined]
    return opened


async def test_a_call_is_seen_while_it_is_held_and_once_it_has_ended(tmp_path: Path) -> None:
    """With its bucket as it stands: 1 of 10 USD is held, then 0.3 are settled."""
    url = f"sqlite:{tmp_path / 'ledger.db'}"
    with closing(open_ledger(url)) as ledger:
        sights = Sights(url)
        opened = await hold(ledger, "1")

        held = await sights.following()
        assert (held.call.id, held.call.state, held.left) == ("1", "open", 9 * NANO)

        ending = asyncio.ensure_future(sights.ended("1"))
        done = {"state": "done", "ended_us": opened.started_us + 1, "status": 200}
        cost = Cost(output_nano=3 * NANO // 10, source=Source.COMPUTED)
        await ledger.settle(call("1", started_us=opened.started_us, limits=("day",), cost=cost, **done))
        ended = await ending
        assert (ended.call.cost.nano, ended.left) == (3 * NANO // 10, 97 * NANO // 10)


async def test_no_call_is_followed_twice(tmp_path: Path) -> None:
    """Of two that come one after the other, each is seen once."""
    url = f"sqlite:{tmp_path / 'ledger.db'}"
    with closing(open_ledger(url)) as ledger:
        sights = Sights(url)
        await hold(ledger, "1")
        first = await sights.following()
        following = asyncio.ensure_future(sights.following())

        await hold(ledger, "2")

        assert (first.call.id, (await following).call.id) == ("1", "2")
