"""Snapshots of a ledger as it is written: they agree with its books."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.tollway.ledger.samples import NOON_US, call
from tests.tollway.live.samples import BERLIN
from tollway.ledger.books import SqliteBooks
from tollway.ledger.connect import connect
from tollway.ledger.following import SqliteFollower
from tollway.ledger.presence import Presence
from tollway.ledger.row import UPSERT, row_of
from tollway.ledger.store import Beginning, Course
from tollway.live.snapshot import Minute
from tollway.live.span import DAY_US, HOUR_US, MINUTE_US, Span
from tollway.live.watch import ANEW_US, Watch
from tollway.model import CallRecord, Cost


class Written:
    """A ledger, and a clock that is set."""

    def __init__(self, path: Path, db: sqlite3.Connection) -> None:
        self.path, self._db, self.now_us = path, db, NOON_US

    def clock(self) -> float:
        return self.now_us / 1_000_000

    def write(self, id: str, ago_us: int = 0, nano: int = 0, process: str = "p", **fields: object) -> None:
        row: CallRecord = call(id, started_us=self.now_us - ago_us, cost=Cost(input_nano=nano), **fields)
        self._db.execute(UPSERT, row_of(row, process))

    def change(self, id: str, nano: int) -> None:
        self._db.execute("UPDATE calls SET cost_nano = ?, input_nano = ? WHERE id = ?", (nano, nano, id))


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Written]:
    path = tmp_path / "ledger.db"
    with closing(connect(path, "process")) as db:
        yield Written(path, db)


@pytest.fixture
def watch(ledger: Written) -> Iterator[Watch]:
    with closing(SqliteFollower(ledger.path)) as follower:
        yield Watch(follower, BERLIN, Span.TODAY, ledger.clock)


def test_what_is_seen_agrees_with_the_books_whatever_the_span(ledger: Written, watch: Watch) -> None:
    """To the nano-dollar; calls are written before the first look, and between the looks."""
    for n, ago_us in enumerate(
        (0, 30 * MINUTE_US, 2 * HOUR_US, 14 * HOUR_US, 3 * DAY_US, 20 * DAY_US, 40 * DAY_US)
    ):
        ledger.write(f"a{n}", ago_us, nano=10**n, user=f"u{n % 2}")
        watch.snapshot(Span.TODAY)
        ledger.write(f"b{n}", ago_us, nano=3 * 10**n, user="u0", state="open")
    for span in (Span.HOUR, Span.TODAY, Span.WEEK, Span.MONTH):
        seen = watch.snapshot(span)
        with closing(SqliteBooks(ledger.path)) as books:
            found = books.sums(["user"], span.since_us(ledger.now_us, BERLIN))
        sums = {user: (each.calls, each.cost_nano) for (_, (user,)), each in found.items()}
        assert {line.value: (line.calls, line.cost_nano) for line in seen.spent["user"]} == sums
        assert seen.total.cost_nano == sum(cost for _, cost in sums.values()) == sum(seen.total.course)
        assert seen.total.calls == sum(calls for calls, _ in sums.values())


def test_minutes_pass(ledger: Written, watch: Watch) -> None:
    """Each has its place, and after an hour none."""
    ledger.write("a", nano=5)
    assert watch.snapshot(Span.TODAY).minutes[-1] == Minute(1, 5)

    ledger.now_us += MINUTE_US
    ledger.write("b", nano=7)
    seen = watch.snapshot(Span.TODAY)
    assert (seen.minutes[-2:], seen.last_minute) == ((Minute(1, 5), Minute(1, 7)), Minute(1, 5))

    ledger.now_us += HOUR_US
    assert set(watch.snapshot(Span.TODAY).minutes) == {Minute(0, 0)}


def test_an_hour_moves_on_with_the_clock(ledger: Written, watch: Watch) -> None:
    ledger.write("a", 59 * MINUTE_US, nano=5)
    ledger.write("b", 10 * MINUTE_US, nano=7)
    assert watch.snapshot(Span.HOUR).total.cost_nano == 12

    ledger.now_us += 2 * 1_000_000
    ledger.now_us += MINUTE_US // 2
    assert watch.snapshot(Span.HOUR).total.cost_nano == 12
    ledger.now_us += MINUTE_US
    assert watch.snapshot(Span.HOUR).total.cost_nano == 7


def test_at_midnight_a_new_day_begins(ledger: Written, watch: Watch) -> None:
    ledger.write("a", nano=5)
    assert watch.snapshot(Span.TODAY).total.cost_nano == 5

    ledger.now_us += 11 * HOUR_US
    ledger.write("b", nano=7)
    assert watch.snapshot(Span.TODAY).total.cost_nano == 7


@pytest.mark.parametrize("span", Span)
def test_a_clock_that_was_wrong_and_is_put_right_loses_nothing(
    ledger: Written, watch: Watch, span: Span
) -> None:
    ledger.write("a", nano=5)
    watch.snapshot(span)
    ledger.now_us += 365 * DAY_US
    assert watch.snapshot(span).total.cost_nano == 0

    ledger.now_us -= 365 * DAY_US
    seen = watch.snapshot(span)
    assert (seen.total.cost_nano, seen.minutes[-1]) == (5, Minute(1, 5))


def test_what_becomes_known_of_an_ended_call_is_seen_after_a_minute(ledger: Written, watch: Watch) -> None:
    ledger.write("a", nano=5)
    watch.snapshot(Span.TODAY)
    ledger.change("a", nano=500)
    assert watch.snapshot(Span.TODAY).total.cost_nano == 5

    ledger.now_us += ANEW_US
    assert watch.snapshot(Span.TODAY).total.cost_nano == 500


def test_all_is_added_up_again_the_less_often_the_longer_it_takes(ledger: Written) -> None:
    """So that a long ledger takes a hundredth of the time."""

    class Slow(SqliteFollower):
        begun = 0

        def begin(self, courses: Sequence[Course], latest: int) -> Beginning:
            ledger.now_us += 5_000_000
            self.begun += 1
            return super().begin(courses, latest)

    with closing(Slow(ledger.path)) as follower:
        watch = Watch(follower, BERLIN, Span.TODAY, ledger.clock)
        ledger.now_us += 494 * 1_000_000
        watch.snapshot(Span.TODAY)
        assert follower.begun == 1
        ledger.now_us += 2 * 1_000_000
        watch.snapshot(Span.TODAY)
        assert follower.begun == 2


def test_a_call_is_in_flight_while_its_process_lives(ledger: Written, watch: Watch) -> None:
    presence = Presence(ledger.path)
    ledger.write("a", state="open", process=presence.process)
    ledger.write("b", state="open", process="2-killed")
    before = watch.snapshot(Span.TODAY)
    presence.end()
    after = watch.snapshot(Span.TODAY)

    assert before.orphaned == {"b"}
    assert after.orphaned == {"a", "b"}
    assert (before.flying, after.flying) == (1, 0)
    assert before.total == after.total


def test_calls_come_latest_first(ledger: Written, watch: Watch) -> None:
    ledger.write("a", ago_us=9, state="open")
    ledger.write("b", ago_us=5)
    watch.snapshot(Span.TODAY)
    ledger.write("c", ago_us=7)
    ledger.write("a", ago_us=9)

    assert [(one.id, one.state) for one in watch.snapshot(Span.TODAY).calls] == [
        ("b", "done"), ("c", "done"), ("a", "done"),
    ]  # fmt: skip
