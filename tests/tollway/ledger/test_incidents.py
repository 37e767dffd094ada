"""What all processes know of at once, and say once."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.tollway.ledger.limits import DAY_US, Limit, Limits, opened
from tests.tollway.ledger.samples import NOON_US
from tollway.budget.bucket import Bucket
from tollway.ledger.open import open_books
from tollway.ledger.sqlite import SqliteLedger
from tollway.ledger.store import REFUSAL, Quarantined, Reserved

CALENDAR, ROLLING = Limit("day"), Limit("rolling", rolling=True)


@pytest.fixture
def ledgers(tmp_path: Path) -> Iterator[tuple[SqliteLedger, SqliteLedger]]:
    """One ledger that two processes have open."""
    path = tmp_path / "ledger.db"
    with closing(SqliteLedger(path)) as first, closing(SqliteLedger(path)) as second:
        yield first, second


def bucket_of(limit: Limit) -> Bucket:
    """Its bucket at noon."""
    (bucket,) = limit.buckets(opened(), NOON_US)
    return bucket


async def test_what_one_quarantines_all_know(ledgers: tuple[SqliteLedger, SqliteLedger]) -> None:
    """In the order it was found in; the same alert twice is one, whose first finder knows that it is."""
    first, second = ledgers
    early = Quarantined(alert="z", provider="openai", model="gpt-5", shape="responses tools")
    late = Quarantined(alert="y", provider="openai", model=None, shape="chat")
    is_first = [
        await first.quarantine(late, NOON_US + 1),
        await first.quarantine(early, NOON_US),
        await second.quarantine(early, NOON_US + 2),
    ]

    assert is_first == [True, True, False]
    assert await second.quarantined() == (early, late)


async def test_an_alert_is_said_once_over_all_processes(
    ledgers: tuple[SqliteLedger, SqliteLedger],
) -> None:
    """For each level of a bucket; the next window has its own."""
    first, second = ledgers
    await first.reserve(opened(), Limits(CALENDAR).wants(opened()), NOON_US)
    bucket = bucket_of(CALENDAR)

    assert [await each.first_alert(bucket, 80, NOON_US) for each in (first, second)] == [True, False]
    assert await second.first_alert(bucket, 100, NOON_US) is True
    assert await first.first_alert(bucket, 80, NOON_US + 9 * DAY_US) is False


async def test_a_rolling_window_is_alerted_of_once_in_its_length(
    ledgers: tuple[SqliteLedger, SqliteLedger],
) -> None:
    """It never ends, so it would be never again."""
    first, second = ledgers
    await first.reserve(opened(), Limits(ROLLING).wants(opened()), NOON_US)
    moments = (NOON_US, NOON_US + DAY_US - 1, NOON_US + DAY_US, NOON_US + DAY_US + 1)

    assert [await second.first_alert(bucket_of(ROLLING), 80, at) for at in moments] == [
        True,
        False,
        True,
        False,
    ]


async def test_a_refusal_is_no_level(ledgers: tuple[SqliteLedger, SqliteLedger]) -> None:
    first, second = ledgers
    await first.reserve(opened(), Limits(CALENDAR).wants(opened()), NOON_US)
    bucket = bucket_of(CALENDAR)

    assert await first.first_alert(bucket, 1, NOON_US) is True
    assert [await each.first_alert(bucket, REFUSAL, NOON_US) for each in (second, first)] == [True, False]


async def test_a_bucket_that_nobody_held_in_is_made(
    tmp_path: Path, ledgers: tuple[SqliteLedger, SqliteLedger]
) -> None:
    """Empty, at its limit's terms: its very first call may be refused. The call that comes then finds it."""
    first, second = ledgers
    for ledger in ledgers:
        await ledger.adopt(Limits(CALENDAR), NOON_US)
    bucket = bucket_of(CALENDAR)

    assert [await each.first_alert(bucket, REFUSAL, NOON_US) for each in (first, second)] == [True, False]
    with closing(open_books(f"sqlite:{tmp_path / 'ledger.db'}")) as books:
        (row,) = books.buckets(NOON_US)
    assert (row.bucket, row.amount, row.enforce, row.settled, row.held, row.started_us) == (
        bucket,
        CALENDAR.amount,
        CALENDAR.enforce,
        0,
        0,
        NOON_US,
    )
    (want,) = Limits(CALENDAR).wants(opened())
    outcome = await second.reserve(opened(), [want], NOON_US)
    assert isinstance(outcome, Reserved)
    assert [balance.held for balance in outcome.balances] == [want.hold]


async def test_of_a_limit_that_is_not_kept_nothing_is_said(
    ledgers: tuple[SqliteLedger, SqliteLedger],
) -> None:
    """The policy may have changed meanwhile."""
    first, second = ledgers
    await first.adopt(Limits(ROLLING), NOON_US)

    for ledger in (first, second):
        assert await ledger.first_alert(bucket_of(CALENDAR), REFUSAL, NOON_US) is False
