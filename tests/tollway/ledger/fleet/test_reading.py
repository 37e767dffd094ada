"""A fleet's ledger, for those who read."""

from contextlib import closing
from pathlib import Path

import pytest

from tests.tollway.ledger.fleet.fleets import Fleet, is_admitted, want
from tests.tollway.ledger.limits import HOUR_US, Limit, ended, opened
from tests.tollway.ledger.samples import NOON_US, call
from tests.tollway.ledger.stores import wait_for_log
from tollway.ledger.fault import LedgerError
from tollway.ledger.fleet.reading import FleetBooks, FleetFollower, FleetPages
from tollway.ledger.open import is_there, open_books, open_follower, open_pages, path_of
from tollway.ledger.pages import Reason
from tollway.ledger.store import Course

DAY = want()
COURSE = Course(by=("model",), since_us=NOON_US - HOUR_US, slot_us=HOUR_US)


@pytest.fixture
async def written(fleet: Fleet) -> None:
    """A call of each of two nodes."""
    for name in "ab":
        await write(fleet, name)


async def write(fleet: Fleet, id: str) -> None:
    """A call of a machine's."""
    with closing(fleet.node(id)) as node:
        assert await is_admitted(node, opened(id, user="ann", verified=True), [DAY])
        await node.settle(ended(opened(id, user="ann", verified=True), 30))
    wait_for_log(fleet.url(id))


def url(fleet: Fleet) -> str:
    """Of a machine that only reads."""
    return fleet.url("reader")


@pytest.mark.usefixtures("written")
async def test_books_have_the_calls_of_all_nodes_as_of_when_they_were_opened(fleet: Fleet) -> None:
    with closing(open_books(url(fleet))) as books:
        assert isinstance(books, FleetBooks)
        await write(fleet, "c")
        (row,) = books.buckets(NOON_US)

        assert sorted(each.id for each in books.calls()) == ["a", "b"]
        assert (row.bucket, row.settled) == (DAY.bucket, 90)


@pytest.mark.usefixtures("written")
async def test_a_follower_is_told_of_what_ends_meanwhile(fleet: Fleet) -> None:
    with closing(open_follower(url(fleet))) as follower:
        assert isinstance(follower, FleetFollower)
        begun = follower.begin([COURSE], latest=9)
        assert sorted(each.id for each in begun.latest) == ["a", "b"]
        assert follower.news(9) == ()
        await write(fleet, "c")

        assert [each.id for each in follower.news(9)] == ["c"]
        assert [row.settled for row in follower.buckets(NOON_US)] == [90]


@pytest.mark.usefixtures("written")
async def test_pages_have_what_is_there_by_then(fleet: Fleet) -> None:
    with closing(open_pages(url(fleet))) as pages:
        assert isinstance(pages, FleetPages)
        await write(fleet, "c")
        found = pages.owned("user ann", COURSE, 9)
        assert sorted(each.id for each in found.latest) == ["a", "b", "c"]
        with closing(fleet.node()) as node:
            await node.record(call("d", error="over_limit", limits=("month",), started_us=NOON_US))
        wait_for_log(fleet.url())
        assert pages.reasons(NOON_US - HOUR_US) == (Reason(error="over_limit", limits=("month",), calls=1),)
        none, day = pages.standing([want(Limit("none")).bucket, DAY.bucket], NOON_US)

        assert none is None
        assert day is not None
        assert day.settled == 90
        assert isinstance(pages.follower, FleetFollower)
        assert pages.follower is pages.follower
        pages.follower.close()


def test_who_reads_has_a_file_of_their_own(fleet: Fleet) -> None:
    assert path_of(url(fleet)).name == "collected.db"
    assert is_there(url(fleet))


def test_without_redis_nothing_is_read(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="Redis does not answer"):
        open_books(f"unix://{tmp_path / 'none.sock'}?journal={tmp_path}")
