"""An operator lets go of what a process held that died."""

from contextlib import closing

import pytest

from tests.tollway.ledger.fleet.fleets import Fleet, asked, is_admitted, quiet, want
from tests.tollway.ledger.limits import Limit, Limits, ended, opened
from tests.tollway.ledger.machine import die
from tests.tollway.ledger.samples import NOON_US
from tollway.ledger.fault import LedgerError
from tollway.ledger.fleet.ledger import FleetLedger
from tollway.ledger.open import open_books, release
from tollway.ledger.release import RELEASED

LIMITS, WANTS = Limits(Limit()), [want()]


async def test_a_call_whose_process_died_is_charged_nothing(fleet: Fleet) -> None:
    dead = fleet.node()
    assert await is_admitted(dead, opened("lost"), WANTS)
    die(dead)
    dead.close()
    released = release(fleet.url(), "lost")
    assert (released.state, released.cost.nano, released.cost.flags) == ("done", 0, (RELEASED,))
    assert fleet.row(WANTS[0].bucket) == (0, 100)

    with closing(fleet.node()) as node:
        await node.adopt(LIMITS, NOON_US)
        await beat(node)
        assert fleet.row(WANTS[0].bucket) == (0, 0)
        await beat(node)  # what the one before took is logged by the next
        with closing(open_books(fleet.url())) as books:
            assert [call.cost.nano for call in books.calls()] == [0]


async def beat(node: FleetLedger) -> None:
    """What a process does each second."""
    await quiet(node)
    node._writer._beaten -= 2
    await quiet(node)


async def test_one_that_the_next_process_took_for_lost_is_let_go_of_as_well(fleet: Fleet) -> None:
    dead = fleet.node()
    assert await is_admitted(dead, opened("lost"), WANTS)
    die(dead)
    dead.close()
    with closing(fleet.node()) as node:
        await node.adopt(LIMITS, NOON_US)
        await beat(node)
        assert fleet.row(WANTS[0].bucket) == (100, 0)
        release(fleet.url(), "lost")
        await beat(node)
        assert fleet.row(WANTS[0].bucket) == (0, 0)


async def test_a_call_in_flight_is_not_and_neither_is_one_that_ended(fleet: Fleet, node: FleetLedger) -> None:
    await asked(node, opened("flies"), WANTS)
    await asked(node, opened("done"), WANTS)
    await node.settle(ended(opened("done"), 50))
    with pytest.raises(LedgerError, match="call flies: it is in flight, and its process lives"):
        release(fleet.url(), "flies")
    with pytest.raises(LedgerError, match="call done: it ended"):
        release(fleet.url(), "done")


async def test_a_call_of_another_machine_is_let_go_of_there(fleet: Fleet) -> None:
    with closing(fleet.node("2")) as node:
        await asked(node, opened("there"), WANTS)
    with pytest.raises(LedgerError, match=r"call there: no journal of this machine has it .*/machine1\)"):
        release(fleet.url("1"), "there")


async def test_a_journal_that_cant_be_read_is_said(fleet: Fleet) -> None:
    fleet.node().close()
    fleet.journals()[0].write_bytes(b"no database at all" * 100)
    with pytest.raises(LedgerError, match=r"1\.db: its file is no SQLite database"):
        release(fleet.url(), "lost")
