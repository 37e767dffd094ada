"""The witness within the ledger, and the look from outside, over a real one."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.chaos.evidence import evidence
from tests.chaos.watch import Watch, sums, watched
from tests.chaos.witness import heard, swear_in
from tollway.ledger.open import open_ledger

BUCKET = "INSERT INTO balances (bucket, amount, enforce) VALUES (1, 100, 'hard')"


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A ledger with a witness."""
    path = tmp_path / "ledger.db"
    open_ledger(f"sqlite:{path}").close()
    swear_in(path)
    return path


def do(ledger: Path, *statements: str) -> None:
    """Each in a transaction of its own."""
    with closing(sqlite3.connect(ledger, isolation_level=None)) as db:
        for statement in statements:
            db.execute(statement)


def test_no_moment_is_too_short_for_the_witness(ledger: Path) -> None:
    """What was over within one transaction, and is not any more, was over."""
    do(ledger, BUCKET, "UPDATE balances SET settled = 80, held = 20")
    assert heard(ledger) == (2, 100, 0)

    do(ledger, "BEGIN", "UPDATE balances SET held = 30", "UPDATE balances SET held = 0", "COMMIT")
    assert heard(ledger) == (4, 110, 10)
    do(ledger, "BEGIN", "UPDATE balances SET held = 90", "ROLLBACK")
    assert heard(ledger) == (4, 110, 10)


def test_the_amount_is_that_of_the_moment(ledger: Path) -> None:
    """One that was raised later excuses nothing."""
    do(ledger, BUCKET, "UPDATE balances SET held = 105", "UPDATE balances SET amount = 200")

    assert heard(ledger).over_nano == 5


def test_buckets_are_compared_with_rows(ledger: Path) -> None:
    """Charges of rows that have ended, holds of those that are open."""
    rows = """INSERT INTO calls (id, started_us, state, cost_nano, other_nano, holds) VALUES
        ('a', 1, 'done', 7, 7, '{"1": 50}'), ('b', 1, 'lost', 5, 5, '{"1": 50}'),
        ('c', 1, 'open', 9, 9, '{"1": 30}'), ('d', 1, 'done', 3, 3, NULL)"""
    do(ledger, BUCKET, rows, "UPDATE balances SET settled = 12, held = 30")

    (found,) = sums(ledger)
    assert found == (12, 30, 12, 30)
    assert found.agree
    do(ledger, "UPDATE balances SET settled = 11")
    assert not sums(ledger)[0].agree


def test_a_watch_looks_while_it_lasts_and_once_more(ledger: Path) -> None:
    """What it sees at the end counts, too."""
    with watched(ledger) as watch:
        do(ledger, BUCKET, "UPDATE balances SET settled = 1")
    assert watch.looks >= 1
    assert watch.apart >= 1

    found = evidence(ledger, watch)
    assert (found.apart, found.looks, found.over_nano, found.holding) == (watch.apart, watch.looks, 0, 0)


def test_what_is_held_at_the_end_is_told(ledger: Path) -> None:
    """Of each bucket that holds something."""
    do(ledger, BUCKET, "UPDATE balances SET held = 150")

    found = evidence(ledger, Watch(ledger))
    assert (found.holding, found.over_nano) == (1, 50)
