"""What limits have to say is said once."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.tollway.admitting import NOW_US, asked, candidate, governing, keeping
from tollway import watching
from tollway.alerts.alert import Alert, Kind
from tollway.budget.bucket import Balance
from tollway.governing import Governing
from tollway.holds import Holds
from tollway.ledger.sqlite import SqliteLedger
from tollway.ledger.store import Refused
from tollway.model import CallRecord, Cost
from tollway.quarantine import Quarantine
from tollway.waiting import Line
from tollway.watching import Watching

DAY = governing("limits: [{name: day, per: user, amount: 1 USD, window: day, alerts: [50%, 80%]}]")
ROLLING = governing("limits: [{name: roll, amount: 10 requests, window: rolling 24h, alerts: [10%]}]")
FULL = governing("limits: [{name: tiny, amount: 0.01 USD, window: day}]")
FULL_ROLLING = governing("limits: [{name: tiny, amount: 0.01 USD, window: rolling 24h}]")
SHAPE = "openai_chat text"


class Clock:
    """Moves when it is told to."""

    def __init__(self) -> None:
        self.us = NOW_US

    def __call__(self) -> int:
        return self.us


class Told:
    """Keeps alerts."""

    def __init__(self) -> None:
        self.alerts: list[Alert] = []
        self.clock = Clock()

    @property
    def texts(self) -> list[str]:
        return [alert.text for alert in self.alerts]

    def watch(
        self, policy: Governing, ledger: SqliteLedger, quarantine: Quarantine | None = None
    ) -> Watching:
        return Watching(
            policy.limits.levels, ledger, quarantine or Quarantine(), self.alerts.append, self.clock
        )


async def spent(path: Path, *cents: int) -> list[str]:
    """What is told, as calls of so many cents end one after another; two processes watch."""
    policy, told = ROLLING if not cents[0] else DAY, Told()
    async with keeping(path / "ledger.db", policy) as ledger:
        watches = [told.watch(policy, ledger) for _ in range(2)]
        for n, cost in enumerate(cents):
            call = candidate(policy)
            row = replace(call.row, id=f"c{n}", user="ann")
            wants = [
                replace(want, bucket=bucket)
                for want, bucket in zip(call.wants, policy.limits.all_buckets(row, NOW_US), strict=True)
            ]
            await ledger.reserve(row, wants, NOW_US)
            done = replace(row, state="done", status=200, cost=Cost(output_nano=cost * 10_000_000))
            await Holds(ledger, Line(), watches[n % 2]).end(done)
            await watches[n % 2].idle()
    assert {alert.kind for alert in told.alerts} == {Kind.LEVEL}
    return told.texts


async def test_each_level_is_told_once_over_all_processes(tmp_path: Path) -> None:
    assert await spent(tmp_path, 49, 2, 1, 40, 1) == [
        "the limit day (user ann) has reached 50%: 0.51 USD of 1 USD",
        "the limit day (user ann) has reached 80%: 0.92 USD of 1 USD",
    ]


async def test_a_rolling_windows_level_is_told_once_in_its_length(tmp_path: Path) -> None:
    assert await spent(tmp_path, 0, 0, 0) == ["the limit roll has reached 10%: 1 requests of 10 requests"]


async def test_what_is_remembered_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ledger remembers the rest."""
    monkeypatch.setattr(watching, "REMEMBERED", 1)

    assert len(await spent(tmp_path, 90, 1, 1, 1)) == 2


async def refusal(ledger: SqliteLedger, policy: Governing) -> Balance:
    """The bucket of the one limit, which has no room for a call."""
    call = candidate(policy)
    outcome = await ledger.reserve(call.row, call.wants, NOW_US)
    assert isinstance(outcome, Refused)
    return outcome.balances[0]


