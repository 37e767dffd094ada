"""What a ledger says of levels: a call is sent back from one in the step that would have held it."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.tollway.ledger.limits import MINUTE_US, Limit, Limits, ended, opened, read, standing
from tests.tollway.ledger.samples import NOON_US
from tollway.budget.bucket import Enforce, Want
from tollway.ledger.sqlite import SqliteLedger
from tollway.ledger.store import Reached, Refused, Reserved
from tollway.model import CallRecord

LIMITS = Limits(Limit("day", 1_000), Limit("soft", 1_000, enforce=Enforce.SOFT))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the ledger is to be."""
    return tmp_path / "ledger.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[SqliteLedger]:
    """It, open, at noon."""
    with closing(SqliteLedger(path, now=lambda: NOON_US / 1_000_000)) as ledger:
        yield ledger


def wants(call: CallRecord, *below: int | None, limits: Limits = LIMITS) -> list[Want]:
    """What it wants, in each bucket below so much."""
    pairs = zip(limits.wants(call), below, strict=True)
    return [replace(want, below=level) for want, level in pairs]


async def test_a_call_is_sent_back_from_a_level_that_others_have_reached(
    ledger: SqliteLedger, path: Path
) -> None:
    """Settled and held together; it leaves nothing there."""
    await ledger.reserve(opened("a", 500), LIMITS.wants(opened("a", 500)), NOON_US)
    await ledger.settle(ended(opened("a", 500), 300))
    await ledger.reserve(opened("b", 500), LIMITS.wants(opened("b", 500)), NOON_US)
    call = opened("c", 10)

    found = await ledger.reserve(call, wants(call, 801, 800), NOON_US)
    assert isinstance(found, Reached)
    assert found.by == (1,)
    assert [(each.settled, each.held) for each in found.balances] == [(300, 500)] * 2
    assert read(path).keys() == {"a", "b"}
    assert standing(path) == [(300, 500)] * 2
    assert isinstance(await ledger.reserve(call, wants(call, 801, None), NOON_US), Reserved)


async def test_a_calls_own_hold_brings_it_to_no_level(ledger: SqliteLedger) -> None:
    call = opened("a", 1_000)

    assert isinstance(await ledger.reserve(call, wants(call, 1, 1), NOON_US), Reserved)


async def test_a_level_goes_before_a_wall(ledger: SqliteLedger) -> None:
    """Where there is no room either: it is to go elsewhere, not to be refused."""
    await ledger.reserve(opened("a", 900), LIMITS.wants(opened("a", 900)), NOON_US)
    call = opened("b", 200)

    assert isinstance(await ledger.reserve(call, wants(call, None, 800), NOON_US), Reached)
    assert isinstance(await ledger.reserve(call, wants(call, None, 901), NOON_US), Refused)


async def test_a_level_of_nothing_is_reached_from_the_first_call_on(ledger: SqliteLedger) -> None:
    call = opened("a", 0)

    assert isinstance(await ledger.reserve(call, wants(call, 0, None), NOON_US), Reached)


async def test_the_dead_bring_nobody_to_a_level(path: Path) -> None:
    """What they hold, and are not charged, is released before a call is sent back."""
    limits = Limits(Limit("requests", 1_000, enforce=Enforce.SOFT))
    estimated = opened("a", 1_000)
    with closing(SqliteLedger(path, now=lambda: NOON_US / 1_000_000)) as ledger:
        await ledger.adopt(limits, NOON_US)
        await ledger.reserve(estimated, limits.wants(estimated), NOON_US)
        later_us = NOON_US + 10 * MINUTE_US  # its lease has run out: it is charged its estimate, 100
        call = opened("b", 10, later_us)

        outcome = await ledger.reserve(call, wants(call, 500, limits=limits), later_us)

    assert isinstance(outcome, Reserved)


async def test_of_calls_that_race_only_so_many_are_admitted_below_a_level(ledger: SqliteLedger) -> None:
    """Each of them holds 100: the eighth is still below 800."""
    calls = [opened(f"c{n}", 100) for n in range(20)]
    found = await asyncio.gather(*(ledger.reserve(one, wants(one, 800, None), NOON_US) for one in calls))

    assert [isinstance(one, Reserved) for one in found] == [True] * 8 + [False] * 12
    assert all(isinstance(one, Reached) for one in found[8:])


async def test_a_look_at_buckets_holds_nothing(ledger: SqliteLedger, path: Path) -> None:
    """Of one that is not there yet, too; the terms are those that the want says."""
    call = opened("a", 300)
    (before, _) = await ledger.look(LIMITS.wants(call), NOON_US)
    await ledger.reserve(call, LIMITS.wants(call), NOON_US)
    (after, _) = await ledger.look([replace(want, amount=7) for want in LIMITS.wants(call)], NOON_US)

    assert (before.amount, before.settled, before.held) == (1_000, 0, 0)
    assert (after.amount, after.settled, after.held) == (7, 0, 300)
    assert standing(path) == [(0, 300)] * 2


async def test_a_look_at_a_rolling_window_is_as_of_now(ledger: SqliteLedger) -> None:
    limits = Limits(Limit("hour", 1_000, window_us=60 * MINUTE_US, rolling=True))
    call = opened("a", 300)
    await ledger.reserve(call, limits.wants(call), NOON_US)
    await ledger.settle(ended(call, 200))

    looks = [await ledger.look(limits.wants(call), NOON_US + n * MINUTE_US) for n in (59, 62)]
    assert [look[0].settled for look in looks] == [200, 0]
