"""Draining the fleet's log into a file."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.tollway.ledger.fleet.fleets import Fleet
from tests.tollway.ledger.limits import read
from tests.tollway.ledger.samples import NOON_US, call
from tollway.ledger.connect import connect
from tollway.ledger.fault import LedgerError
from tollway.ledger.fleet import collecting, log
from tollway.ledger.fleet.collecting import collect
from tollway.ledger.fleet.server import Server, where


@pytest.fixture
def redis(fleet: Fleet) -> Iterator[Server]:
    """A connection."""
    with closing(Server(where(fleet.url()))) as redis:
        yield redis


def test_all_that_is_new_comes_and_what_comes_twice_is_there_once(
    redis: Server, fleet: Fleet, tmp_path: Path
) -> None:
    """A node that died in between logs again what it had logged."""
    path = tmp_path / "all.db"
    log.add(redis, fleet.names, [call("a", error="x"), call("b")])
    assert collect(fleet.url(), path, NOON_US) == 2
    log.add(redis, fleet.names, [call("a"), call("c")])
    assert collect(fleet.url(), path, NOON_US) == 2
    assert collect(fleet.url(), path, NOON_US) == 0

    assert read(path) == {"a": call("a"), "b": call("b"), "c": call("c")}


def test_more_than_a_portion_comes_as_well(redis: Server, fleet: Fleet, tmp_path: Path) -> None:
    count = collecting.MOST_AT_ONCE + 1
    log.add(redis, fleet.names, [call(f"c{n}") for n in range(count)])

    assert collect(fleet.url(), tmp_path / "all.db", NOON_US) == count
    assert len(read(tmp_path / "all.db")) == count


def test_each_file_has_its_own_place_in_the_log(redis: Server, fleet: Fleet, tmp_path: Path) -> None:
    log.add(redis, fleet.names, [call("a")])

    assert collect(fleet.url(), tmp_path / "one.db", NOON_US) == 1
    assert collect(fleet.url(), tmp_path / "two.db", NOON_US) == 1


def test_a_log_that_was_cut_before_it_was_collected_is_said(
    redis: Server, fleet: Fleet, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    log.add(redis, fleet.names, [call("a")])
    collect(fleet.url(), tmp_path / "all.db", NOON_US)
    assert caplog.text == ""
    log.add(redis, fleet.names, [call("b"), call("c")])
    redis.ask("XTRIM", fleet.names.log, "MAXLEN", 1)
    collect(fleet.url(), tmp_path / "all.db", NOON_US)

    assert read(tmp_path / "all.db").keys() == {"a", "c"}
    assert "calls may be missing: collect more often" in caplog.text


def test_a_file_that_another_program_has_locked_is_said_and_nothing_is_lost(
    redis: Server, fleet: Fleet, tmp_path: Path
) -> None:
    """Rows, and how far they go, are written together."""
    path = tmp_path / "all.db"
    collect(fleet.url(), path, NOON_US)
    log.add(redis, fleet.names, [call("a")])
    with closing(connect(path, "process")) as db:
        db.execute("CREATE TRIGGER no BEFORE INSERT ON calls BEGIN SELECT raise(ABORT, 'no room'); END")
        with pytest.raises(LedgerError, match="no room"):
            collect(fleet.url(), path, NOON_US)
        db.execute("DROP TRIGGER no")

    assert collect(fleet.url(), path, NOON_US) == 1


def test_a_call_that_was_merged_since_counts_no_second_time(
    redis: Server, fleet: Fleet, tmp_path: Path
) -> None:
    """Though a node logs it again."""
    path = tmp_path / "all.db"
    log.add(redis, fleet.names, [call("a"), call("b")])
    collect(fleet.url(), path, NOON_US)
    with closing(connect(path, "process")) as db:
        db.execute("INSERT INTO cut SELECT id, rowid FROM calls WHERE id = 'a'")
        db.execute("UPDATE calls SET id = 'ma' WHERE id = 'a'")
    log.add(redis, fleet.names, [call("a"), call("c")])
    collect(fleet.url(), path, NOON_US)

    assert read(path).keys() == {"ma", "b", "c"}
