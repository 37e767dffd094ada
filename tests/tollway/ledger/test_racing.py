"""Real processes on one ledger: they race for what is left, and are killed with what they hold."""

import asyncio
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.tollway.ledger.limits import MINUTE_US, Limit, Limits, opened
from tests.tollway.ledger.samples import NOON_US
from tollway.ledger.books import SqliteBooks
from tollway.ledger.sqlite import SqliteLedger
from tollway.ledger.store import Outdated, Reached, Refused, Reserved

RACE = """
import asyncio, sys
from contextlib import closing
from tests.tollway.ledger.limits import Limit, Limits, opened
from tests.tollway.ledger.samples import NOON_US
from tollway.ledger.sqlite import SqliteLedger
from tollway.ledger.store import Reserved
from pathlib import Path

LIMITS = Limits(Limit(amount=10_000), Limit("team", amount=10_050, per=("team",)))

async def race(path, name, count, then):
    ledger = SqliteLedger(Path(path), now=lambda: NOON_US / 1_000_000)
    await ledger.adopt(LIMITS, NOON_US)
    print("ready", flush=True)
    sys.stdin.readline()
    calls = [opened(f"{name}-{n}", 100) for n in range(count)]
    outcomes = await asyncio.gather(*(ledger.reserve(call, LIMITS.wants(call), NOON_US) for call in calls))
    print(sum(isinstance(each, Reserved) for each in outcomes), flush=True)
    if then == "hang":
        await asyncio.sleep(600)
    sys.stdin.readline()
    ledger.close()

asyncio.run(race(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]))
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the ledger is to be."""
    return tmp_path / "ledger.db"


def noon() -> float:
    """The time that leases are measured by."""
    return NOON_US / 1_000_000


def start(path: Path, root: Path, name: str, count: int, then: str = "end") -> subprocess.Popen[str]:
    """A process that is ready to reserve so many calls at once, of 100 each; 10,000 are left for all."""
    command = [sys.executable, "-c", RACE, str(path), name, str(count), then]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root, bufsize=1
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def go(process: subprocess.Popen[str]) -> None:
    """Have it do the next thing."""
    assert process.stdin is not None
    process.stdin.write("\n")


def admitted(process: subprocess.Popen[str]) -> int:
    """How many it was given."""
    assert process.stdout is not None
    return int(process.stdout.readline())


def test_two_processes_race_for_a_budget_that_fits_100(path: Path, run_from: Path) -> None:
    """Of 1,000 calls exactly 100 are admitted."""
    processes = [start(path, run_from, name, 500) for name in "ab"]
    for process in processes:
        go(process)
    counts = [admitted(process) for process in processes]
    with closing(SqliteBooks(path)) as books:
        found = [(row.settled, row.held) for row in books.buckets(NOON_US)]
    for process in processes:
        process.communicate("\n")

    assert sum(counts) == 100
    assert found == [(0, 10_000), (0, 10_000)]


def test_the_holds_of_a_killed_process_are_charged_at_their_bound(
    path: Path, run_from: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """By the next reservation that would be refused: its lock tells, not its lease."""
    killed = start(path, run_from, "a", 60, "hang")
    go(killed)
    assert admitted(killed) == 60
    limits = Limits(Limit(amount=10_000), Limit("team", amount=10_050, per=("team",)))

    async def ask() -> list[Reserved | Reached | Refused | Outdated]:
        with closing(SqliteLedger(path, now=noon)) as ledger:
            await ledger.adopt(limits, NOON_US)
            call = opened("large", 5_000)
            first = await ledger.reserve(call, limits.wants(call), NOON_US)
            killed.kill()
            killed.communicate()
            later_us = NOON_US + MINUTE_US
            second = await ledger.reserve(call, limits.wants(call), later_us)
            small = opened("small", 4_000)
            third = await ledger.reserve(small, limits.wants(small), later_us)
            return [first, second, third]

    first, second, third = asyncio.run(ask())

    assert isinstance(first, Refused)
    assert [(each.settled, each.held) for each in first.balances] == [(0, 6_000)] * 2
    assert isinstance(second, Refused)
    assert [(each.settled, each.held) for each in second.balances] == [(6_000, 0)] * 2
    assert isinstance(third, Reserved)


def test_the_holds_of_a_killed_process_are_charged_when_the_ledger_is_opened(
    path: Path, run_from: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """And listed as such."""
    killed = start(path, run_from, "a", 60, "hang")
    go(killed)
    assert admitted(killed) == 60
    with closing(SqliteBooks(path)) as books:
        before = books.holds()
        killed.kill()
        killed.communicate()
        after = books.holds()
        SqliteLedger(path, now=noon).close()
        lost = books.holds()
        found = [(row.settled, row.held) for row in books.buckets(NOON_US)]

    assert [{each.alive for each in holds} for holds in (before, after, lost)] == [{True}, {False}, {False}]
    assert {each.call.state for each in after} == {"open"}
    assert {(each.call.state, each.call.cost.nano) for each in lost} == {("lost", 100)}
    assert len(lost) == 60
    assert found == [(6_000, 0)] * 2
    assert "60 calls ended with their process; they are charged at their bound" in caplog.text
