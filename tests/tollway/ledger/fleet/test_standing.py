"""How a fleet's buckets stand, for those who look."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from msgspec.structs import replace

from tests.tollway.ledger.fleet.fleets import Fleet, asked, is_admitted, want
from tests.tollway.ledger.limits import DAY_US, HOUR_US, Limit, Limits, ended, opened
from tests.tollway.ledger.rates import at_once, within
from tests.tollway.ledger.samples import NOON_US
from tollway.budget.bucket import Enforce
from tollway.ledger.fleet.desk import AGAIN_SECONDS
from tollway.ledger.fleet.server import Server, where
from tollway.ledger.fleet.standing import standing, standing_of

DAY, SOFT = want(), want(Limit("a", enforce=Enforce.SOFT, window_us=HOUR_US))


@pytest.fixture
def redis(fleet: Fleet) -> Iterator[Server]:
    """A connection."""
    with closing(Server(where(fleet.url()))) as redis:
        yield redis


async def test_buckets_are_told_over_all_nodes_and_rates_are_not(fleet: Fleet, redis: Server) -> None:
    """By limit; under the terms that were asked for last, and since the first call came."""
    with closing(fleet.node("1")) as one, closing(fleet.node("2")) as two:
        assert await is_admitted(one, opened("a"), [DAY, SOFT, at_once(9), within(9)])
        fleet.clock.pass_by(5)
        assert await is_admitted(two, opened("b"), [replace(DAY, amount=2_000)])
        await two.settle(ended(opened("b"), 30))
        found = standing(redis, fleet.names, NOON_US)

    assert [(row.bucket, row.amount, row.enforce, row.settled, row.held) for row in found] == [
        (SOFT.bucket, 1_000, Enforce.SOFT, 0, 100),
        (DAY.bucket, 2_000, Enforce.HARD, 30, 100),
    ]
    assert [row.started_us for row in found] == [NOON_US, NOON_US]


async def test_windows_that_are_over_are_not_told(fleet: Fleet, redis: Server) -> None:
    with closing(fleet.node()) as node:
        assert await is_admitted(node, opened(), [DAY, SOFT])
    names = fleet.names

    assert [row.bucket for row in standing(redis, names, NOON_US + HOUR_US)] == [DAY.bucket]
    assert standing(redis, names, NOON_US + DAY_US) == []


async def test_buckets_that_are_asked_for_are_told_in_their_order(fleet: Fleet, redis: Server) -> None:
    """None: no call counts in it yet."""
    with closing(fleet.node()) as node:
        assert await is_admitted(node, opened(), [DAY])
    first, second = standing_of(redis, fleet.names, [SOFT.bucket, DAY.bucket])

    assert first is None
    assert second is not None
    assert (second.settled, second.held) == (0, 100)


async def test_a_bucket_is_told_though_its_first_call_was_refused_elsewhere(
    fleet: Fleet, redis: Server
) -> None:
    """A call that is refused describes nothing, and the next one does."""
    with closing(fleet.node()) as node:
        await asked(node, opened("a"), [DAY, want(Limit("none", amount=0))])
        assert await is_admitted(node, opened("b"), [DAY])

    assert [row.bucket for row in standing(redis, fleet.names, NOON_US)] == [DAY.bucket]


async def test_buckets_are_told_again_after_redis_lost_its_data(frail: Fleet) -> None:
    """Before any call asks for them."""
    with closing(frail.node()) as node:
        await node.adopt(Limits(Limit()), NOON_US)
        assert await is_admitted(node, opened(), [DAY])
        frail.server.kill()
        await node.settle(ended(opened(), 30))
        frail.server.start()
        frail.clock.pass_by(AGAIN_SECONDS)
        await node.look([SOFT], NOON_US)
        with closing(Server(where(frail.url()))) as redis:
            (row,) = standing(redis, frail.names, NOON_US)

    assert (row.bucket, row.amount, row.settled, row.held) == (DAY.bucket, 1_000, 30, 0)
