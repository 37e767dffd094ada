"""Journals that no process has, where Redis lost what it was told of them."""

from contextlib import closing

import pytest

from tests.tollway.ledger.fleet.fleets import Fleet, asked, is_admitted, quiet, want
from tests.tollway.ledger.limits import Limit, Limits, ended, opened
from tests.tollway.ledger.machine import die
from tollway.budget.bucket import Enforce
from tollway.ledger.fault import LedgerError
from tollway.ledger.fleet.desk import AGAIN_SECONDS, LEASE_US
from tollway.ledger.fleet.journal import Journal
from tollway.ledger.fleet.ledger import FleetLedger
from tollway.ledger.fleet.left import tell_left

LIMITS = Limits(Limit(amount=1_000))
WANTS = [want()]
SOFT = [want(Limit("soft", enforce=Enforce.SOFT))]


async def spends(node: FleetLedger, name: str, cost: int) -> None:
    """A call that cost so much."""
    await node.adopt(LIMITS, opened(name).started_us)
    assert await is_admitted(node, opened(name), WANTS)
    await node.settle(ended(opened(name), cost))
    await quiet(node)


async def loses_all(fleet: Fleet, *there: FleetLedger) -> None:
    """Redis is started anew, without its data; those who are there notice."""
    fleet.server.kill()
    for node in there:
        with pytest.raises(LedgerError, match="does not answer"):
            await node.look(WANTS, fleet.clock.now_us)
    fleet.server.start()
    fleet.clock.pass_by(AGAIN_SECONDS + 0.1)


async def test_one_that_stopped_is_told_again_by_one_that_runs(frail: Fleet) -> None:
    """Of fewer workers than there were, or of those that were replaced."""
    with closing(frail.node()) as one:
        await spends(one, "a", 10)
        for name in ("b", "c"):
            with closing(frail.node()) as left:
                await spends(left, name, 20)
        assert frail.row(WANTS[0].bucket) == (50, 0)
        frail.clock.pass_by(LEASE_US / 1_000_000 + 1)
        await quiet(one)

        await loses_all(frail, one)
        await one.look(WANTS, frail.clock.now_us)

        assert frail.row(WANTS[0].bucket) == (50, 0)
        assert frail.shared() == frail.parts()


async def test_one_that_died_is_told_again_at_what_it_held(frail: Fleet) -> None:
    with closing(frail.node()) as one:
        await spends(one, "a", 10)
        gone = frail.node()
        await gone.adopt(LIMITS, frail.clock.now_us)
        assert await is_admitted(gone, opened("b"), WANTS)
        die(gone)
        gone._journal.let_go()

        await loses_all(frail, one)
        await one.look(WANTS, frail.clock.now_us)

        assert frail.row(WANTS[0].bucket) == (110, 0)


async def test_one_that_stopped_is_told_again_where_all_was_deleted(frail: Fleet) -> None:
    """FLUSHALL: the same server answers, and lacks what it was told."""
    with closing(frail.node()) as one:
        await spends(one, "a", 10)
        with closing(frail.node()) as left:
            await spends(left, "b", 20)
        with closing(frail.client()) as client:
            client.flushall()
        await one.look(WANTS, frail.clock.now_us)

        assert frail.row(WANTS[0].bucket) == (30, 0)


async def test_a_process_that_starts_tells_the_others_of_its_machine(frail: Fleet) -> None:
    """Redis lost its data while nobody was there."""
    with closing(frail.node()) as one, closing(frail.node()) as two, closing(frail.node("2")) as far:
        for number, node in enumerate((one, two, far)):
            await spends(node, f"c{number}", 20)
    await loses_all(frail)

    with closing(frail.node()) as one:
        await one.look(WANTS, frail.clock.now_us)

        assert frail.row(WANTS[0].bucket) == (40, 0)


async def test_one_that_cant_be_read_has_hard_limits_closed_as_long_as_a_machine_that_is_gone(
    frail: Fleet, caplog: pytest.LogCaptureFixture
) -> None:
    """It never will be; only soft limits go on meanwhile."""
    with closing(frail.node()) as one:
        await spends(one, "a", 10)
        with closing(frail.node()) as left:
            await spends(left, "b", 20)
        (path,) = [each for each in frail.journals() if each.name == "2.db"]
        path.write_bytes(b"no database")
        await loses_all(frail, one)
        with pytest.raises(LedgerError, match="closed until every process has told"):
            await asked(one, opened("c"), WANTS)
        frail.clock.pass_by(LEASE_US / 1_000_000 - 2)
        with pytest.raises(LedgerError, match="closed until every process has told"):
            await asked(one, opened("d"), WANTS)
        assert await is_admitted(one, opened("e"), SOFT)
        frail.clock.pass_by(3)
        assert await is_admitted(one, opened("f"), WANTS)
        await one.settle(ended(opened("f"), 5))
        await quiet(one)

        assert frail.row(WANTS[0].bucket) == (15, 0)
        assert one._desk.known.server == frail.client().info("server")["run_id"]
    assert f"{path}: " in caplog.text
    assert "hard limits stay closed for as long as they do for a machine that is gone" in caplog.text


async def test_one_that_was_not_told_since_redis_is_away_again_has_limits_closed(frail: Fleet) -> None:
    """The next try tells it."""
    with closing(frail.node()) as left:
        await spends(left, "b", 20)

    with pytest.raises(LedgerError, match=r"1\.db: the fleet was not told what was spent there"):
        tell_left(frail.folder / "machine", "server", lambda journal: "another")
    assert tell_left(frail.folder / "machine", "server", lambda journal: "server")
    Journal.take(frail.folder / "machine").let_go()


async def test_what_was_told_is_not_told_twice(frail: Fleet) -> None:
    """By each process of the machine that joins."""
    with closing(frail.node()) as one, closing(frail.node()) as two:
        for number, node in enumerate((one, two)):
            await spends(node, f"c{number}", 10)
        with closing(frail.node()) as left:
            await spends(left, "left", 20)
        await loses_all(frail, one, two)
        for node in (one, two):
            await node.look(WANTS, frail.clock.now_us)

        assert frail.row(WANTS[0].bucket) == (40, 0)
        assert frail.shared() == frail.parts()
