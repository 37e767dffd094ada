"""`tollway ledger prune` beside a proxy, and killed in the middle: no call is lost, and none counts twice."""

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.tollway.cli.ledger.test_pruning import BEFORE, past, run
from tests.tollway.ledger.limits import Limit, Limits, ended, opened
from tests.tollway.ledger.year import bills, write
from tollway import clock
from tollway.ledger.connect import connect_to_read
from tollway.ledger.sqlite import SqliteLedger

BY = [(), ("day", "user"), ("model", "billing")]


@pytest.fixture
def ledger(home: Path) -> Path:
    """Some ten thousand calls."""
    return write(home / "ledger.db", past(365, 40))


def prune(home: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tollway", "ledger", "prune", *BEFORE, "--yes"]
    return subprocess.Popen(command, env=os.environ | {"TOLLWAY_HOME": str(home)}, stdout=subprocess.DEVNULL)


def merged(path: Path) -> int:
    """How many calls are in merged rows."""
    with closing(connect_to_read(path)) as db:
        return int(db.execute("SELECT count(*) FROM cut").fetchone()[0])


@pytest.mark.slow
def test_killed_at_any_moment_it_has_lost_nothing_and_goes_on_the_next_time(ledger: Path, home: Path) -> None:
    before = bills(ledger, by=BY)
    with prune(home) as process:
        while process.poll() is None and not merged(ledger):
            pass
        process.send_signal(signal.SIGKILL)
    assert bills(ledger, by=BY) == before
    first = merged(ledger)
    assert first
    result = run(*BEFORE, "--yes")

    assert result.exit_code == 0, result.output
    assert merged(ledger) >= first
    assert bills(ledger, by=BY) == before
    assert run(*BEFORE, "--dry-run").stdout == "0 calls would become 0 rows\n"


@pytest.mark.slow
async def test_a_proxy_goes_on_beside_it(ledger: Path, home: Path) -> None:
    """Each of its calls is admitted and settled, and counts once."""
    before = bills(ledger, by=[()])[()][()]
    limits = Limits(Limit("day", 10**9))
    with closing(SqliteLedger(ledger)) as writer:
        await writer.adopt(limits, clock.now_us())
        with prune(home) as process:
            count = 0
            while process.poll() is None:
                call = opened(f"c{count}", at_us=clock.now_us())
                await writer.reserve(call, limits.wants(call), clock.now_us())
                await writer.settle(ended(call, 7))
                count += 1
                await asyncio.sleep(0)
        assert process.returncode == 0

    after = bills(ledger, by=[()])[()][()]
    assert count
    assert merged(ledger)
    assert (after.calls, after.cost_nano) == (before.calls + count, before.cost_nano + 7 * count)
