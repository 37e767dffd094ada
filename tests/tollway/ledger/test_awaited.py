"""What is remembered across calls and processes; the contract of `Awaiting`."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.tollway.ledger.limits import DAY_US, HOUR_US, Limit, Limits, ended, opened, read, standing
from tests.tollway.ledger.rates import at_once, reserved
from tests.tollway.ledger.samples import NOON_US
from tollway.budget.bucket import Enforce
from tollway.ledger.awaited import KEPT_US, UNSETTLED
from tollway.ledger.books import SqliteBooks
from tollway.ledger.release import RELEASED, release
from tollway.ledger.sqlite import SqliteLedger
from tollway.ledger.store import Refused, Reserved, Store

LIMITS = Limits(Limit(window_us=30 * DAY_US))
UNTIL_US = NOON_US + 48 * HOUR_US
NAME = "openai batch_1"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the ledger is to be."""
    return tmp_path / "ledger.db"


def at(path: Path, now_us: int = NOON_US) -> SqliteLedger:
    """A process that has it open."""
    return SqliteLedger(path, now=lambda: now_us / 1_000_000)


@pytest.fixture
def ledger(path: Path) -> Iterator[Store]:
    """One that came up at noon."""
    with closing(at(path)) as ledger:
        yield ledger


async def wait(ledger: Store, limits: Limits = LIMITS) -> None:
    """Have a call held that its end is waited for."""
    call = opened()
    await ledger.adopt(limits, NOON_US)
    await ledger.reserve(call, limits.wants(call), NOON_US)
    await ledger.wait_for(replace(call, status=200, response_id="batch_1"), NAME, UNTIL_US)


async def test_it_is_known_by_its_name_and_holds_what_it_held(ledger: Store, path: Path) -> None:
    await wait(ledger)

    found = await ledger.awaited(NAME)
    assert found is not None
    assert (found.id, found.state, found.status, found.response_id) == ("a", "open", 200, "batch_1")
    assert await ledger.awaited("anthropic batch_1") is None
    assert standing(path) == [(0, 100)]


async def test_its_hold_outlives_its_process(path: Path) -> None:
    """Another that comes up takes it for nobody's, and settles it."""
    with closing(at(path)) as first:
        await wait(first)
    with closing(at(path, NOON_US + HOUR_US)) as second:
        await second.reap(UNTIL_US)
        assert standing(path) == [(0, 100)]
        with closing(SqliteBooks(path)) as books:
            assert books.orphaned() == frozenset()
            assert [held.alive for held in books.holds()] == [True]

        found = await second.awaited(NAME)
        assert found is not None
        await second.settle(ended(found, 30))
        assert standing(path) == [(30, 0)]


async def test_its_lease_does_not_matter(ledger: Store, path: Path) -> None:
    """Nobody extends it."""
    await wait(ledger)

    assert await ledger.reap(NOON_US + 47 * HOUR_US) == 0
    assert standing(path) == [(0, 100)]


async def test_what_is_not_seen_in_time_is_charged_at_its_bound_and_says_so(
    ledger: Store, path: Path
) -> None:
    await wait(ledger)
    await ledger.reap(UNTIL_US + 1)

    row = read(path)["a"]
    assert (row.state, row.cost.nano, row.cost.flags) == ("lost", 100, ("charged_at_bound", UNSETTLED))
    with closing(SqliteBooks(path)) as books:
        assert [each.unsettled_nano for each in books.sums(()).values()] == [100]
        assert [held.call.state for held in books.holds()] == ["lost"]
    assert standing(path) == [(100, 0)]


async def test_without_a_hard_limit_it_stays_at_its_estimate(ledger: Store, path: Path) -> None:
    await wait(ledger, Limits(Limit(enforce=Enforce.SOFT, window_us=30 * DAY_US)))
    await ledger.reap(UNTIL_US + 1)

    row = read(path)["a"]
    assert (row.state, row.cost.nano, row.cost.flags) == ("lost", 10, (UNSETTLED,))
    assert standing(path) == [(10, 0)]


async def test_an_end_that_comes_late_replaces_that_charge(ledger: Store, path: Path) -> None:
    await wait(ledger)
    await ledger.reap(UNTIL_US + 1)

    found = await ledger.awaited(NAME)
    assert found is not None
    await ledger.settle(ended(found, 30))
    assert read(path)["a"].cost.flags == ()
    assert standing(path) == [(30, 0)]


async def test_an_end_that_two_processes_see_counts_once(ledger: Store, path: Path) -> None:
    await wait(ledger)
    with closing(at(path)) as other:
        for each in (ledger, other, ledger):
            found = await each.awaited(NAME)
            assert found is not None
            await each.settle(ended(found, 30))

    assert standing(path) == [(30, 0)]


async def test_a_call_that_no_limit_holds_may_be_waited_for(ledger: Store, path: Path) -> None:
    """Limits that are new hold its bound, as of all calls in flight; else it counts when it ends."""
    await ledger.wait_for(opened(), NAME, UNTIL_US)
    await ledger.adopt(LIMITS, NOON_US)
    await ledger.wait_for(opened("b"), "openai batch_2", UNTIL_US)
    assert standing(path) == [(0, 100)]

    for name in (NAME, "openai batch_2"):
        found = await ledger.awaited(name)
        assert found is not None
        await ledger.settle(ended(found, 30))
    assert standing(path) == [(60, 0)]


async def test_an_operator_may_let_go_of_it(ledger: Store, path: Path) -> None:
    """Though its process lives."""
    await wait(ledger)
    released = release(path, "a")

    assert (released.state, released.cost.flags) == ("done", (RELEASED,))
    assert standing(path) == [(0, 0)]


async def test_it_is_a_call_at_once_no_more(ledger: Store, path: Path) -> None:
    """A batch takes a day."""
    one = at_once(1)
    assert isinstance(await reserved(ledger, [one]), Reserved)
    assert isinstance(await reserved(ledger, [one], "b"), Refused)
    await ledger.wait_for(opened(bound=None), NAME, UNTIL_US)

    assert isinstance(await reserved(ledger, [one], "c"), Reserved)


async def test_notes_are_found_by_other_processes_and_the_last_one_counts(path: Path) -> None:
    with closing(at(path)) as ledger:
        assert await ledger.noted("openai file-1") is None
        await ledger.note("openai file-1", "one", NOON_US)
        await ledger.note("openai file-1", "two", NOON_US)
    with closing(at(path)) as other:
        assert await other.noted("openai file-1") == "two"


async def test_what_is_old_is_forgotten(path: Path) -> None:
    """By the clock and by the rows, when a process comes up."""
    with closing(at(path)) as ledger:
        await wait(ledger)
        await ledger.note("openai file-1", "one", NOON_US)
    later_us = NOON_US + KEPT_US + HOUR_US
    with closing(at(path, later_us)) as ledger:
        assert await ledger.noted("openai file-1") == "one"
        await ledger.record(replace(opened("b"), started_us=later_us))
    with closing(at(path, later_us)) as ledger:
        assert await ledger.noted("openai file-1") is None
        assert await ledger.awaited(NAME) is None
