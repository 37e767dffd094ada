"""What becomes of calls whose process died."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.tollway.ledger.limits import Limit, Limits, opened
from tests.tollway.ledger.samples import NOON_US, call
from tollway.budget.amounts import Amounts
from tollway.budget.bucket import Enforce
from tollway.ledger.buckets import Buckets
from tollway.ledger.connect import connect
from tollway.ledger.dead import Lost, lose
from tollway.ledger.holding import Holding
from tollway.ledger.row import COLUMNS, UPSERT, call_of, row_of
from tollway.ledger.writer import as_it_is
from tollway.model import CallRecord


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A ledger."""
    with closing(connect(tmp_path / "ledger.db", "process")) as db:
        yield db


def hold(db: sqlite3.Connection, opened: CallRecord, *limits: Limit) -> None:
    """Have a process "dead" hold a call."""
    holding = Holding(Path(), "dead")
    holding.reserve(db, as_it_is, opened, Limits(*limits).wants(opened), NOON_US)
    holding.ending(db)


def lose_all(db: sqlite3.Connection, *alive: str, now_us: int = NOON_US) -> Lost:
    """Find the calls of all but these."""
    buckets = Buckets()
    lost = lose(db, buckets, alive, now_us)
    buckets.flush(db)
    return lost


def rows(db: sqlite3.Connection) -> dict[str, CallRecord]:
    """All calls."""
    found = map(call_of, db.execute(f"SELECT {', '.join(COLUMNS)} FROM calls"))
    return {each.id: each for each in found}


def standing(db: sqlite3.Connection) -> list[tuple[int, int]]:
    """What is settled and held in each bucket."""
    return db.execute("SELECT settled, held FROM balances ORDER BY bucket").fetchall()


def test_the_living_lose_nothing_and_the_dead_all(db: sqlite3.Connection) -> None:
    """Also calls of a process that nobody knows the name of; what ended is as it was."""
    db.execute(UPSERT, row_of(call("killed", state="open"), "dead"))
    db.execute(UPSERT, row_of(call("living", state="open"), "alive"))
    db.execute(UPSERT, row_of(call("done"), "dead"))
    db.execute("INSERT INTO calls (id, started_us, state) VALUES ('imported', 0, 'open')")

    assert lose_all(db, "alive", now_us=NOON_US + 5) == Lost(2, 0)
    states = {id: (row.state, row.ended_us) for id, row in rows(db).items()}
    assert states == {
        "killed": ("lost", NOON_US + 5),
        "living": ("open", None),
        "done": ("done", None),
        "imported": ("lost", NOON_US + 5),
    }
    assert lose_all(db, "alive", now_us=NOON_US + 5) == Lost(0, 0)


def test_under_a_hard_limit_the_bound_is_charged(db: sqlite3.Connection) -> None:
    """In every bucket, those of soft limits among them: there is one row, and one charge."""
    soft = Limit("soft", enforce=Enforce.SOFT)
    for id in ("a", "b"):
        hold(db, opened(id), Limit(), soft)

    assert lose_all(db) == Lost(2, 2)
    assert standing(db) == [(200, 0), (200, 0)]
    lost = rows(db)["a"]
    assert (lost.cost.nano, lost.cost.input_nano, lost.cost.source) == (100, 0, "estimated")


def test_a_bound_beyond_all_measure_is_charged_as_far_as_a_row_goes(db: sqlite3.Connection) -> None:
    """A million USD, and 10^12 tokens."""
    large = replace(opened(), bound=Amounts(nano=10**18, input_tokens=10**15, output_tokens=1, requests=1))
    hold(db, large, Limit(amount=10**19 // 2))
    lose_all(db)

    assert standing(db) == [(10**15, 0)]
    assert rows(db)["a"].usage.input_tokens == 10**12


def test_flags_are_kept(db: sqlite3.Connection) -> None:
    """Why the price was to be read with care stays true."""
    careful = replace(opened(), cost=replace(opened().cost, flags=("unknown_price",)))
    hold(db, careful, Limit())
    lose_all(db)

    assert rows(db)["a"].cost.flags == ("unknown_price", "charged_at_bound")
