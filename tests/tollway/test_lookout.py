"""Looking at a real ledger: a year of it for what is unusual, a day of it for what a limit comes to."""

import asyncio
import itertools
import random
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.tollway.admitting import governing, keeping
from tests.tollway.ledger.samples import call
from tollway.alerts.alert import AT_ONCE, Kind
from tollway.alerts.hours import HOUR_US, Span, hour_of
from tollway.alerts.news import News
from tollway.ledger.connect import connect
from tollway.ledger.fault import LedgerError
from tollway.ledger.open import open_books
from tollway.ledger.row import UPSERT, row_of
from tollway.ledger.sqlite import SqliteLedger
from tollway.ledger.store import Books
from tollway.lookout import Lookout, spent_in
from tollway.model import Billing, CallRecord, Cost
from tollway.money import NANO

BERLIN = ZoneInfo("Europe/Berlin")
FIRST, LAST = datetime(2025, 12, 1, tzinfo=BERLIN), datetime(2026, 11, 30, tzinfo=BERLIN)
"""Mondays, both."""
HOURS = range(9, 17)
MINUTE_US = 60_000_000
HEAVY, LIGHT = ("hal", "hue"), tuple(f"user{n}" for n in range(8))


def us(at: datetime) -> int:
    """A moment."""
    return int(at.timestamp()) * 1_000_000


def spend(at_us: int, name: str, nano: int, **fields: object) -> CallRecord:
    """A call that costs so much."""
    who = {"user": name, "client": f"10.0.0.{len(name)}"} | fields
    return call(f"{name or 'x'}-{at_us}", started_us=at_us, cost=Cost(output_nano=nano), **who)


