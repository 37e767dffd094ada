"""The verbs of a ledger that keeps limits, one by one; `test_invariants` has them in any order."""

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.tollway.ledger.limits import (
    DAY_US,
    HOUR_US,
    MINUTE_US,
    Limit,
    Limits,
    ended,
    opened,
    read,
    standing,
)
from tests.tollway.ledger.samples import NOON_US
from tollway.budget.amounts import Amounts, Unit
from tollway.budget.bucket import Balance, Enforce, Want
from tollway.ledger.fault import LedgerError
from tollway.ledger.sqlite import SqliteLedger
from tollway.ledger.store import Budgets, Outdated, Reached, Refused, Reserved
from tollway.model import CallRecord, Cost, Usage

MONTH = Limit()
LIMITS = Limits(MONTH)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the ledger is to be."""
    return tmp_path / "ledger.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[SqliteLedger]:
    """It, open, at noon."""
    with closing(SqliteLedger(path, now=lambda: NOON_US / 1_000_000)) as ledger:
        yield ledger


async def reserve(
    ledger: Budgets, call: CallRecord, limits: Limits = LIMITS, now_us: int | None = None
) -> Reserved | Refused:
    """Ask for a call's bound."""
    now = call.started_us if now_us is None else now_us
    outcome = await ledger.reserve(call, limits.wants(call), now)
    assert not isinstance(outcome, Outdated | Reached)
    return outcome


def figures(balances: Sequence[Balance]) -> list[tuple[int, int]]:
    """What is settled and held in each."""
    return [(each.settled, each.held) for each in balances]


async def test_a_call_that_fits_holds_its_bound(ledger: SqliteLedger, path: Path) -> None:
    """Its row is there in the same step."""
    outcome = await reserve(ledger, opened(nano=1_000))

    assert isinstance(outcome, Reserved)
    assert figures(outcome.balances) == [(0, 1_000)]
    assert outcome.balances[0].left == 0
    assert read(path) == {"a": opened(nano=1_000)}


async def test_a_call_that_does_not_fit_leaves_nothing(ledger: SqliteLedger, path: Path) -> None:
    """No row, no hold, no bucket; what refused it is named."""
    limits = Limits(Limit("wide", 5_000), Limit("tight", 99), Limit("tighter", 50))
    outcome = await reserve(ledger, opened(nano=100), limits)

    assert isinstance(outcome, Refused)
    assert outcome.by == (1, 2)
    assert [each.amount for each in outcome.balances] == [5_000, 99, 50]
    assert read(path) == {}
    assert standing(path) == []


async def test_a_settlement_puts_the_charge_in_the_holds_place(ledger: SqliteLedger, path: Path) -> None:
    """In one step; again it changes nothing, and another charge replaces it."""
    await reserve(ledger, opened())
    done = ended(opened(), 30)

    assert figures(await ledger.settle(done)) == [(30, 0)]
    assert figures(await ledger.settle(done, soon=True)) == [(30, 0)]
    assert figures(await ledger.settle(ended(opened(), 45))) == [(45, 0)]
    assert standing(path) == [(45, 0)]
    assert read(path)["a"].cost.nano == 45


async def test_each_bucket_is_charged_in_its_unit(ledger: SqliteLedger, path: Path) -> None:
    """And held in it: 100 USD of nano, 100 + 200 tokens, 1 request."""
    units = [Unit.USD, Unit.TOKENS, Unit.INPUT, Unit.OUTPUT, Unit.REQUESTS]
    limits = Limits(*(Limit(unit.value, unit=unit) for unit in units))
    outcome = await reserve(ledger, opened(), limits)
    done = ended(opened(), 30, usage=Usage(input_tokens=7, output_tokens=5))

    assert figures(outcome.balances) == [(0, 100), (0, 300), (0, 100), (0, 200), (0, 1)]
    assert figures(await ledger.settle(done)) == [(30, 0), (12, 0), (7, 0), (5, 0), (1, 0)]


async def test_a_call_counts_in_the_bucket_of_each_of_its_groups(ledger: SqliteLedger, path: Path) -> None:
    """And only once in one that it wants twice."""
    limits = Limits(Limit(per=("group",)))
    call = opened(groups=("x", "y", "x"))
    await reserve(ledger, call, limits)
    assert standing(path) == [(0, 100), (0, 100)]
    await ledger.settle(ended(call, 10))

    assert standing(path) == [(10, 0), (10, 0)]


