"""What is held ends with its call, and whoever waits for it is called."""

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.tollway.admitting import NOW_US, asked, candidate, governing, keeping
from tollway.budget.amounts import Amounts
from tollway.budget.bucket import Balance
from tollway.governing import Governing
from tollway.holds import Holds
from tollway.ledger.books import SqliteBooks
from tollway.ledger.fault import LedgerError
from tollway.model import CallRecord, Cost
from tollway.waiting import Line

LIMIT = governing("limits: [{name: day, amount: 1 USD, window: day}]")


async def test_a_calls_end_settles_what_it_held_and_calls_who_waits(tmp_path: Path) -> None:
    line = Line(poll_seconds=1000)
    seen: list[tuple[str, list[int]]] = []

    def watch(record: CallRecord, balances: Sequence[Balance]) -> None:
        seen.append((record.id, [balance.settled for balance in balances]))

    async with keeping(tmp_path / "ledger.db", LIMIT) as ledger:
        call = candidate(LIMIT)
        await ledger.reserve(call.row, call.wants, NOW_US)
        place = line.join()
        line.stand(place, {want.bucket.id: 1 for want in call.wants})
        called = asyncio.ensure_future(line.turn(place, line.now() + 1000))

        await Holds(ledger, line, watch).end(
            replace(call.row, state="done", status=200, cost=Cost(output_nano=7))
        )

        assert await called
    assert seen == [("c1", [7])]


async def test_what_is_lowered_calls_who_waits_too(tmp_path: Path) -> None:
    line = Line(poll_seconds=1000)
    async with keeping(tmp_path / "ledger.db", LIMIT) as ledger:
        call = candidate(LIMIT)
        await ledger.reserve(call.row, call.wants, NOW_US)
        place = line.join()
        line.stand(place, {want.bucket.id: 1 for want in call.wants})

        Holds(ledger, line).lower("c1", Amounts(nano=5, input_tokens=5, output_tokens=5, requests=1))

        assert await line.turn(place, line.now() + 1000)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another program writes to the ledger, and does not come to an end."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ledgers that are opened from here on wait for a lock no longer than a moment."""
    monkeypatch.setattr("tollway.ledger.connect.LOCK_SECONDS", 0.001)


@pytest.mark.parametrize("policy", [LIMIT, governing("")], ids=["limited", "free"])
async def test_an_end_that_the_ledger_did_not_take_is_written_once_it_does(
    tmp_path: Path, impatient: None, policy: Governing, caplog: pytest.LogCaptureFixture
) -> None:
    """What the call used is known, and is not to be lost for a disk that was full for a while."""
    path = tmp_path / "ledger.db"
    async with keeping(path, LIMIT) as ledger:
        call = candidate(policy)
        await ledger.reserve(call.row, call.wants, NOW_US)
        holds = Holds(ledger, Line(), again_seconds=0.001)
        done = replace(call.row, state="done", status=200, cost=Cost(output_nano=7))
        with locked(path):
            for _ in range(2):
                with pytest.raises(LedgerError):
                    await holds.end(done)
        async with asyncio.timeout(120):
            while [row.state for row in rows(path)] != ["done"]:
                await asyncio.sleep(0.001)

    assert [row.cost.nano for row in rows(path)] == [7]
    assert "tried again" in caplog.text


async def test_a_later_end_goes_before_one_that_was_not_written(tmp_path: Path, impatient: None) -> None:
    """It is what is known by now: the former is not written over it."""
    path = tmp_path / "ledger.db"
    async with keeping(path, LIMIT) as ledger:
        call = candidate(LIMIT)
        await ledger.reserve(call.row, call.wants, NOW_US)
        holds = Holds(ledger, Line(), again_seconds=1000)
        first, second = (
            replace(call.row, state="done", status=200, cost=Cost(output_nano=nano)) for nano in (7, 8)
        )
        with locked(path), pytest.raises(LedgerError):
            await holds.end(first)
        await holds.end(second)
        holds.write_again()
        with locked(path):
            failing, third = holds.end(first), holds.end(second)
            for each in (failing, third):
                with pytest.raises(LedgerError):
                    await each
        holds.write_again()

    assert [row.cost.nano for row in rows(path)] == [8]


async def test_no_more_ends_are_remembered_than_there_is_room_for(
    tmp_path: Path, impatient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is forgotten stays at what it holds."""
    monkeypatch.setattr("tollway.holds.MOST", 1)
    path = tmp_path / "ledger.db"
    async with keeping(path, LIMIT) as ledger:
        holds = Holds(ledger, Line(), again_seconds=1000)
        calls = [candidate(LIMIT, asked(id=id)) for id in ("c1", "c2")]
        for call in calls:
            await ledger.reserve(call.row, call.wants, NOW_US)
        with locked(path):
            for call in calls:
                with pytest.raises(LedgerError):
                    await holds.end(replace(call.row, state="done"))
        holds.write_again()

    assert [row.state for row in rows(path)] == ["done", "open"]


async def test_ends_that_are_not_written_yet_are_known_and_the_oldest_of_them(
    tmp_path: Path, impatient: None
) -> None:
    """On their way, and to be tried again; then none is left."""
    path = tmp_path / "ledger.db"
    async with keeping(path, LIMIT) as ledger:
        holds = Holds(ledger, Line(), again_seconds=1000)
        ends = [
            replace(candidate(LIMIT, asked(id=id)).row, state="done", ended_us=NOW_US + us)
            for id, us in (("c1", 5), ("c2", 9))
        ]
        assert (holds.unwritten(), holds.oldest_us()) == (0, None)
        with locked(path):
            with pytest.raises(LedgerError):
                await holds.end(ends[0])
            written = holds.end(ends[1])
            waiting = holds.unwritten(), holds.oldest_us()
            with pytest.raises(LedgerError):
                await written
        assert (waiting, holds.unwritten()) == ((2, NOW_US + 5), 2)

        holds.write_again()
        await ledger.look((), NOW_US)  # behind the others

        assert (holds.unwritten(), holds.oldest_us()) == (0, None)


def rows(path: Path) -> list[CallRecord]:
    """The ledger's, by their start."""
    with closing(SqliteBooks(path)) as books:
        return list(books.calls())


async def test_a_call_that_met_no_limit_is_only_written(tmp_path: Path) -> None:
    seen: list[str] = []
    async with keeping(tmp_path / "ledger.db", LIMIT) as ledger:
        row = replace(candidate(governing("")).row, state="done")
        await Holds(ledger, Line(), lambda record, balances: seen.append(record.id)).end(row)

    assert seen == []
