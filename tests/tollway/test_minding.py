"""A ledger that is away, and that is back, is told once on a machine."""

import asyncio
from pathlib import Path

import pytest

from tollway.alerts.alert import AT_ONCE, Alert, Kind
from tollway.ledger.fault import LedgerError
from tollway.minding import SLOW, Minding
from tollway.readiness.condition import Condition
from tollway.speaker import Speaker

NOON = 1_795_521_600_000_000
AWAY = "ledger redis://host: Redis does not answer"


class Place:
    """A ledger as it says it is, and the time."""

    def __init__(self, folder: Path) -> None:
        self.wrong: str | None = None
        self.is_written = True
        self.hangs = False
        self.hanging: list[asyncio.Future[Condition]] = []
        self.asked = 0
        self.now_us = NOON
        self.alerts: list[Alert] = []
        self._folder = folder

    def condition(self) -> "asyncio.Future[Condition]":
        """As `Ledger.condition`."""
        self.asked += 1
        found = asyncio.get_running_loop().create_future()
        if self.hangs:
            self.hanging.append(found)
        elif not self.is_written:
            found.set_exception(LedgerError("ledger x: the disk is full"))
        else:
            found.set_result(Condition(is_shared=True, away=self.wrong))
        return found

    def minding(self) -> Minding:
        """A process that asks."""
        speaker = Speaker(self._folder / "alerts")
        return Minding(
            self.condition, self.alerts.append, lambda: frozenset(Kind), speaker, lambda: self.now_us, "m1",
            patience_seconds=0.01,
        )  # fmt: skip

    async def look(self, *minding: Minding, seconds: int = 10) -> list[str]:
        """What is told of the next look of each."""
        self.now_us += seconds * 1_000_000
        self.alerts.clear()
        for each in minding:
            await each.look()
        return [alert.text for alert in self.alerts]


async def test_redis_away_and_back_is_told_by_one_process_of_a_machine(tmp_path: Path) -> None:
    place = Place(tmp_path)
    both = place.minding(), place.minding()

    assert await place.look(*both) == []
    place.wrong = AWAY
    assert await place.look(*both) == []
    assert await place.look(*both) == []
    assert await place.look(*both) == [f"on m1: {AWAY}"]
    assert await place.look(*both) == []
    place.wrong = None
    assert await place.look(*both) == ["on m1: the ledger can be written and asked again, after 40 s"]
    assert await place.look(*both) == []


async def test_a_ledger_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.is_written = False
    minding = place.minding()

    found = [await place.look(minding) for _ in range(3)]

    assert found == [[], [], ["on m1: ledger x: the disk is full"]]


async def test_one_that_hangs_is_asked_once_and_told(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.hangs = True
    minding = place.minding()

    found = [await place.look(minding) for _ in range(3)]

    assert found == [[], [], [f"on m1: {SLOW}"]]
    assert place.asked == 1
    place.hanging[0].set_result(Condition())
    place.hangs = False
    assert await place.look(minding) == ["on m1: the ledger can be written and asked again, after 30 s"]


async def test_it_is_asked_every_few_seconds_where_the_policy_wants_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Also after our own code failed. When it ends, another process may speak."""
    place, told, asked = Place(tmp_path), asyncio.Event(), list[int]()
    place.wrong = AWAY

    def kinds() -> frozenset[Kind]:
        """A policy that is read again; time passes as it is asked."""
        asked.append(place.asked)
        if len(asked) == 2:
            raise ValueError("of our own")
        place.now_us += 10_000_000
        return AT_ONCE if len(asked) < 3 else frozenset({Kind.STORE})

    def tell(alert: Alert) -> None:
        place.alerts.append(alert)
        told.set()

    minding = Minding(
        place.condition, tell, kinds, Speaker(tmp_path / "alerts"), lambda: place.now_us, "m1", 0.001, 5.0
    )
    task = asyncio.ensure_future(minding.run())
    async with asyncio.timeout(60):
        await told.wait()
    assert not Speaker(tmp_path / "alerts").claims()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert asked[:3] == [0, 0, 0]
    assert "the ledger was not asked how it is: ValueError" in caplog.text
    assert [alert.kind for alert in place.alerts] == [Kind.STORE]
    assert Speaker(tmp_path / "alerts").claims()