def year(seed: int = 7) -> Iterator[CallRecord]:
    """Ten people's working hours: two spend around 20 USD in each, the others one; nights cost cents."""
    chance = random.Random(seed)
    for back in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=back)
        if day.weekday() >= 5:
            yield spend(us(day.replace(hour=11)), "user0", int(chance.uniform(0.3, 2) * NANO))
            continue
        for hour in HOURS:
            at_us = us(day.replace(hour=hour)) + chance.randrange(HOUR_US)
            for name in (*HEAVY, *LIGHT):
                usual = 20 if name in HEAVY else 1
                if chance.random() < 0.8:
                    yield spend(at_us, name, int(chance.uniform(0.4, 1.6) * usual * NANO))
        yield spend(us(day.replace(hour=23)), "cron", NANO // 20, user=None, service="cron")


def write(path: Path, calls: Iterator[CallRecord] | Sequence[CallRecord]) -> None:
    """Have a ledger with these."""
    with closing(connect(path, "process")) as db:
        db.execute("BEGIN")
        db.executemany(UPSERT, (row_of(each, "p") for each in calls))
        db.execute("COMMIT")


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The year's ledger; nobody writes to it."""
    path = tmp_path_factory.mktemp("year") / "ledger.db"
    write(path, year())
    return path


class Looked:
    """A process that looks, and what it told."""

    def __init__(self, path: Path, memory: SqliteLedger, kind: Kind) -> None:
        self.now_us = 0
        self.told: list[News] = []
        self.kinds = frozenset({kind})
        self.opened = 0
        self._path = path
        self.lookout = Lookout(
            memory, self._books, lambda: BERLIN, lambda: self.kinds, self.told.append, lambda: self.now_us
        )

    def _books(self) -> Books:
        self.opened += 1
        return open_books(f"sqlite:{self._path}")

    async def look(self, at_us: int) -> list[str]:
        """Whom something is told of at that moment."""
        self.now_us = at_us
        self.told.clear()
        await self.lookout.look()
        return [str(each.alert.fields.get("user") or each.alert.fields.get("limit")) for each in self.told]


@pytest.mark.slow
async def test_in_a_year_of_working_hours_nobody_is_unusual(recorded: Path, tmp_path: Path) -> None:
    """But in the first days, of which there is nothing to compare with: then nothing is told either."""
    days = [*range(9), *range(60, 90, 7), *range(358, 365)]
    found = []
    with closing(SqliteLedger(tmp_path / "memory.db")) as memory:
        looked = Looked(recorded, memory, Kind.ANOMALY)
        for back in days:
            for hour in (*HOURS, 23):
                end_us = us((FIRST + timedelta(days=back)).replace(hour=hour)) + HOUR_US - 1
                found += await looked.look(end_us)

    assert found == []
    assert looked.opened == len(days) * 9


@pytest.mark.parametrize(
    ("name", "usd", "hour", "is_told"),
    [
        ("user3", 60, 14, True),  # a loop
        ("user3", 4.9, 14, False),  # below the floor
        ("hal", 25, 14, False),  # as always
        ("hal", 300, 14, True),
        ("new", 80, 14, True),
        ("new", 1.5, 14, False),
        ("cron", 60, 23, False),  # nobody spends at night: too little is known of it
    ],
)
async def test_what_is_not_as_it_always_is_is_told_while_it_goes_on(
    recorded: Path, tmp_path: Path, name: str, usd: float, hour: int, is_told: bool
) -> None:
    """On the next Monday, half an hour into it, and with the hour before still in sight."""
    path = tmp_path / "ledger.db"
    path.write_bytes(recorded.read_bytes())
    hour_us = us((LAST + timedelta(days=7)).replace(hour=hour))
    write(path, [spend(hour_us + n * MINUTE_US, name, int(usd * NANO) // 10) for n in range(10)])
    with closing(SqliteLedger(tmp_path / "memory.db")) as memory:
        looked = Looked(path, memory, Kind.ANOMALY)
        found = await looked.look(hour_us + 30 * MINUTE_US)
        again = await looked.look(hour_us + 61 * MINUTE_US)
        later = await looked.look(hour_us + 63 * MINUTE_US)

    assert found == again == [name] * is_told
    assert later == []
    if is_told:
        assert looked.told == []
        known = "they are new" if name == "new" else "they usually spend"
        with closing(SqliteLedger(tmp_path / "other.db")) as other:
            another = Looked(path, other, Kind.ANOMALY)
            await another.look(hour_us + 30 * MINUTE_US)
        assert known in another.told[0].alert.text


def test_an_hour_is_added_up_by_caller_over_addresses_and_without_flat_plans(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    hour_us = hour_of(us(LAST))
    write(
        path,
        [
            spend(hour_us, "ann", 5),
            spend(hour_us + 1, "ann", 6, client="10.9.9.9"),
            spend(hour_us + HOUR_US, "ann", 7),
            spend(hour_us + 2, "ann", 8, billing=Billing.NOTIONAL),
            spend(hour_us + 3, "", 9, user=None, service="ci"),
            spend(hour_us + 4, "", 10, user=None),
            spend(hour_us + 5, "", 11, user=None, client=None),
        ],
    )
    with closing(open_books(f"sqlite:{path}")) as books:
        found = spent_in(books, Span(hour_us, hour_us + 2 * HOUR_US))

    assert {(who.kind, who.name, (at - hour_us) // HOUR_US): nano for (who, at), nano in found.items()} == {
        ("user", "ann", 0): 11, ("user", "ann", 1): 7, ("service", "ci", 0): 9, ("client", "10.0.0.0", 0): 10,
    }  # fmt: skip


DAY = "limits: [{name: day, amount: 100 USD, window: day, enforce: soft}]"
START_US = 1_795_478_400_000_000
"""2026-11-24, UTC."""


async def test_a_limit_is_foretold_by_looks_of_several_processes_and_over_restarts(tmp_path: Path) -> None:
    """Every minute, of three times too much. The one that looks dies in between, and another goes on."""
    path = tmp_path / "ledger.db"
    told: list[tuple[int, str]] = []
    policy = governing(DAY)
    async with keeping(path, policy) as ledger:
        processes = [Looked(path, ledger, Kind.FORECAST) for _ in range(3)]
        for minute in range(1, 160):
            at_us = START_US + minute * MINUTE_US
            row = spend(at_us - 1, "ann", 300 * NANO // 1440)
            await ledger.settle(row)
            if minute == 80:
                processes.remove(next(each for each in processes if each.opened))
            for each in processes:
                told += [(minute, name) for name in await each.look(at_us)]
            processes.reverse()

    assert {name for _, name in told} == {"day"}
    assert told[0][0] == 145  # a tenth of the day after the first call


async def test_one_looks_as_long_as_it_lives(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    async with keeping(path, governing(DAY)) as ledger:
        one, two = (Looked(path, ledger, Kind.FORECAST) for _ in range(2))
        for minute in range(5):
            for each in (one, two):
                await each.look(START_US + minute * MINUTE_US)
        assert (one.opened, two.opened) == (5, 0)
        await two.look(START_US + 6 * MINUTE_US)
        await one.look(START_US + 6 * MINUTE_US)

    assert (one.opened, two.opened) == (5, 1)


async def test_a_clock_that_is_set_back_keeps_nobody_from_looking(tmp_path: Path) -> None:
    """It was a day ahead. Whoever looked then, and whoever else, looks again; one of them, as before."""
    path = tmp_path / "ledger.db"
    async with keeping(path, governing(DAY)) as ledger:
        one, two = (Looked(path, ledger, Kind.FORECAST) for _ in range(2))
        await one.look(START_US + 24 * HOUR_US)
        for minute in range(60):
            for each in (two, one):
                await each.look(START_US + minute * MINUTE_US)

    assert one.opened + two.opened in (61, 62)


async def test_what_nobody_wants_to_know_is_not_looked_for(tmp_path: Path) -> None:
    async with keeping(tmp_path / "ledger.db", governing(DAY)) as ledger:
        looked = Looked(tmp_path / "ledger.db", ledger, Kind.FORECAST)
        looked.kinds = AT_ONCE
        await looked.look(START_US)

    assert looked.opened == 0


@pytest.mark.parametrize(("fault", "said"), [(LedgerError("away"), 0), (ValueError("of our own"), 1)])
async def test_a_look_that_fails_is_followed_by_another(
    tmp_path: Path, fault: Exception, said: int, caplog: pytest.LogCaptureFixture
) -> None:
    """As when a fleet's Redis is away; or where our own code fails, which is said without what it had."""
    path, opened = tmp_path / "ledger.db", asyncio.Event()
    tries: list[int] = []

    def books() -> Books:
        tries.append(1)
        if len(tries) == 1:
            raise fault
        loop.call_soon_threadsafe(opened.set)
        return open_books(f"sqlite:{path}")

    hours = itertools.count(START_US, HOUR_US)
    loop = asyncio.get_running_loop()
    async with keeping(path, governing(DAY)) as ledger:
        lookout = Lookout(
            ledger,
            books,
            lambda: BERLIN,
            lambda: frozenset(Kind),
            lambda news: None,
            lambda: next(hours),
            0.001,
        )
        task = asyncio.ensure_future(lookout.run())
        async with asyncio.timeout(60):
            await opened.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    assert len(tries) >= 2
    assert sum("a look at the ledger for alerts failed" in text for text in caplog.messages) == said
    assert "of our own" not in caplog.text
