"""An operator's way to let go of what the dead hold."""

from contextlib import closing
from pathlib import Path

import pytest

from tests.tollway.ledger.limits import MINUTE_US, Limit, Limits, ended, opened, read, standing
from tests.tollway.ledger.machine import die
from tests.tollway.ledger.samples import NOON_US
from tollway.ledger.books import SqliteBooks
from tollway.ledger.fault import LedgerError
from tollway.ledger.open import release
from tollway.ledger.sqlite import SqliteLedger


def noon() -> float:
    """When all of it is."""
    return NOON_US / 1_000_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the ledger is to be."""
    return tmp_path / "ledger.db"


async def hold(path: Path) -> SqliteLedger:
    """A ledger with a call in flight."""
    ledger = SqliteLedger(path, now=noon)
    await ledger.reserve(opened(), Limits(Limit()).wants(opened()), NOON_US)
    return ledger


async def test_what_is_in_flight_is_not_let_go_of(path: Path) -> None:
    """Its process lives, and so may the call."""
    with closing(await hold(path)):
        with pytest.raises(LedgerError, match="call a: it is in flight, and its process lives: end that"):
            release(f"sqlite:{path}", "a")

        assert standing(path) == [(0, 100)]


async def test_what_a_dead_process_holds_is_let_go_of(path: Path) -> None:
    """Before anybody charged it, or after that; nothing is charged, and the row says why."""
    die(await hold(path))
    released = release(f"sqlite:{path}", "a")

    assert (released.state, released.cost.nano, released.cost.flags) == ("done", 0, ("released",))
    assert read(path) == {"a": released}
    assert standing(path) == [(0, 0)]


async def test_what_was_lost_is_let_go_of(path: Path) -> None:
    """Also where its process lives on: only the lease ran out. A late end replaces it."""
    with closing(await hold(path)) as ledger:
        await ledger.reap(NOON_US + 9 * MINUTE_US)
        with closing(SqliteBooks(path)) as books:
            assert [each.call.state for each in books.holds()] == ["lost"]
        assert standing(path) == [(100, 0)]
        release(f"sqlite:{path}", "a")
        assert standing(path) == [(0, 0)]
        await ledger.settle(ended(opened(), 30))

    assert standing(path) == [(30, 0)]


async def test_what_holds_nothing_says_so(path: Path) -> None:
    """A call that ended, and one that there is not."""
    with closing(await hold(path)) as ledger:
        await ledger.settle(ended(opened(), 30))
        with pytest.raises(LedgerError, match="call a: it ended, and holds nothing"):
            release(f"sqlite:{path}", "a")
        with pytest.raises(LedgerError, match="call b: there is none of that id: `tollway budgets` lists"):
            release(f"sqlite:{path}", "b")


def test_what_is_no_ledger_says_so(tmp_path: Path) -> None:
    """As every command does."""
    (tmp_path / "x.db").write_bytes(b"no database, but long enough to be read as the header of one" * 20)

    with pytest.raises(LedgerError, match="no SQLite database"):
        release(f"sqlite:{tmp_path / 'x.db'}", "a")
