"""Each check finds what it is for, and nothing in a ledger that is well."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.tollway.ledger.cutting.test_cut import cut_all
from tests.tollway.ledger.limits import HOUR_US, Limit, Limits, ended, opened
from tests.tollway.ledger.samples import FULL, NOON_US
from tests.tollway.ledger.year import year
from tollway.ledger.connect import connect
from tollway.ledger.row import UPSERT, row_of
from tollway.ledger.sqlite import SqliteLedger
from tollway.ledger.verifying.check import CHECKS
from tollway.ledger.verifying.finding import made

LIMITS = Limits(Limit("day", per=("team",)), Limit("rolling", rolling=True, window_us=HOUR_US))


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    """A ledger with everything in it: limits, calls that hold, that ended, and merged ones."""
    path = tmp_path / "ledger.db"
    with closing(SqliteLedger(path, now=lambda: NOON_US / 1_000_000)) as ledger:
        await ledger.adopt(LIMITS, NOON_US)
        for id in ("ended", "open"):
            await ledger.reserve(opened(id), LIMITS.wants(opened(id)), NOON_US)
        await ledger.settle(ended(opened("ended"), 30))
        (bucket, _) = LIMITS.all_buckets(opened(), NOON_US)
        await ledger.first_alert(bucket, 80, NOON_US)
    with closing(connect(path, "process")) as db:
        db.executemany(UPSERT, [row_of(each, "p") for each in [*year(2), FULL]])
        cut_all(db)
    return path


@pytest.fixture
def db(path: Path) -> Iterator[sqlite3.Connection]:
    """It, where rows may be put wrong."""
    with closing(connect(path, "process")) as db:
        db.execute("PRAGMA ignore_check_constraints = 1")
        yield db


def failing(db: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    """The names of checks that fail, with what they name."""
    return {found.name: found.ids for found in (made(each, db) for each in CHECKS) if found.failed}


def test_all_is_well(db: sqlite3.Connection) -> None:
    assert failing(db) == {}


@pytest.mark.parametrize(
    ("change", "name", "ids"),
    [
        ("UPDATE calls SET cost_nano = 5 WHERE id = 'full'", "parts add up to the cost", ("full",)),
        (
            "UPDATE calls SET cost_nano = -5, other_nano = other_nano - cost_nano - 5 WHERE id = 'full'",
            "nothing is below zero",
            ("full",),
        ),
        ("UPDATE calls SET input_tokens = -1 WHERE id = 'full'", "nothing is below zero", ("full",)),
        ("UPDATE calls SET state = 'begun' WHERE id = 'full'", "states are known", ("full",)),
        ("UPDATE calls SET policy = 77 WHERE id = 'full'", "what rows name is there", ("full",)),
        ("DELETE FROM balances WHERE bucket = 1", "what rows name is there", ("bucket 1",)),
        (
            "INSERT INTO balances (bucket, amount, enforce) VALUES (9, 1, 'hard')",
            "what rows name is there",
            ("balance 9",),
        ),
        ("INSERT INTO keeping (process, policy) VALUES ('p', 9)", "what rows name is there", ("process p",)),
        (
            "INSERT INTO alerts VALUES (77, 80, 0)",
            "alerts are of buckets that are there",
            ("bucket 77 at 80 %",),
        ),
        ("UPDATE calls SET calls = 3 WHERE id = 'full'", "merged rows stand for their calls", ("full",)),
        ("INSERT INTO cut VALUES ('full', 1)", "merged rows stand for their calls", None),
        ("INSERT INTO cut VALUES ('x', 99999)", "merged rows stand for their calls", ("x",)),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found(
    db: sqlite3.Connection, change: str, name: str, ids: tuple[str, ...] | None
) -> None:
    db.execute(change)

    found = failing(db)
    assert list(found) == [name]
    assert ids is None or found[name] == ids


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ("UPDATE balances SET held = 5 WHERE bucket = 1", ["buckets hold what open calls hold"]),
        ("UPDATE calls SET holds = '{}' WHERE id = 'open'", ["buckets hold what open calls hold"]),
        ("UPDATE minutes SET settled = 5", ["rolling windows have their minutes"]),
        ("UPDATE balances SET settled = 5 WHERE bucket = 2", ["rolling windows have their minutes"]),
    ],
)
def test_buckets_that_are_wrong_are_named(db: sqlite3.Connection, change: str, names: list[str]) -> None:
    db.execute(change)

    found = failing(db)
    assert list(found) == names
    assert all(id.startswith("bucket ") for ids in found.values() for id in ids)


def test_ids_that_are_there_twice_are_found(db: sqlite3.Connection) -> None:
    """Where an index does not see to it."""
    (check,) = [each for each in CHECKS if each.name == "each id has one row"]
    with closing(sqlite3.connect(":memory:")) as bare:
        bare.execute("CREATE TABLE calls (id)")
        bare.executemany("INSERT INTO calls VALUES (?)", [("a",), ("b",), ("a",)])

        assert made(check, bare).ids == ("a",)
