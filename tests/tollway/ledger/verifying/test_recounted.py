"""Buckets against their rows."""

from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.tollway.ledger.limits import DAY_US, HOUR_US, MINUTE_US, Limit, Limits, ended, opened
from tests.tollway.ledger.samples import NOON_US
from tollway.ledger.connect import connect, connect_to_read
from tollway.ledger.sqlite import SqliteLedger
from tollway.ledger.store import Rules
from tollway.ledger.verifying.recounted import Recounted, recounted

DAY = Limit("day", per=("team",))
ROLLING = Limit("rolling", rolling=True, window_us=HOUR_US)
SHORT = Limit("short", rolling=True, window_us=10 * MINUTE_US)
ALL = Limits(DAY, ROLLING, SHORT)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
async def ledger(path: Path) -> AsyncIterator[SqliteLedger]:
    """Limits with some calls: of today, of the hour, of the last minutes, one in flight."""
    with closing(SqliteLedger(path, now=lambda: NOON_US / 1_000_000)) as ledger:
        await ledger.adopt(ALL, NOON_US)
        for n, back_us in enumerate((3 * HOUR_US, 20 * MINUTE_US, MINUTE_US)):
            call = opened(f"c{n}", at_us=NOON_US - back_us)
            await ledger.record(ended(call, 10**n))
        await ledger.reserve(opened("open"), ALL.wants(opened("open")), NOON_US)
        yield ledger


def look(path: Path, rules: Rules = ALL, now_us: int = NOON_US) -> Recounted:
    with closing(connect_to_read(path)) as db:
        return recounted(db, rules, now_us)


async def test_buckets_have_what_their_rows_come_to(ledger: SqliteLedger, path: Path) -> None:
    """Now, and as windows go on without a call."""
    assert look(path) == Recounted((), 3, ())
    assert look(path, now_us=NOON_US + 30 * MINUTE_US) == Recounted((), 3, ())
    assert look(path, now_us=NOON_US + DAY_US) == Recounted((), 3, ())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE balances SET settled = 7 WHERE bucket = 1", ": 7, and its rows come to 111"),
        (
            "UPDATE minutes SET settled = 7 WHERE settled = 100 AND bucket = 2",
            ": 17, and its rows come to 110",
        ),
        ("DELETE FROM calls WHERE id = 'c2'", ": 111, and its rows come to 11"),
        ("DELETE FROM buckets WHERE id = 1", ": 0, and its rows come to 111"),
    ],
)
async def test_what_differs_is_named(ledger: SqliteLedger, path: Path, change: str, said: str) -> None:
    with closing(connect(path, "process")) as db:
        db.execute(change)

    found = look(path).wrong
    assert any(each.endswith(said) for each in found), found


async def test_rows_that_were_written_without_a_limit_are_waited_for(
    ledger: SqliteLedger, path: Path
) -> None:
    """A proxy adds them up as it starts: that is no fault."""
    await ledger.adopt(Limits(DAY), NOON_US)
    await ledger.record(ended(opened("d"), 5))

    found = look(path)
    assert (found.wrong, found.looked_at) == ((), 1)
    assert [key.split()[0] for key in found.waiting] == ["rolling", "short"]


async def test_nothing_is_written(ledger: SqliteLedger, path: Path) -> None:
    with closing(connect(path, "process")) as db:
        before = db.execute("SELECT * FROM minutes").fetchall()
        look(path)

        assert db.execute("SELECT * FROM minutes").fetchall() == before


async def test_a_policy_without_limits_has_nothing_to_look_at(ledger: SqliteLedger, path: Path) -> None:
    assert look(path, Limits()) == Recounted((), 0, ())