async def test_an_error_that_costs_nothing_releases_the_hold(ledger: SqliteLedger, path: Path) -> None:
    """No money, no tokens, no request."""
    limits = Limits(Limit("usd"), Limit("requests", unit=Unit.REQUESTS))
    await reserve(ledger, opened(), limits)
    failed = replace(opened(), state="done", status=529, usage=Usage(), cost=Cost())

    assert figures(await ledger.settle(failed)) == [(0, 0), (0, 0)]


async def test_a_charge_above_its_hold_is_charged_in_full(ledger: SqliteLedger) -> None:
    """Even where the limit is overspent by it: nothing is hidden."""
    await reserve(ledger, opened(nano=1_000))

    (balance,) = await ledger.settle(ended(opened(), 1_700))
    assert (balance.settled, balance.left) == (1_700, -700)


async def test_soft_limits_admit_while_anything_is_left(ledger: SqliteLedger) -> None:
    """The last one may go beyond; then none is admitted. Shadow limits admit all."""
    limits = Limits(Limit("soft", 100, enforce=Enforce.SOFT), Limit("shadow", 0, enforce=Enforce.SHADOW))

    outcomes = [await reserve(ledger, opened(name, 99), limits) for name in "abc"]
    assert [type(outcome) for outcome in outcomes] == [Reserved, Reserved, Refused]
    assert outcomes[2].balances[0].left == -98


async def test_a_hold_is_lowered_never_raised(ledger: SqliteLedger, path: Path) -> None:
    """In each bucket by its unit; the row says the lower bound, also once it is settled."""
    limits = Limits(Limit("usd"), Limit("tokens", unit=Unit.TOKENS))
    await reserve(ledger, opened(), limits)

    lower = Amounts(nano=60, input_tokens=50, output_tokens=500, requests=1)
    assert figures(await ledger.lower("a", lower)) == [(0, 60), (0, 300)]
    higher = Amounts(nano=70, input_tokens=50, output_tokens=200, requests=1)
    assert figures(await ledger.lower("a", higher)) == [(0, 60), (0, 250)]
    await ledger.settle(ended(opened(), 10))

    assert read(path)["a"].bound == Amounts(nano=60, input_tokens=50, output_tokens=200, requests=1)


async def test_what_is_not_in_flight_is_not_lowered(ledger: SqliteLedger) -> None:
    """Of a call that ended, the balances are told; of one that is not there, nothing."""
    await reserve(ledger, opened())
    await ledger.settle(ended(opened(), 30))

    assert figures(await ledger.lower("a", Amounts())) == [(30, 0)]
    assert await ledger.lower("unknown", Amounts()) == ()


async def test_a_call_is_held_once(ledger: SqliteLedger, path: Path) -> None:
    """A second reservation under its id is refused, and those that share its transaction are not."""
    await reserve(ledger, opened())
    again, other = await asyncio.gather(
        reserve(ledger, opened()), reserve(ledger, opened("b")), return_exceptions=True
    )

    assert isinstance(again, LedgerError)
    assert "it was held before, or had ended" in str(again)
    assert isinstance(other, Reserved)
    assert standing(path) == [(0, 200)]


async def test_a_hold_below_zero_is_refused(ledger: SqliteLedger, path: Path) -> None:
    """It would make room."""
    with pytest.raises(LedgerError, match="call a: a hold is below zero"):
        await reserve(ledger, opened(nano=-1))

    assert standing(path) == []


async def test_no_claim_breaks_a_hold(ledger: SqliteLedger, path: Path) -> None:
    """What is beyond all measure is set right, and flagged; the hold is as large as a row can be."""
    limits = Limits(Limit(enforce=Enforce.SOFT))
    lie = opened(program="curl \udcff", bound=Amounts(nano=10**30))
    await reserve(ledger, lie, limits)
    assert standing(path) == [(0, 5 * 10**15)]
    await ledger.settle(ended(lie, 10**30))

    assert standing(path) == [(10**15, 0)]
    assert read(path)["a"].cost.flags == ("out_of_range",)


async def test_who_gives_up_waiting_for_a_hold_holds_nothing(ledger: SqliteLedger, path: Path) -> None:
    """The client may leave at just that moment."""
    waiting = ledger.reserve(opened(), LIMITS.wants(opened()), NOON_US)
    waiting.cancel()
    while standing(path) != [(0, 0)]:
        await asyncio.sleep(0)

    assert read(path)["a"].error == "abandoned"
    assert read(path)["a"].cost.nano == 0