async def test_the_first_refusal_in_a_window_is_told_once_over_all_processes(tmp_path: Path) -> None:
    """Also where no call was ever held in the bucket."""
    told = Told()
    async with keeping(tmp_path / "ledger.db", FULL) as ledger:
        watches = [told.watch(FULL, ledger) for _ in range(2)]
        for watch in watches * 2:
            watch.refused(await refusal(ledger, FULL))
            await watch.idle()

    (alert,) = told.alerts
    assert (alert.kind, alert.at_us) == (Kind.REFUSED_FIRST, NOW_US)
    assert alert.text == "the limit tiny has refused a call: 0 USD of 0.01 USD"


async def test_in_a_rolling_window_the_first_refusal_is_told_again_after_its_length(tmp_path: Path) -> None:
    told, day_us = Told(), 86_400_000_000
    async with keeping(tmp_path / "ledger.db", FULL_ROLLING) as ledger:
        watch = told.watch(FULL_ROLLING, ledger)
        for passed_us in (0, day_us - 1, day_us, day_us + 1):
            told.clock.us = NOW_US + passed_us
            watch.refused(await refusal(ledger, FULL_ROLLING))
            await watch.idle()

    assert [alert.at_us - NOW_US for alert in told.alerts] == [0, day_us]


async def test_what_the_ledger_did_not_take_is_told_the_next_time(tmp_path: Path) -> None:
    """Otherwise a disk that was full for a moment would keep a window's only alert back."""
    told, path = Told(), tmp_path / "ledger.db"
    async with keeping(path, FULL) as ledger:
        balance = await refusal(ledger, FULL)
        watch = told.watch(FULL, ledger)
        with closing(sqlite3.connect(path)) as db:
            db.execute("ALTER TABLE alerts RENAME TO gone")
            watch.refused(balance)
            await watch.idle()
            assert told.alerts == []
            db.execute("ALTER TABLE gone RENAME TO alerts")
        for _ in range(2):
            watch.refused(balance)
            await watch.idle()

    assert [alert.kind for alert in told.alerts] == [Kind.REFUSED_FIRST]


def violation(id: str, model: str = "gpt-4o") -> CallRecord:
    """A call that cost more than its bound."""
    row = candidate(DAY, asked(id=id)).row
    return replace(row, model=model, state="done", status=200, cost=Cost(output_nano=30_000_000))


async def test_a_violation_is_quarantined_at_once_and_told_once_over_all_processes(tmp_path: Path) -> None:
    """Its kind is: others have their own alert."""
    told = Told()
    here, there = Quarantine(), Quarantine()
    async with keeping(tmp_path / "ledger.db", DAY) as ledger:
        watches = [told.watch(DAY, ledger, quarantine) for quarantine in (here, there)]
        watches[0].violated(violation("c1"), SHAPE)
        assert here.has("openai", "gpt-4o", SHAPE)
        watches[0].violated(violation("c2"), SHAPE)
        watches[1].violated(violation("c3"), SHAPE)
        watches[1].violated(violation("c4", "gpt-4.1"), SHAPE)
        for watch in watches:
            await watch.idle()
        known = await ledger.quarantined()

    assert there.has("openai", "gpt-4o", SHAPE)
    assert [alert.fields["call"] for alert in told.alerts] == ["c1", "c4"]
    assert {alert.kind for alert in told.alerts} == {Kind.BOUND_VIOLATED}
    assert [one.alert for one in known] == [alert.fields["alert"] for alert in told.alerts]


async def test_a_violation_that_the_ledger_did_not_take_is_told_all_the_same(tmp_path: Path) -> None:
    told, quarantine = Told(), Quarantine()
    async with keeping(tmp_path / "ledger.db", DAY) as closed:
        pass
    watch = told.watch(DAY, closed, quarantine)

    watch.violated(violation("c1"), SHAPE)
    await watch.idle()

    assert [alert.kind for alert in told.alerts] == [Kind.BOUND_VIOLATED]
    assert quarantine.has("openai", "gpt-4o", SHAPE)
