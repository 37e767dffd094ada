"""Work inside one process, on a real ledger."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import cast

import pytest

from tests.bench.governed import Work
from tests.bench.policies import MATCHING, PER_USER
from tests.bench.worker import Kind, in_turns, working
from tollway.ledger.open import open_books


def buckets(folder: Path) -> int:
    """How many a worker's ledger has."""
    with closing(open_books(f"sqlite:{folder / 'ledger.db'}")) as books:
        return len(books.buckets(0))


@pytest.mark.slow
def test_work_is_done_as_often_as_it_is_asked_for(tmp_path: Path) -> None:
    """Once a round, and once before them; all calls have ended, and hold nothing any more."""
    kinds = {"call": Kind("call", limits=10, users=3), "record": Kind("record")}
    with (
        working(tmp_path / "call", kinds["call"]) as call,
        working(tmp_path / "record", kinds["record"]) as record,
    ):
        call.does("fill", 3, 2)
        call.does("pair", 7, 2)
        taken = in_turns({"call": call, "record": record}, 2, 5, 2)

    assert buckets(tmp_path / "call") == 3 * PER_USER + len(MATCHING) - PER_USER
    for name, calls in (("call", 3 + 7 + 3 * 5), ("record", 3 * 5)):
        with closing(sqlite3.connect(tmp_path / name / "ledger.db")) as db:
            assert db.execute("SELECT count(*), min(state) FROM calls").fetchone() == (calls, "done")
            assert db.execute("SELECT coalesce(max(held), 0) FROM balances").fetchone() == (0,)
        assert all(min(figures) > 0 for figures in (taken[name].cpu, taken[name].rate))
        assert len(taken[name].cpu) == len(taken[name].rate) == 2


@pytest.mark.slow
def test_work_that_fails_is_told_with_what_was_printed(tmp_path: Path) -> None:
    with (
        working(tmp_path / "worker", Kind("record")) as worker,
        pytest.raises(RuntimeError, match=r"(?s)a worker failed; it printed:.*Error"),
    ):
        worker.does(cast(Work, "nonsense"), 1, 1)