async def test_what_limits_that_are_kept_no_more_would_hold_is_not_held(
    ledger: SqliteLedger, path: Path
) -> None:
    """Nor by limits that are equal: others may have come beside them, and the call count there, too."""
    await ledger.adopt(LIMITS, NOON_US)
    wants = LIMITS.wants(opened())

    assert isinstance(await ledger.reserve(opened(), wants, NOON_US, Limits(MONTH)), Outdated)
    assert (standing(path), read(path)) == ([], {})
    assert isinstance(await ledger.reserve(opened(), wants, NOON_US, LIMITS), Reserved)
    assert standing(path) == [(0, 100)]


async def test_a_call_without_limits_is_reserved_too(ledger: SqliteLedger, path: Path) -> None:
    """It holds nothing."""
    outcome = await ledger.reserve(opened(), [], NOON_US)

    assert outcome == Reserved(balances=())
    assert await ledger.settle(ended(opened(), 5)) == ()
    assert read(path)["a"].state == "done"


async def test_a_window_has_its_own_bucket(ledger: SqliteLedger, path: Path) -> None:
    """A call stays in the one it started in, whenever it ends; one that is over is listed no more."""
    await reserve(ledger, opened("a"))
    await reserve(ledger, opened("b", at_us=NOON_US + DAY_US))
    await ledger.settle(ended(opened("a"), 40, at_us=NOON_US + DAY_US))

    assert standing(path) == [(40, 0), (0, 100)]
    assert standing(path, NOON_US + DAY_US) == [(0, 100)]


ROLLING = Limit("rolling", window_us=HOUR_US, rolling=True)


async def test_a_rolling_window_forgets_by_the_minute(ledger: SqliteLedger, path: Path) -> None:
    """Spend stands at the minute the call ended in, and leaves once all of it is older than the window."""
    limits = Limits(ROLLING)
    for n, at_us in enumerate((NOON_US, NOON_US + 59_000_000, NOON_US + 60_000_000)):
        await reserve(ledger, opened(str(n)), limits)
        await ledger.settle(ended(opened(str(n)), 10**n, at_us=at_us))

    assert standing(path, NOON_US + HOUR_US + MINUTE_US - 1) == [(111, 0)]
    assert standing(path, NOON_US + HOUR_US + MINUTE_US) == [(100, 0)]
    outcome = await reserve(ledger, opened("x"), limits, NOON_US + HOUR_US + MINUTE_US)
    assert figures(outcome.balances) == [(100, 100)]


async def test_a_bucket_that_another_process_pruned_is_held_in_all_the_same(
    ledger: SqliteLedger, path: Path
) -> None:
    """It was idle for months: the next call makes it anew, and it refuses what does not fit."""
    limits = Limits(ROLLING)
    await reserve(ledger, opened("a"), limits)
    await ledger.settle(ended(opened("a"), 70))
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("DELETE FROM buckets")
        other.execute("DELETE FROM minutes")

    later_us = NOON_US + 90 * DAY_US
    outcome = await reserve(ledger, opened("b", 600, at_us=later_us), limits)
    assert figures(outcome.balances) == [(0, 600)]
    assert standing(path, later_us) == [(0, 600)]
    assert isinstance(await reserve(ledger, opened("c", 600, at_us=later_us), limits), Refused)


async def test_a_clock_that_is_set_back_brings_spend_back(ledger: SqliteLedger) -> None:
    """What had left the rolling window is in it again."""
    limits = Limits(ROLLING)
    await reserve(ledger, opened("a"), limits)
    await ledger.settle(ended(opened("a"), 70))
    later = await reserve(ledger, opened("b"), limits, NOON_US + 3 * HOUR_US)
    back = await reserve(ledger, opened("c"), limits, NOON_US + MINUTE_US)

    assert figures(later.balances) == [(0, 100)]
    assert figures(back.balances) == [(70, 200)]


async def test_a_late_change_does_not_touch_what_left_a_rolling_window(ledger: SqliteLedger) -> None:
    """It is charged where the call ended."""
    limits = Limits(ROLLING)
    await reserve(ledger, opened("a"), limits)
    await ledger.settle(ended(opened("a"), 70))
    await reserve(ledger, opened("b"), limits, NOON_US + 3 * HOUR_US)

    assert figures(await ledger.settle(ended(opened("a"), 90))) == [(0, 100)]


