"""What passes to AI services while a proxy runs: counted at once, written later."""

import asyncio
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pytest

from tollway.discovering import Discovering, of_nothing
from tollway.discovery.services import Found, known_services
from tollway.discovery.sighting import Sighting, Who
from tollway.ledger.fault import LedgerError

ANN = Who("ann")
LATE_US = 1_796_079_600_000_000
"""23:00 UTC on the last of November 2026."""


class Paper:
    """What is written on it."""

    def __init__(self) -> None:
        self.written: list[Sighting] = []
        self.told: list[tuple[str, int]] = []
        self.fails = False
        self.more = asyncio.Event()

    async def note(self, sightings: Sequence[Sighting]) -> None:
        if self.fails:
            raise LedgerError("no room")
        self.written += sightings
        self.more.set()

    def tell(self, service: str, one: Sighting) -> None:
        self.told.append((service, one.connections))


def poe() -> Found:
    found = known_services().find("poe.com")
    assert found is not None
    return found


def discovering(paper: Paper, zone: str = "UTC", every: float = 0.001) -> Discovering:
    return Discovering(
        known_services(), paper.note, lambda: ZoneInfo(zone), lambda: LATE_US, paper.tell, every
    )


@pytest.mark.parametrize(("zone", "day"), [("UTC", "2026-11-30"), ("Europe/Berlin", "2026-12-01")])
async def test_it_is_written_as_of_the_day_of_the_policys_zone(zone: str, day: str) -> None:
    paper = Paper()
    found = discovering(paper, zone)
    counting = found.opened(poe(), ANN)
    counting.sent(3)
    counting.sent(0)
    counting.received(4)
    counting.received(0)
    found.refused(poe(), ANN)
    await found.write()
    await found.write()

    (one,) = paper.written
    assert (one.day, one.host, one.who) == (day, "poe.com", ANN)
    assert (one.connections, one.refused, one.sent_bytes, one.received_bytes) == (1, 1, 3, 4)
    assert paper.told == [("Poe", 1)]


async def test_it_is_written_every_few_seconds_while_it_runs() -> None:
    paper = Paper()
    found = discovering(paper)
    task = asyncio.ensure_future(found.run())
    for count in range(2):
        found.opened(poe(), ANN)
        async with asyncio.timeout(60):
            await paper.more.wait()
        paper.more.clear()
        assert sum(one.connections for one in paper.written) == count + 1
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_what_a_ledger_does_not_take_is_kept_and_said_once(caplog: pytest.LogCaptureFixture) -> None:
    """Nobody hears of it before it is written."""
    paper = Paper()
    found = discovering(paper)
    found.opened(poe(), ANN)
    paper.fails = True
    await found.write()
    await found.write()
    assert (paper.told, len(caplog.records)) == ([], 1)
    assert "the ledger did not take what passed to AI services, it is kept: no room" in caplog.text
    paper.fails = False
    await found.write()

    assert [one.connections for one in paper.written] == [1]
    assert paper.told == [("Poe", 1)]


async def test_where_no_service_is_known_nothing_is_written() -> None:
    found = of_nothing()
    found.opened(poe(), ANN)

    await found.write()
