"""What comes later than the call that asked for it, through any node."""

from contextlib import closing

import pytest

from tests.tollway.ledger.fleet.fleets import Clock, Fleet, asked, is_admitted, quiet, want
from tests.tollway.ledger.limits import HOUR_US, Limit, Limits, ended, opened, read
from tests.tollway.ledger.samples import NOON_US
from tollway.ledger.fault import LedgerError
from tollway.ledger.fleet import later
from tollway.ledger.store import Reserved

LIMITS = Limits(Limit())
WANTS = [want()]
UNTIL_US = NOON_US + 48 * HOUR_US
NAME = "openai batch_1"


async def test_an_end_that_another_node_sees_reaches_the_journal_of_its_call(fleet: Fleet) -> None:
    """And its buckets, and its row; the next who asks is told of it."""
    slow = Clock()
    with closing(fleet.node("1", slow)) as one, closing(fleet.node("2")) as two:
        await one.adopt(LIMITS, NOON_US)
        await two.adopt(LIMITS, NOON_US)
        assert await is_admitted(one, opened(), WANTS)
        await one.wait_for(opened(), NAME, UNTIL_US)
        found = await two.awaited(NAME)
        assert found is not None
        assert found.id == "a"
        done = ended(found, 40)
        assert await two.settle(done) == ()
        again = await two.awaited(NAME)
        assert again is not None
        assert again.state == "done"
        assert fleet.row(WANTS[0].bucket) == (0, 100)
        slow.pass_by(1)
        await quiet(one)

        assert fleet.row(WANTS[0].bucket) == (40, 0)
        assert fleet.shared() == fleet.parts()
        assert read(fleet.journals("1")[0])["a"].state == "done"
        assert read(fleet.journals("2")[0]) == {}
        own = await one.awaited(NAME)
        assert own is not None
        assert own.cost.nano == 40
        assert fleet.client().llen(fleet.names.named(f"inbox:{one._node}")) == 0


async def test_a_nodes_own_call_ends_there(fleet: Fleet) -> None:
    with closing(fleet.node()) as one:
        assert isinstance(await asked(one, opened(), WANTS), Reserved)
        await one.wait_for(opened(), NAME, UNTIL_US)
        found = await one.awaited(NAME)
        assert found is not None
        await one.settle(ended(found, 40))

        assert fleet.row(WANTS[0].bucket) == (40, 0)
        assert await one.awaited("another") is None


async def test_more_ends_than_are_taken_in_one_go_all_arrive(fleet: Fleet) -> None:
    count = later.MOST_AT_ONCE + 5
    with closing(fleet.node("1")) as one, closing(fleet.node("2")) as two:
        for n in range(count):
            await one.record(opened(f"c{n}"))
            await one.wait_for(opened(f"c{n}"), f"name {n}", UNTIL_US)
        for n in range(count):
            found = await two.awaited(f"name {n}")
            assert found is not None
            await two.settle(ended(found, n))
        fleet.clock.pass_by(1)
        await quiet(one)

        rows = read(fleet.journals("1")[0])
        assert [rows[f"c{n}"].cost.nano for n in range(count)] == list(range(count))


async def test_an_end_that_cant_be_written_stays_until_it_can(fleet: Fleet) -> None:
    """The disk is full, say."""
    full = "CREATE TRIGGER full BEFORE UPDATE ON calls BEGIN SELECT raise(ABORT, 'no room'); END"
    with closing(fleet.node("1")) as one, closing(fleet.node("2")) as two:
        await one.record(opened())
        await one.wait_for(opened(), NAME, UNTIL_US)
        found = await two.awaited(NAME)
        assert found is not None
        await one._writer.put(lambda db, fit: db.execute(full) and None)
        await two.settle(ended(found, 40))
        fleet.clock.pass_by(1)
        await one.noted("x")
        await one.noted("x")
        assert read(fleet.journals("1")[0])["a"].state == "open"
        await one._writer.put(lambda db, fit: db.execute("DROP TRIGGER full") and None)
        fleet.clock.pass_by(1)
        await quiet(one)

        assert read(fleet.journals("1")[0])["a"].cost.nano == 40


async def test_files_are_known_to_all_nodes(fleet: Fleet) -> None:
    with closing(fleet.node("1")) as one, closing(fleet.node("2")) as two:
        await one.note("file_1", "of batch_1", NOON_US)

        assert await two.noted("file_1") == "of batch_1"
        assert await two.noted("file_2") is None


async def test_while_redis_is_away_a_node_knows_its_own(frail: Fleet) -> None:
    """The end of another's is not taken."""
    with closing(frail.node("1")) as one, closing(frail.node("2")) as two:
        await one.record(opened())
        await one.wait_for(opened(), NAME, UNTIL_US)
        await one.note("file_1", "of batch_1", NOON_US)
        found = await two.awaited(NAME)
        assert found is not None
        frail.server.kill()

        assert await one.awaited(NAME) is not None
        assert await two.awaited("another") is None
        assert await one.noted("file_1") == "of batch_1"
        with pytest.raises(LedgerError, match="does not answer"):
            await two.settle(ended(found, 40))