async def test_holds_of_long_calls_count_throughout(ledger: SqliteLedger) -> None:
    """However long the window is over."""
    limits = Limits(ROLLING)
    await reserve(ledger, opened("a"), limits)
    await ledger.extend(["a"], NOON_US + 9 * HOUR_US)

    outcome = await reserve(ledger, opened("b"), limits, NOON_US + 5 * HOUR_US)
    assert figures(outcome.balances) == [(0, 200)]


async def test_a_lease_that_ran_out_is_charged_at_the_bound(ledger: SqliteLedger, path: Path) -> None:
    """Under a hard limit; a late settlement replaces the charge."""
    await reserve(ledger, opened())

    assert await ledger.reap(NOON_US + 5 * MINUTE_US) == 0
    assert await ledger.reap(NOON_US + 5 * MINUTE_US + 1) == 1
    lost = read(path)["a"]
    assert (lost.state, lost.cost.nano, lost.cost.other_nano) == ("lost", 100, 100)
    assert (lost.usage.input_tokens, lost.usage.output_tokens) == (100, 200)
    assert lost.cost.flags == ("charged_at_bound",)
    assert standing(path) == [(100, 0)]
    assert figures(await ledger.settle(ended(opened(), 30))) == [(30, 0)]


async def test_a_lease_is_renewed(ledger: SqliteLedger, path: Path) -> None:
    """Of calls in flight only."""
    await reserve(ledger, opened("a"))
    await reserve(ledger, opened("b"))
    await ledger.settle(ended(opened("b"), 1))
    await ledger.extend(["a", "b", "unknown"], NOON_US + HOUR_US)

    assert await ledger.reap(NOON_US + HOUR_US) == 0
    assert await ledger.reap(NOON_US + HOUR_US + 1) == 1
    assert standing(path) == [(101, 0)]


async def test_a_lost_call_under_a_soft_limit_stays_at_its_estimate(ledger: SqliteLedger, path: Path) -> None:
    """What it held is released."""
    await reserve(ledger, opened(), Limits(Limit(enforce=Enforce.SOFT)))
    await ledger.reap(NOON_US + HOUR_US)

    assert standing(path) == [(10, 0)]
    assert read(path)["a"].cost.flags == ()


async def test_before_a_refusal_the_dead_are_looked_for(ledger: SqliteLedger) -> None:
    """At most once a second: a lease that ran out makes room as soon as somebody needs it."""
    limits = Limits(Limit(amount=100, enforce=Enforce.SOFT))
    await reserve(ledger, opened("a"), limits)
    assert isinstance(await reserve(ledger, opened("b"), limits), Refused)
    outcome = await reserve(ledger, opened("c"), limits, NOON_US + 6 * MINUTE_US)

    assert figures(outcome.balances) == [(10, 100)]


async def test_a_record_counts_once_limits_are_kept(ledger: SqliteLedger, path: Path) -> None:
    """Reserved or not: what a rebuild would add up is added up at once."""
    await ledger.adopt(LIMITS, NOON_US)
    await ledger.record(ended(opened("a"), 30))
    await reserve(ledger, opened("b"))
    await ledger.record(ended(opened("b"), 4))

    assert standing(path) == [(34, 0)]


async def test_settling_a_call_that_was_never_reserved_charges_it(ledger: SqliteLedger, path: Path) -> None:
    """Once, however often; also where its row was opened by a record."""
    await ledger.adopt(LIMITS, NOON_US)
    await ledger.record(opened("a"))
    await ledger.settle(ended(opened("a"), 30))

    assert figures(await ledger.settle(ended(opened("a"), 20))) == [(20, 0)]


async def test_a_want_beyond_any_amount_is_refused_with_a_reason(ledger: SqliteLedger, path: Path) -> None:
    """The store can't keep an amount of more than 64 bits; nothing is held then."""
    want = Want(bucket=LIMITS.wants(opened())[0].bucket, amount=10**30, enforce=Enforce.HARD, hold=1)
    with pytest.raises(LedgerError):
        await ledger.reserve(opened(), [want], NOON_US)

    assert read(path) == {}
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT count(*) FROM buckets").fetchone() == (0,)
    assert isinstance(await reserve(ledger, opened()), Reserved)
