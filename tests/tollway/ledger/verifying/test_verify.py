"""A ledger, looked through."""

from contextlib import closing
from pathlib import Path

import pytest

from tests.tollway.ledger.limits import Limit, Limits, ended, opened
from tests.tollway.ledger.machine import die
from tests.tollway.ledger.samples import NOON_US
from tests.tollway.ledger.year import write, year
from tollway.ledger.connect import connect
from tollway.ledger.fault import LedgerError
from tollway.ledger.sqlite import SqliteLedger
from tollway.ledger.verifying import verify as module
from tollway.ledger.verifying.check import CHECKS
from tollway.ledger.verifying.verify import ADDED, DEAD, OPEN, verify

LIMITS = Limits(Limit("day:1"))


def failed(path: Path) -> list[str]:
    return [found.name for found in verify(path, lambda: LIMITS, NOON_US) if found.failed]


def test_a_ledger_without_limits_is_well(tmp_path: Path) -> None:
    path = write(tmp_path / "ledger.db", year(3))
    found = list(verify(path, "why not", NOON_US))

    assert [one.name for one in found] == [OPEN, "the file is sound", *(each.name for each in CHECKS), ADDED]
    assert not any(one.failed for one in found)
    assert (found[-1].skipped, found[-1].mend) == (True, "why not")


async def test_calls_of_the_dead_are_named(tmp_path: Path) -> None:
    ledger = SqliteLedger(tmp_path / "ledger.db", now=lambda: NOON_US / 1_000_000)
    await ledger.record(opened("open"))
    assert failed(tmp_path / "ledger.db") == []
    die(ledger)

    (first, *_) = verify(tmp_path / "ledger.db", "why not", NOON_US)
    assert (first.name, first.ids, first.mend) == (OPEN, ("open",), DEAD)


async def test_buckets_are_compared_by_the_policy(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with closing(SqliteLedger(path, now=lambda: NOON_US / 1_000_000)) as ledger:
        await ledger.adopt(LIMITS, NOON_US)
        await ledger.record(ended(opened("a"), 30))
        assert failed(path) == []
        with closing(connect(path, "process")) as db:
            db.execute("UPDATE balances SET settled = 31")

        assert failed(path) == [ADDED]


async def test_limits_whose_rows_are_to_be_counted_are_named(tmp_path: Path) -> None:
    path = write(tmp_path / "ledger.db", [ended(opened("a"), 30)])
    (*_, last) = verify(path, lambda: LIMITS, NOON_US)

    assert last.skipped
    assert last.mend.startswith("not day")


def test_a_file_that_can_not_be_looked_at_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "ledger.db", year(1))
    monkeypatch.setattr(module, "orphaned", lambda db, path: db.execute("SELECT 1 FROM nowhere"))

    with pytest.raises(LedgerError, match="no such table: nowhere"):
        list(verify(path, "why not", NOON_US))
    with pytest.raises(LedgerError, match="there is no such file"):
        list(verify(tmp_path / "none.db", "why not", NOON_US))
