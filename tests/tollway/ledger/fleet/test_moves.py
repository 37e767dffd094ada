"""What a journal's transactions change in its buckets, for the mirror."""

from contextlib import closing

import pytest

from tests.tollway.ledger.fleet.fleets import Fleet, is_admitted, quiet, want
from tests.tollway.ledger.limits import Limit, Limits, ended, opened
from tests.tollway.ledger.samples import NOON_US
from tollway.ledger.fault import LedgerError
from tollway.ledger.fleet.ledger import FleetLedger

LIMITS = Limits(Limit())
WANTS = [want()]


async def test_what_is_undone_is_not_told(node: FleetLedger, fleet: Fleet) -> None:
    """A step that fails takes the others' with it, which are done again alone."""
    assert await is_admitted(node, opened(), WANTS)
    fails = node._writer.put(lambda db, fit: 1 // 0)
    settled = node.settle(ended(opened(), 40))
    with pytest.raises(LedgerError, match="ZeroDivisionError"):
        await fails
    (balance,) = await settled

    assert (balance.settled, balance.held) == fleet.row(WANTS[0].bucket) == (40, 0)


async def test_buckets_that_are_rebuilt_are_told_as_they_are_by_then(node: FleetLedger, fleet: Fleet) -> None:
    """Also where the same transaction had moved them before."""
    await node.record(ended(opened("before"), 7))
    assert await is_admitted(node, opened(), WANTS)
    settled = node.settle(ended(opened(), 40))
    adopted = node.adopt(LIMITS, NOON_US)
    await settled
    await adopted
    await quiet(node)

    assert fleet.row(WANTS[0].bucket) == (47, 0)
    assert fleet.shared() == fleet.parts()


async def test_what_calls_came_to_that_asked_nobody_is_told(node: FleetLedger, fleet: Fleet) -> None:
    """And described, though no call has asked for it."""
    await node.adopt(LIMITS, NOON_US)
    await node.record(ended(opened(), 7))
    await quiet(node)

    assert fleet.row(WANTS[0].bucket) == (7, 0)
    assert fleet.client().hexists(fleet.names.bucket(WANTS[0].bucket), "d")


async def test_a_new_process_tells_what_its_journal_has(fleet: Fleet) -> None:
    with closing(fleet.node()) as node:
        await node.adopt(LIMITS, NOON_US)
        await node.record(ended(opened(), 7))
    fleet.client().delete(fleet.names.bucket(WANTS[0].bucket), fleet.names.parts(node._node))
    with closing(fleet.node()) as node:
        await node.look(WANTS, NOON_US)

        assert fleet.row(WANTS[0].bucket) == (7, 0)


async def test_a_new_process_leaves_windows_that_are_over_as_they_were(fleet: Fleet) -> None:
    """Calls that started in them may end yet."""
    with closing(fleet.node()) as node:
        await node.adopt(LIMITS, NOON_US)
        await node.record(ended(opened(), 7))
    fleet.clock.pass_by(86_400)
    with closing(fleet.node()) as node:
        await node.look(WANTS, fleet.clock.now_us)

        assert fleet.row(WANTS[0].bucket) == (7, 0)
