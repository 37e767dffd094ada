"""A replay admits the calls that the real store admits: the same calls, in a ledger in SQLite."""

import asyncio
import tempfile
from collections.abc import Sequence
from heapq import heappop, heappush
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.tollway.backtest.samples import Seen, attempt, attempts, call
from tests.tollway.ledger.samples import NOON_US
from tests.tollway.policy.written import policy
from tollway.backtest.load import load
from tollway.backtest.quantities import PLACE
from tollway.budget.amounts import Amounts, Unit
from tollway.budget.bucket import Enforce, Want
from tollway.ledger.books import SqliteBooks
from tollway.ledger.sqlite import SqliteLedger
from tollway.ledger.store import Reserved
from tollway.model import Billing, CallRecord, Cost, Usage
from tollway.policy.limits import Limits

CALENDAR = """
timezone: America/New_York
limits:
  - {name: day, amount: 0.000003000 USD, window: day, then: [block]}
  - {name: each, per: user, amount: 0.000001500 USD, window: hour, then: [block]}
  - {name: soft, match: {model: "gpt-4o"}, amount: 900 tokens, window: week, enforce: soft, then: [block]}
"""
ROLLING = """
limits:
  - {name: money, per: [user, model], amount: 0.000001200 USD, window: rolling 10m, then: [block]}
  - {name: out, per: group, amount: 300 output tokens, window: rolling 1h, enforce: soft, then: [block]}
  - {name: seen, amount: 2 requests, window: rolling 1m, enforce: shadow}
"""
RATES = """
limits: [{name: few, amount: 9 requests, window: day, notional: true, then: [block]}]
rates:
  - {name: often, per: user, allow: 3 requests / minute, burst: 2, then: [block]}
  - {name: much, allow: 400 tokens / minute, then: [block]}
  - {name: wide, allow: 3 at once, then: [block]}
"""


@st.composite
def traffic(draw: st.DrawFn) -> list[CallRecord]:
    """Calls of an hour or some days, at once or one after the other, with bounds or without."""
    found: list[CallRecord] = []
    at = 0.0
    for number in range(draw(st.integers(1, 25))):
        at += draw(st.sampled_from([0, 0.5, 10, 45, 300, 5_000, 40_000]))
        nano, output = draw(st.integers(0, 900)), draw(st.integers(0, 90))
        fields: dict[str, Any] = {
            "user": draw(st.sampled_from(["ann", "ben", None])),
            "groups": draw(st.sampled_from([(), ("g",), ("g", "h")])),
            "model": draw(st.sampled_from(["gpt-4o", "gpt-4.1"])),
            "billing": draw(st.sampled_from([Billing.METERED, Billing.METERED, Billing.NOTIONAL])),
            "usage": Usage(input_tokens=40, output_tokens=output),
            "status": draw(st.sampled_from([200, 200, 200, 500])),
        }
        if draw(st.booleans()):
            most = nano + draw(st.integers(1, 900))
            fields["bound"] = Amounts(nano=most, input_tokens=60, output_tokens=output + 9, requests=1)
        seconds = draw(st.sampled_from([0, 0.1, 2, 70, 200]))
        found.append(call(str(number), at, seconds, nano, **fields))
    return found


class Live:
    """Calls as a proxy of one policy would hold and settle them."""

    def __init__(self, path: Path, text: str) -> None:
        self._ledger = SqliteLedger(path, now=lambda: NOON_US / 1_000_000)
        self.rules = Limits(policy(text))
        self._ends: list[tuple[int, int, CallRecord]] = []

    async def run(self, calls: Sequence[CallRecord], adopts_at_us: int) -> list[str]:
        """Those that it does not admit. Those before the moment of adoption nobody asks."""
        refused, adopted = [], False
        for number, one in enumerate(calls):
            if one.started_us >= adopts_at_us and not adopted:
                await self._end(adopts_at_us - 1)
                await self._ledger.adopt(self.rules, adopts_at_us)
                adopted = True
            await self._end(one.started_us)
            if await self._admits(one, asks=adopted):
                heappush(self._ends, (one.ended_us or one.started_us, number, one))
            else:
                refused.append(one.id)
        await self._end(2**60)
        self._ledger.close()
        return refused

    async def _admits(self, one: CallRecord, asks: bool) -> bool:
        bare = {"state": "open", "ended_us": None, "cost": Cost(), "usage": Usage(), "status": None}
        row = replace(one, **bare)
        if not asks:
            await self._ledger.record(row)
            return True
        met, made = self.rules.met(row), load(attempt(one), is_cached=False)
        wants = []
        for limit, bucket in zip(met.limits, met.buckets, strict=True):
            place, amount = PLACE[bucket.unit], limit.amount_at(row.started_us)
            by_bound = limit.enforce is Enforce.HARD or bucket.unit is Unit.REQUESTS
            hold = made.holds[place] if by_bound else made.charges[place]
            hold = min(hold, amount) if bucket.slides else hold
            wants.append(Want(bucket=bucket, amount=amount, enforce=limit.enforce, hold=hold))
        outcome = await self._ledger.reserve(row, wants, row.started_us, self.rules)
        return isinstance(outcome, Reserved)

    async def _end(self, until_us: int) -> None:
        while self._ends and self._ends[0][0] <= until_us:
            await self._ledger.settle(heappop(self._ends)[2])


def compare(text: str, calls: list[CallRecord], since_us: int = 0) -> None:
    """Call by call, and at the end bucket by bucket."""
    seen = Seen(policy(text), since_us=since_us)
    seen.run(attempts(seen, calls))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "ledger.db")
        refused = asyncio.run(Live(path, text).run(calls, since_us))
        books = SqliteBooks(path)
        rows = {row.bucket.id: row for row in books.buckets(calls[0].started_us)}
        books.close()

    assert seen.refused == refused
    purses = {id: one for id, one in seen.kinds._purses.items() if not one.bucket.is_rate}
    last_us = max(one.started_us for one in calls)
    for id, purse in purses.items():
        if purse.bucket.rolling_us is None and (purse.bucket.end_us or 0) > last_us and id in rows:
            assert (purse.settled, purse.held) == (rows[id].settled, rows[id].held)


@pytest.mark.parametrize("text", [CALENDAR, ROLLING, RATES], ids=["calendar", "rolling", "rates"])
@settings(deadline=None, max_examples=40)
@given(calls=traffic())
def test_the_store_refuses_the_same_calls(text: str, calls: list[CallRecord]) -> None:
    """However many are in flight at once, across windows of the calendar and rolling ones, and rates."""
    compare(text, calls)


@pytest.mark.parametrize("text", [CALENDAR, ROLLING], ids=["calendar", "rolling"])
@settings(deadline=None, max_examples=40)
@given(calls=traffic(), at=st.sampled_from([1, 100, 2_000, 50_000]))
def test_calls_before_the_span_count_as_they_do_when_a_policy_is_put_in_force(
    text: str, calls: list[CallRecord], at: int
) -> None:
    """The store rebuilds the buckets of a limit that is new from the rows, those in flight included."""
    compare(text, calls, NOON_US + at * 1_000_000)
