"""What is kept of plans: the last that was said, gauge by gauge."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.tollway.ledger.samples import NOON_US, call
from tollway.ledger.connect import connect
from tollway.ledger.following import SqliteFollower
from tollway.ledger.plans import note, noted
from tollway.ledger.prune import KEPT_US, prune
from tollway.ledger.row import UPSERT, row_of
from tollway.ledger.sqlite import SqliteLedger
from tollway.plans.seen import Seen, of_call
from tollway.sockets.events import Gauge, Gauges

HOURS = Gauge(name="5h", used_percent=42.5, window_minutes=300, resets=NOON_US + 1)
DAYS = Gauge(name="7d", used_percent=17.0, limit=100, remaining=83, window_minutes=10_080)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """An empty ledger."""
    with closing(connect(tmp_path / "ledger.db", "process")) as db:
        yield db


def seen(*gauges: Gauge, at: int = NOON_US, provider: str = "anthropic", **more: str) -> Seen:
    return of_call(provider, "a", "ann", Gauges(at=at, gauges=gauges, **more))


def test_it_is_read_as_it_was_said(db: sqlite3.Connection) -> None:
    """By provider, account, caller and meter; short windows first."""
    plan = seen(HOURS, DAYS)
    fox = seen(Gauge(name="primary"), provider="chatgpt", meter="fox", plan="pro")
    credits = seen(provider="chatgpt", credits="9.99")
    for one in (fox, credits, plan):
        note(db, one)

    assert noted(db) == (plan, credits, fox)


def test_what_is_said_later_takes_the_place_of_what_was_said_before(db: sqlite3.Connection) -> None:
    """Whatever order it is written in; a gauge that is not said again stays as it was."""
    later = replace(HOURS, used_percent=43.0)
    note(db, seen(HOURS, DAYS, plan="pro"))
    note(db, seen(later, at=NOON_US + 1, plan="max"))
    note(db, seen(HOURS, at=NOON_US))

    (found,) = noted(db)

    assert found.gauges == Gauges(at=NOON_US + 1, gauges=(later, DAYS), plan="max")


async def test_a_ledger_keeps_it_for_those_who_follow(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    ledger = SqliteLedger(path)
    await ledger.note_plan(seen(HOURS))

    with closing(SqliteFollower(path)) as follower:
        assert follower.plans() == (seen(HOURS),)
    ledger.close()


def test_what_was_said_long_ago_is_forgotten(db: sqlite3.Connection) -> None:
    db.execute(UPSERT, row_of(call("a", started_us=NOON_US + KEPT_US + 1), "p"))
    note(db, seen(HOURS))
    note(db, seen(HOURS, at=NOON_US + 1, provider="chatgpt"))

    prune(db, NOON_US + KEPT_US + 1)

    assert [one.whose.provider for one in noted(db)] == ["chatgpt"]
