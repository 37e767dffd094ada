"""Alerts that are told once, several of a kind as one message."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.tollway.ledger.samples import NOON_US
from tollway import once as module
from tollway.alerts.alert import AT_ONCE, Alert, Kind
from tollway.alerts.news import News
from tollway.ledger.open import open_books
from tollway.ledger.sqlite import SqliteLedger
from tollway.once import Once

HOUR_US = 3_600_000_000


def news(name: str, kind: Kind = Kind.UNPRICED, again: int | None = None, at_us: int = NOON_US) -> News:
    """Something to be told."""
    alert = Alert(kind=kind, text=f"about {name}", at_us=at_us)
    return News(name=f"{kind} {name}", alert=alert, again_after_us=again)


class Told:
    """Keeps alerts, and the time."""

    def __init__(self) -> None:
        self.alerts: list[Alert] = []
        self.kinds = frozenset(Kind)
        self.now_us = NOON_US

    def once(self, ledger: SqliteLedger, every: float = 5.0) -> Once:
        """What a process tells by."""
        return Once(ledger, self.alerts.append, lambda: self.kinds, lambda: self.now_us, every)

    @property
    def texts(self) -> list[str]:
        """What was told."""
        return [alert.text for alert in self.alerts]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the ledger is."""
    return tmp_path / "ledger.db"


async def test_what_is_gathered_is_one_message_of_each_kind(path: Path) -> None:
    told = Told()
    with closing(SqliteLedger(path)) as ledger:
        once = told.once(ledger)
        for each in (news("a"), news("x", Kind.UNMANAGED), news("b"), news("a")):
            once.add(each)
        await once.flush()
        await once.flush()

    assert told.texts == ["2 models have no known price: about a; about b", "about x"]
    assert [[part.text for part in alert.each] for alert in told.alerts] == [
        ["about a", "about b"],
        ["about x"],
    ]


async def test_no_other_process_tells_it_nor_the_next_one(path: Path) -> None:
    told = Told()
    for _ in range(2):
        with closing(SqliteLedger(path)) as ledger:
            for once in (told.once(ledger), told.once(ledger)):
                once.add(news("a"))
                await once.flush()

    assert told.texts == ["about a"]


async def test_it_is_told_again_once_it_may_be(path: Path) -> None:
    told = Told()
    with closing(SqliteLedger(path)) as ledger:
        once = told.once(ledger)
        for later_us in (0, HOUR_US - 1, HOUR_US):
            told.now_us = NOON_US + later_us
            once.add(news("a", Kind.ANOMALY, HOUR_US, told.now_us))
            await once.flush()

    assert [alert.at_us - NOON_US for alert in told.alerts] == [0, HOUR_US]


async def test_what_the_policy_does_not_want_is_neither_told_nor_remembered(path: Path) -> None:
    """It may want it later."""
    told = Told()
    told.kinds = AT_ONCE
    with closing(SqliteLedger(path)) as ledger:
        once = told.once(ledger)
        once.add(news("a"))
        await once.flush()
        assert told.texts == []
        told.kinds = frozenset({Kind.UNPRICED})
        once.add(news("a"))
        await once.flush()

    assert told.texts == ["about a"]


async def test_what_the_ledger_does_not_take_waits_for_it(path: Path) -> None:
    told = Told()
    with closing(SqliteLedger(path)) as ledger, closing(sqlite3.connect(path)) as db:
        once = told.once(ledger)
        db.execute("ALTER TABLE told RENAME TO gone")
        once.add(news("a"))
        once.add(news("b"))
        await once.flush()
        assert told.texts == []
        db.execute("ALTER TABLE gone RENAME TO told")
        await once.flush()

    assert told.texts == ["2 models have no known price: about a; about b"]


async def test_what_waits_and_what_is_remembered_is_bounded(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 2)
    monkeypatch.setattr(module, "REMEMBERED", 1)
    told = Told()
    with closing(SqliteLedger(path)) as ledger:
        once = told.once(ledger)
        for name in "abc":
            once.add(news(name))
        await once.flush()
        for name in "ab":
            once.add(news(name))
        await once.flush()

    assert told.texts == ["2 models have no known price: about a; about b"]


async def test_it_is_told_every_few_seconds_while_it_runs(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Also after our own code failed."""
    told = Told()
    more = asyncio.Event()

    def tell(alert: Alert) -> None:
        told.alerts.append(alert)
        more.set()
        if len(told.alerts) == 1:
            raise ValueError("of our own")

    with closing(SqliteLedger(path)) as ledger:
        once = Once(ledger, tell, lambda: frozenset(Kind), lambda: NOON_US, 0.001)
        task = asyncio.ensure_future(once.run())
        for name in "ab":
            once.add(news(name))
            async with asyncio.timeout(60):
                await more.wait()
            more.clear()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    assert told.texts == ["about a", "about b"]
    assert "alerts could not be told: ValueError" in caplog.text
    assert "of our own" not in caplog.text


async def test_an_end_loses_nothing_that_the_ledger_was_asked_about(path: Path) -> None:
    """Cancelled while it asks; the last flush tells what came of that, too."""
    told = Told()
    with closing(SqliteLedger(path)) as ledger:
        once = told.once(ledger)
        once.add(news("a"))
        task = asyncio.ensure_future(once.flush())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        once.add(news("b"))
        await once.flush()

    assert told.texts == ["about a", "about b"]


async def test_what_is_told_at_once_is_listed_as_well(path: Path) -> None:
    """Whether or not the ledger takes that."""
    told = Told()
    level = Alert(kind=Kind.LEVEL, text="a level", at_us=NOON_US)
    with closing(SqliteLedger(path)) as ledger:
        told.once(ledger).at_once(level)
    told.once(ledger).at_once(level)  # it is closed
    with closing(open_books(f"sqlite:{path}")) as books:
        listed = [(one.kind, one.at_us, one.text) for one in books.told()]

    assert told.alerts == [level, level]
    assert listed == [("level", NOON_US, "a level")]
