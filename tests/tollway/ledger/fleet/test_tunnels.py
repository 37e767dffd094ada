"""What nodes of a fleet saw pass to AI services, brought together."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.tollway.ledger.fleet.fleets import Fleet
from tests.tollway.ledger.samples import NOON_US
from tests.tollway.ledger.test_tunnels import ONE
from tollway.discovery.sighting import Sighting
from tollway.ledger.books import SqliteBooks
from tollway.ledger.connect import connect
from tollway.ledger.fault import LedgerError
from tollway.ledger.fleet import tunnels
from tollway.ledger.fleet.collecting import collect
from tollway.ledger.fleet.log import BEGINNING
from tollway.ledger.fleet.reading import FleetBooks
from tollway.ledger.fleet.server import Server, where
from tollway.ledger.tunnels import FIRST_DAY, LAST_DAY, note


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A journal."""
    with closing(connect(tmp_path / "1.db", "process")) as db:
        tunnels.make(db)
        yield db


def counts(fleet: Fleet) -> list[int]:
    """The connections of each row, as `tollway discover` reads them."""
    with closing(FleetBooks(fleet.url("reader"))) as books:
        return sorted(one.connections for one in books.tunnels(FIRST_DAY, LAST_DAY))


def test_rows_wait_once_for_all_that_has_changed_in_them(db: sqlite3.Connection) -> None:
    other = replace(ONE, host="claude.ai")
    note(db, [ONE])
    note(db, [ONE, other])
    tunnels.make(db)  # by the journal's next process
    rows = tunnels.waiting(db)

    assert [(one.host, one.connections) for _, one in rows] == [("poe.com", 2), ("claude.ai", 1)]
    tunnels.told(db, [rows[0][0]])
    assert [one.host for _, one in tunnels.waiting(db)] == ["claude.ai"]


def test_what_was_told_is_told_again_where_the_log_may_be_lost(db: sqlite3.Connection) -> None:
    note(db, [ONE, replace(ONE, host="claude.ai", last_us=100)])
    tunnels.told(db, [number for number, _ in tunnels.waiting(db)])
    assert tunnels.waiting(db) == []
    tunnels.again(db, 100)

    assert [one.host for _, one in tunnels.waiting(db)] == ["claude.ai"]


async def test_all_nodes_rows_come_together_each_as_it_is(fleet: Fleet) -> None:
    """What a node told again counts once; what it tells later takes the former's place."""
    nodes = [fleet.node("a"), fleet.node("b")]
    for node in nodes:
        await node.note_tunnels([ONE])
        node.close()
    assert counts(fleet) == [1, 1]
    assert counts(fleet) == [1, 1]
    again = fleet.node("a")  # it takes the journal of the one before
    await again.note_tunnels([ONE, replace(ONE, host="claude.ai")])
    again.close()

    assert counts(fleet) == [1, 1, 2]


async def test_a_node_that_runs_tells_once_in_a_while(fleet: Fleet) -> None:
    """At once the first time: what a process that died had not told is told by the next of its journal."""
    with closing(fleet.node()) as node, closing(Server(where(fleet.url()))) as redis:
        await node.note_tunnels([ONE])
        while not tunnels.portion(redis, fleet.names, BEGINNING, 9).told:
            await asyncio.sleep(0)
        await node.note_tunnels([ONE])
        fleet.clock.pass_by(tunnels.TOLD_SECONDS)
        while len(tunnels.portion(redis, fleet.names, BEGINNING, 9).told) < 2:
            await asyncio.sleep(0)
        told = tunnels.portion(redis, fleet.names, BEGINNING, 9).told

    assert [each.seen.connections for each in told] == [1, 2]
    assert len({each.node for each in told}) == 1


def many(count: int) -> list[Sighting]:
    return [replace(ONE, host=f"{n}.poe.com") for n in range(count)]


async def test_more_than_a_portion_comes_as_well(fleet: Fleet) -> None:
    node = fleet.node()
    await node.note_tunnels(many(2 * tunnels.MOST_AT_ONCE + 1))
    node.close()

    assert len(counts(fleet)) == 2 * tunnels.MOST_AT_ONCE + 1


async def test_a_file_that_does_not_take_them_gets_them_later(fleet: Fleet, tmp_path: Path) -> None:
    path = tmp_path / "all.db"
    node = fleet.node()
    await node.note_tunnels([ONE])
    node.close()
    with closing(connect(path, "process")) as db:
        db.execute("CREATE TRIGGER no BEFORE INSERT ON tunnels BEGIN SELECT raise(ABORT, 'no room'); END")
        with pytest.raises(LedgerError, match="no room"):
            collect(fleet.url(), path, NOON_US)
        db.execute("DROP TRIGGER no")
    collect(fleet.url(), path, NOON_US)

    with closing(SqliteBooks(path)) as books:
        assert books.tunnels(FIRST_DAY, LAST_DAY) == [ONE]
