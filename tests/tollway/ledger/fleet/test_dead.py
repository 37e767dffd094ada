"""Nodes that were not heard of for a lease."""

from contextlib import closing

import pytest

from tests.tollway.ledger.fleet.fleets import Clock, Fleet, is_admitted, want
from tests.tollway.ledger.limits import DAY_US, Limit, ended, opened
from tests.tollway.ledger.machine import die
from tests.tollway.ledger.rates import at_once, within
from tests.tollway.ledger.samples import NOON_US
from tollway.ledger.fleet import dead
from tollway.ledger.fleet.desk import LEASE_US

WIDE = at_once(9)
LIMITS = [want(Limit(f"limit {n}")) for n in range(5)]


@pytest.mark.parametrize("most", [2, 5, 500])
async def test_what_they_held_of_limits_is_charged_and_of_calls_at_once_is_over(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """However many buckets they had a part in; and once."""
    monkeypatch.setattr(dead, "MOST_AT_ONCE", most)
    gone = fleet.node("1")
    assert await is_admitted(gone, opened(), [*LIMITS, WIDE, within(9)])
    die(gone)
    gone.close()
    after_us = NOON_US + LEASE_US
    with closing(fleet.node("2")) as node, closing(fleet.client()) as client:
        await node.reap(after_us - 1)
        assert fleet.row(LIMITS[0].bucket) == (0, 100)
        fleet.clock.pass_by(LEASE_US / 1_000_000 + 1)
        for _ in range(2):
            await node.reap(after_us + 1)
            await node.look([WIDE], NOON_US)

        assert [fleet.row(each.bucket) for each in LIMITS] == [(100, 0)] * 5
        assert fleet.row(WIDE.bucket) == (0, 0)
        assert client.zrange(fleet.names.leases, 0, -1) == [node._node.encode()]
        assert client.hkeys(fleet.names.nodes) == [node._node.encode()]


async def test_a_node_that_held_nothing_is_let_go_of_as_well(fleet: Fleet) -> None:
    with closing(fleet.node("1")) as gone:
        await gone.look([WIDE], NOON_US)
    with closing(fleet.node("2")) as node, closing(fleet.client()) as client:
        fleet.clock.pass_by(LEASE_US / 1_000_000 + 1)
        await node.reap(fleet.clock.now_us)
        await node.look([WIDE], NOON_US)

        assert client.zrange(fleet.names.leases, 0, -1) == [node._node.encode()]


async def test_buckets_that_expired_are_listed_no_more(fleet: Fleet) -> None:
    with closing(fleet.node()) as node, closing(fleet.client()) as client:
        assert await is_admitted(node, opened(), LIMITS)
        await node.settle(ended(opened(), 30))
        assert client.zcard(fleet.names.buckets) == 5
        fleet.clock.pass_by(9 * 86_400)
        await node.reap(fleet.clock.now_us)
        await node.look([WIDE], fleet.clock.now_us)

        assert client.zcard(fleet.names.buckets) == 0


async def test_what_they_had_settled_in_a_window_that_rolls_leaves_it_with_its_length(fleet: Fleet) -> None:
    """Nobody else knows when each of it was: so all of it stays until the last of it has left."""
    rolling = want(Limit("rolling", window_us=DAY_US, rolling=True))
    gone = fleet.node("1")
    assert await is_admitted(gone, opened("ends"), [rolling])
    await gone.settle(ended(opened("ends"), 30))
    assert await is_admitted(gone, opened("held"), [rolling])
    die(gone)
    gone.close()
    with closing(fleet.node("2")) as node:
        fleet.clock.pass_by(LEASE_US / 1_000_000 + 2)
        await node.reap(fleet.clock.now_us)
        other = opened("other", at_us=fleet.clock.now_us)
        assert await is_admitted(node, other, [rolling])
        await node.settle(ended(other, 7))
        for passes_us, left in ((0, 137), (DAY_US - LEASE_US, 137), (LEASE_US, 7)):
            fleet.clock.pass_by(passes_us / 1_000_000)
            await node.reap(fleet.clock.now_us)
            (balance,) = await node.look([rolling], fleet.clock.now_us)
            assert (balance.settled, balance.held) == (left, 0)


async def test_of_who_held_nothing_any_more_nothing_is_left_once_its_window_is_out(fleet: Fleet) -> None:
    rolling = want(Limit("rolling", window_us=DAY_US, rolling=True))
    with closing(fleet.node("1")) as gone:
        assert await is_admitted(gone, opened("ends"), [rolling])
        await gone.settle(ended(opened("ends"), 30))
    with closing(fleet.node("2")) as node:
        fleet.clock.pass_by((LEASE_US + DAY_US) / 1_000_000 + 2)
        await node.reap(fleet.clock.now_us)
        await node.reap(fleet.clock.now_us)

    assert not fleet.has_part(fleet.names.bucket(rolling.bucket), gone._node)


async def test_who_comes_back_has_its_part_as_it_is_by_then(fleet: Fleet) -> None:
    """It does not look itself what has left the window: its clock stands still."""
    rolling = want(Limit("rolling", window_us=DAY_US, rolling=True))
    with closing(fleet.node("1")) as away:
        assert await is_admitted(away, opened("ends"), [rolling])
        await away.settle(ended(opened("ends"), 30))
    with closing(fleet.node("2")) as node:
        fleet.clock.pass_by(LEASE_US / 1_000_000 + 2)
        await node.reap(fleet.clock.now_us)
        clock = Clock(fleet.clock.now_us)
        with closing(fleet.node("1", clock)) as back:
            await back.look([rolling], fleet.clock.now_us)
            fleet.clock.pass_by(DAY_US / 1_000_000)
            clock.now_us = fleet.clock.now_us
            await back.look([rolling], fleet.clock.now_us)
            await node.reap(fleet.clock.now_us)
            (balance,) = await back.look([rolling], fleet.clock.now_us)
            assert (balance.settled, balance.held) == (30, 0)
