"""Keeping limits: which buckets are rebuilt from rows, and what goes into them."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.tollway.ledger.limits import (
    DAY_US,
    HOUR_US,
    MINUTE_US,
    Limit,
    Limits,
    ended,
    opened,
    read,
    standing,
)
from tests.tollway.ledger.samples import NOON_US
from tollway.budget.bucket import Enforce
from tollway.ledger import rebuild
from tollway.ledger.books import SqliteBooks
from tollway.ledger.open import release
from tollway.ledger.sqlite import SqliteLedger
from tollway.ledger.store import Refused, Reserved

DAY = Limit("day", per=("team",))
HOUR = Limit("hour", window_us=HOUR_US)
ROLLING = Limit("rolling", window_us=HOUR_US, rolling=True)


def noon() -> float:
    """When ledgers are opened."""
    return NOON_US / 1_000_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the ledger is to be."""
    return tmp_path / "ledger.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[SqliteLedger]:
    """It, open."""
    with closing(SqliteLedger(path, now=noon)) as ledger:
        yield ledger


@pytest.fixture
def rebuilt(monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:
    """The limits that were rebuilt, each time."""
    found: list[set[str]] = []
    whole = rebuild._rebuild

    def watched(*values: Any) -> None:
        found.append({key.split()[0] for key in values[-1].since_us})
        whole(*values)

    monkeypatch.setattr(rebuild, "_rebuild", watched)
    return found


async def test_a_new_limit_knows_what_was_spent_before_it(ledger: SqliteLedger, path: Path) -> None:
    """In its current window, bucket by bucket, in the rows of an older release, too."""
    await ledger.record(ended(opened("a"), 30))
    await ledger.record(ended(opened("b", team="b"), 5))
    await ledger.record(ended(opened("c"), 4, started_us=NOON_US - DAY_US))
    await ledger.record(ended(opened("d"), 2))
    await ledger.adopt(Limits(DAY, HOUR), NOON_US)

    with closing(SqliteBooks(path)) as books:
        found = {
            (row.bucket.limit, row.bucket.values.get("team")): row.settled for row in books.buckets(NOON_US)
        }
    assert found == {("day", "a"): 32, ("day", "b"): 5, ("hour", None): 37}


async def test_a_rolling_window_is_rebuilt_by_the_minute(ledger: SqliteLedger, path: Path) -> None:
    """By when calls ended: also one that started before the window did."""
    for id, start_us, end_us in (
        ("before", -2 * HOUR_US, -HOUR_US - 1),
        ("across", -2 * HOUR_US, -HOUR_US),
        ("within", -MINUTE_US, -MINUTE_US),
        ("late", -MINUTE_US, 0),
    ):
        call = opened(id, at_us=NOON_US + start_us)
        await ledger.record(ended(call, {"before": 1, "across": 10}.get(id, 100), NOON_US + end_us))
    await ledger.adopt(Limits(ROLLING), NOON_US)

    assert standing(path, NOON_US) == [(210, 0)]
    assert standing(path, NOON_US + MINUTE_US) == [(200, 0)]
    assert standing(path, NOON_US + HOUR_US) == [(100, 0)]


async def test_a_rolling_window_has_what_ended_in_it_however_long_ago_it_began(
    ledger: SqliteLedger, path: Path
) -> None:
    """A batch takes days, and a call whose process died is charged once somebody finds it."""
    await ledger.record(ended(opened("batch", at_us=NOON_US - 3 * DAY_US), 30, NOON_US))
    await ledger.record(ended(opened("over", at_us=NOON_US - 3 * DAY_US), 5, NOON_US - 3 * DAY_US))
    await ledger.adopt(Limits(ROLLING), NOON_US)

    assert standing(path, NOON_US) == [(30, 0)]
    assert standing(path, NOON_US + 2 * HOUR_US) == [(0, 0)]


async def test_a_rolling_window_takes_over_holds_however_old(ledger: SqliteLedger, path: Path) -> None:
    """They count in it as they end."""
    await ledger.adopt(Limits(DAY), NOON_US - 3 * DAY_US)
    call = opened(at_us=NOON_US - 3 * DAY_US)
    await ledger.reserve(call, Limits(DAY).wants(call), NOON_US - 3 * DAY_US)
    await ledger.adopt(Limits(ROLLING), NOON_US)
    assert standing(path, NOON_US) == [(0, 100)]
    await ledger.reap(NOON_US)

    assert standing(path, NOON_US) == [(100, 0)]


async def test_what_was_lost_long_after_it_began_may_be_let_go_of(ledger: SqliteLedger, path: Path) -> None:
    """In a rolling window that was rebuilt since, too, whatever made it be rebuilt."""
    await ledger.adopt(Limits(DAY), NOON_US - 3 * DAY_US)
    call = opened(at_us=NOON_US - 3 * DAY_US)
    await ledger.reserve(call, Limits(DAY).wants(call), NOON_US - 3 * DAY_US)
    await ledger.reap(NOON_US)
    await ledger.record(ended(opened("b"), 5))
    await ledger.adopt(Limits(ROLLING), NOON_US)
    assert standing(path, NOON_US) == [(105, 0)]
    release(f"sqlite:{path}", "a")

    assert standing(path, NOON_US) == [(5, 0)]


async def test_holds_in_flight_are_taken_over(ledger: SqliteLedger, path: Path) -> None:
    """By their bound; a call that has none counts once it ends."""
    await ledger.adopt(Limits(DAY), NOON_US)
    await ledger.reserve(opened("a"), Limits(DAY).wants(opened("a")), NOON_US)
    await ledger.record(opened("b", bound=None))
    await ledger.adopt(Limits(DAY, HOUR), NOON_US)
    assert standing(path) == [(0, 100), (0, 100)]
    await ledger.settle(ended(opened("a"), 30))
    await ledger.settle(ended(opened("b"), 5))

    assert standing(path) == [(35, 0), (35, 0)]


async def test_a_call_taken_over_by_a_hard_limit_is_charged_its_bound_if_lost(
    ledger: SqliteLedger, path: Path
) -> None:
    """Though it was admitted by a soft one."""
    soft = Limits(Limit("day", per=("team",), enforce=Enforce.SOFT))
    await ledger.adopt(soft, NOON_US)
    await ledger.reserve(opened(), soft.wants(opened()), NOON_US)
    await ledger.adopt(Limits(HOUR), NOON_US)
    await ledger.reap(NOON_US + DAY_US)

    assert read(path)["a"].cost.flags == ("charged_at_bound",)


async def test_what_did_not_change_is_not_rebuilt(ledger: SqliteLedger, rebuilt: list[set[str]]) -> None:
    """Amounts and enforcement may; they are there at once."""
    await ledger.adopt(Limits(DAY, ROLLING), NOON_US)
    await ledger.record(ended(opened("a"), 30))
    edited = Limits(Limit("day", 77, per=("team",), enforce=Enforce.SHADOW), ROLLING)
    await ledger.adopt(edited, NOON_US)
    await ledger.adopt(Limits(ROLLING), NOON_US)

    assert rebuilt == []


async def test_rows_from_before_a_limit_are_added_up_once(
    ledger: SqliteLedger, path: Path, rebuilt: list[set[str]]
) -> None:
    """Not again at each start while its window lasts: a million of them take seconds."""
    await ledger.record(ended(opened("a"), 30))
    await ledger.adopt(Limits(DAY, ROLLING), NOON_US)
    await ledger.adopt(Limits(DAY, ROLLING), NOON_US)
    with closing(SqliteLedger(path, now=noon)) as other:
        await other.adopt(Limits(DAY, ROLLING, HOUR), NOON_US)
        assert standing(path) == [(30, 0), (30, 0), (30, 0)]

    assert rebuilt == [{"day", "rolling"}, {"hour"}]


async def test_an_edit_shows_at_once(ledger: SqliteLedger, path: Path) -> None:
    """Before any call meets it."""
    await ledger.adopt(Limits(DAY), NOON_US)
    await ledger.record(ended(opened("a"), 30))
    await ledger.adopt(Limits(Limit("day", 77, per=("team",), enforce=Enforce.SOFT)), NOON_US)

    with closing(SqliteBooks(path)) as books:
        (row,) = books.buckets(NOON_US)
    assert (row.amount, row.enforce, row.settled) == (77, "soft", 30)


async def test_a_limit_that_some_process_did_not_keep_is_rebuilt(
    ledger: SqliteLedger, path: Path, rebuilt: list[set[str]]
) -> None:
    """While it wrote, calls were admitted without it. A limit that both kept is as it was."""
    await ledger.adopt(Limits(DAY, HOUR), NOON_US)
    await ledger.record(ended(opened("a"), 30))
    with closing(SqliteLedger(path, now=noon)) as other:
        await other.adopt(Limits(HOUR), NOON_US)
        await other.record(ended(opened("b"), 5))
        assert standing(path) == [(30, 0), (35, 0)]
    with closing(SqliteLedger(path, now=noon)) as another:
        await another.adopt(Limits(DAY, HOUR), NOON_US)

    assert rebuilt == [{"day"}]
    assert standing(path) == [(35, 0), (35, 0)]


@pytest.mark.parametrize("limit", [HOUR, ROLLING])
async def test_what_becomes_known_of_a_call_while_a_limit_is_not_kept_is_not_lost_to_it(
    ledger: SqliteLedger, path: Path, limit: Limit
) -> None:
    """Its bucket had the call, as it was known when the bucket was rebuilt."""
    await ledger.adopt(Limits(DAY), NOON_US)
    await ledger.record(ended(opened("a"), 30))
    await ledger.adopt(Limits(limit), NOON_US)
    assert standing(path) == [(30, 0)]
    await ledger.adopt(Limits(), NOON_US)
    await ledger.settle(ended(opened("a"), 130))
    await ledger.adopt(Limits(limit), NOON_US)

    assert standing(path) == [(130, 0)]


async def test_a_rolling_window_hears_that_a_call_ended_later(ledger: SqliteLedger, path: Path) -> None:
    """Than was known as it was rebuilt, though it costs the same."""
    await ledger.record(ended(opened("a"), 30))
    await ledger.adopt(Limits(ROLLING), NOON_US)
    await ledger.adopt(Limits(), NOON_US)
    await ledger.settle(ended(opened("a"), 30, NOON_US + 50 * MINUTE_US))
    await ledger.adopt(Limits(ROLLING), NOON_US + 90 * MINUTE_US)

    assert standing(path, NOON_US + 90 * MINUTE_US) == [(30, 0)]


async def test_a_call_that_is_amended_after_its_window_and_an_edit_is_amended_there(
    ledger: SqliteLedger, path: Path
) -> None:
    """Its row does not name the bucket, which was rebuilt from it; the limit was kept ever since."""
    done = ended(opened("a", 30, NOON_US, bound=None), 30, NOON_US)
    await ledger.record(done)
    await ledger.adopt(Limits(HOUR), NOON_US)
    assert standing(path) == [(30, 0)]
    await ledger.adopt(Limits(HOUR, DAY), NOON_US + DAY_US)

    await ledger.settle(ended(done, 10, NOON_US))

    assert (10, 0) in standing(path)


async def test_rows_that_are_written_again_as_they_were_make_nothing_stale(
    ledger: SqliteLedger, rebuilt: list[set[str]]
) -> None:
    await ledger.adopt(Limits(DAY), NOON_US)
    await ledger.record(ended(opened("a"), 30))
    await ledger.adopt(Limits(HOUR), NOON_US)
    await ledger.adopt(Limits(), NOON_US)
    await ledger.settle(ended(opened("a"), 30))
    await ledger.adopt(Limits(HOUR), NOON_US)

    assert rebuilt == [{"hour"}]


async def test_rows_of_past_windows_make_nothing_stale(ledger: SqliteLedger, rebuilt: list[set[str]]) -> None:
    """They count in no bucket that matters."""
    await ledger.record(ended(opened("a"), 30))
    await ledger.adopt(Limits(DAY), NOON_US + DAY_US)

    assert rebuilt == []


async def test_a_clock_that_was_set_back_splits_the_rows(ledger: SqliteLedger, path: Path) -> None:
    """Those that no limit can tell apart, but by the windows they started in."""
    await ledger.record(ended(opened("a"), 30))
    await ledger.record(ended(opened("b", at_us=NOON_US + HOUR_US), 5))
    await ledger.record(ended(opened("c", at_us=NOON_US + 3 * HOUR_US), 2))
    await ledger.adopt(Limits(HOUR), NOON_US)

    assert standing(path) == [(30, 0), (5, 0), (2, 0)]


async def test_a_rebuild_goes_by_all_attributes(ledger: SqliteLedger, path: Path) -> None:
    """Texts, groups, tags and flat plans come back as they were written."""
    limits = Limits(
        Limit("tag", per=("tag.env",)), Limit("group", per=("group",)), Limit("network", per=("network",))
    )
    call = opened(tags={"env": 'a"b'}, groups=("x", "ä"), network="office")
    await ledger.record(ended(call, 30))
    await ledger.adopt(limits, NOON_US)

    with closing(SqliteBooks(path)) as books:
        found = {tuple(row.bucket.values.items()): row.settled for row in books.buckets(NOON_US)}
    assert found == {
        (("tag.env", 'a"b'),): 30, (("group", "x"),): 30, (("group", "ä"),): 30, (("network", "office"),): 30,
    }  # fmt: skip


async def test_a_rebuilt_bucket_admits_what_is_left(ledger: SqliteLedger) -> None:
    """No more, no less."""
    limits = Limits(Limit("day", 130))
    await ledger.record(ended(opened("a"), 30))
    await ledger.adopt(limits, NOON_US)

    assert isinstance(await ledger.reserve(opened("b"), limits.wants(opened("b")), NOON_US), Reserved)
    refused = await ledger.reserve(opened("c", 1), limits.wants(opened("c", 1)), NOON_US)
    assert isinstance(refused, Refused)
    assert [each.left for each in refused.balances] == [0]
