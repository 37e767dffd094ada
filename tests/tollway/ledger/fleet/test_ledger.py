"""The ledger of a fleet, as a process writes it; ../test_store.py has what all ledgers do."""

import asyncio
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.tollway.ledger.fleet.fleets import Fleet, asked, is_admitted, quiet, want
from tests.tollway.ledger.limits import HOUR_US, Limit, Limits, ended, opened, read
from tests.tollway.ledger.samples import NOON_US, call
from tollway.ledger.fault import LedgerError
from tollway.ledger.fleet import ledger as module
from tollway.ledger.fleet.asking import MOST
from tollway.ledger.fleet.ledger import FleetLedger
from tollway.ledger.open import open_ledger

LIMITS = Limits(Limit())
WANTS = [want()]
HANG = """
import asyncio, sys
from tests.tollway.ledger.fleet.fleets import want
from tests.tollway.ledger.limits import Limit, Limits, opened
from tests.tollway.ledger.samples import NOON_US
from tollway.ledger.fleet.ledger import FleetLedger

async def hang(url):
    ledger = FleetLedger(url, now=lambda: NOON_US / 1_000_000)
    await ledger.adopt(Limits(Limit()), NOON_US)
    await ledger.reserve(opened("killed"), [want()], NOON_US)
    print("held", flush=True)
    await asyncio.sleep(600)

asyncio.run(hang(sys.argv[1]))
"""


async def test_what_a_killed_process_held_is_charged_by_the_next_of_its_journal(
    fleet: Fleet, run_from: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """At its bound; another node sees it held until then."""
    killed = subprocess.Popen(
        [sys.executable, "-c", HANG, fleet.url("1")], stdout=subprocess.PIPE, text=True, cwd=run_from
    )
    assert killed.stdout is not None
    assert killed.stdout.readline() == "held\n"
    killed.kill()
    killed.communicate()
    with closing(fleet.node("2")) as other:
        (seen,) = await other.look(WANTS, NOON_US)
        assert (seen.settled, seen.held) == (0, 100)
        with closing(fleet.node("1")) as node:
            await node.look(WANTS, NOON_US)
            (seen,) = await other.look(WANTS, NOON_US)

    assert (seen.settled, seen.held) == (100, 0)
    assert "1 calls ended with their process; they are charged at their bound" in caplog.text
    (row,) = read(fleet.journals("1")[0]).values()
    assert (row.id, row.state, row.cost.nano) == ("killed", "lost", 100)


async def test_an_amount_that_redis_cant_count_up_to_is_said(node: FleetLedger) -> None:
    with pytest.raises(LedgerError, match=rf"limit month: {MOST + 1} is more than Redis counts"):
        node.adopt(Limits(Limit(amount=MOST + 1)), NOON_US)


async def test_who_gives_up_waiting_holds_nothing(node: FleetLedger, fleet: Fleet) -> None:
    """The call is written down as abandoned."""
    asking = node.reserve(opened(), WANTS, NOON_US)
    asking.cancel()
    await node.look(WANTS, NOON_US)
    await asyncio.sleep(0)
    await quiet(node)

    assert fleet.row(WANTS[0].bucket) == (0, 0)
    assert read(fleet.journals()[0])["a"].error == "abandoned"


async def test_who_gives_up_waiting_for_what_is_refused_leaves_nothing(
    node: FleetLedger, fleet: Fleet
) -> None:
    node.reserve(opened(), [want(hold=2_000)], NOON_US).cancel()
    await node.look(WANTS, NOON_US)
    await quiet(node)

    assert read(fleet.journals()[0]) == {}


async def test_calls_whose_lease_ran_out_are_reaped(node: FleetLedger, fleet: Fleet) -> None:
    await node.adopt(LIMITS, NOON_US)
    assert await is_admitted(node, opened(), WANTS)
    assert await node.reap(NOON_US) == 0
    assert await node.reap(NOON_US + HOUR_US) == 1

    assert fleet.row(WANTS[0].bucket) == (100, 0)


async def test_without_redis_calls_are_recorded_and_none_is_admitted(frail: Fleet) -> None:
    """It need not be there when a process begins."""
    frail.server.kill()
    with closing(frail.node()) as node:
        await node.adopt(LIMITS, NOON_US)
        with pytest.raises(LedgerError, match="does not answer"):
            await asked(node, opened("a"), WANTS)
        with pytest.raises(LedgerError, match="does not answer"):
            await node.look(WANTS, NOON_US)
        await node.record(ended(opened("b"), 30))
        assert await node.reap(NOON_US) == 0
        frail.server.start()
        frail.clock.pass_by(2)

        assert await is_admitted(node, opened("c"), WANTS)
        assert frail.row(WANTS[0].bucket) == (30, 100)


async def test_a_journal_that_cant_be_read_is_said_and_let_go_of(fleet: Fleet) -> None:
    """The next one may have it."""
    fleet.node().close()
    path = fleet.journals()[0]
    text = path.read_bytes()
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(LedgerError, match=r"1\.db: its file is no SQLite database"):
        fleet.node()
    path.write_bytes(text)

    with closing(fleet.node()):
        assert [each.name for each in fleet.journals()] == ["1.db"]


async def test_so_many_calls_of_others_are_remembered(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_OTHERS", 1)
    with closing(fleet.node("1")) as one, closing(fleet.node("2")) as two:
        for id in "ab":
            await one.record(opened(id))
            await one.wait_for(opened(id), f"name {id}", NOON_US + HOUR_US)
            assert await two.awaited(f"name {id}") is not None

        assert two._others.keys() == {"b"}


async def test_a_url_opens_it(fleet: Fleet) -> None:
    with closing(open_ledger(fleet.url())) as ledger:
        await ledger.record(call())

        assert isinstance(ledger, FleetLedger)
        assert fleet.journals()
