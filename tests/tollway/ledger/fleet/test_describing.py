"""What Redis keeps of buckets beside their sums."""

import pytest

from tests.tollway.ledger.fleet.fleets import want
from tests.tollway.ledger.limits import HOUR_US, Limit
from tests.tollway.ledger.rates import at_once
from tests.tollway.ledger.samples import NOON_US
from tollway.budget.bucket import Enforce
from tollway.ledger.fleet import describing
from tollway.ledger.fleet.describing import AFTER_US, AGAIN_US, LEAST_US, Descriptions, expires_ms, row_of

DAY = want().bucket


def test_a_bucket_is_described_until_redis_has_it_and_then_by_the_hour() -> None:
    """Before it if its terms have changed, or if Redis has lost it."""
    known = Descriptions()

    def described(amount: int = 9, at_us: int = NOON_US) -> bool:
        return known.of("a", DAY, amount, Enforce.HARD, at_us)[1] != ""

    assert described()
    assert described()
    known.told("a", 9, Enforce.HARD, NOON_US)
    known.told("a", 9, Enforce.HARD, NOON_US + 1)
    assert not described()
    assert not described(at_us=NOON_US + AGAIN_US - 1)
    assert described(at_us=NOON_US + AGAIN_US)
    assert described(amount=10)
    known.forget()
    assert described()


def test_so_many_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """And then it starts anew."""
    monkeypatch.setattr(describing, "MOST_KNOWN", 2)
    known = Descriptions()
    for name in "abc":
        known.told(name, 9, Enforce.HARD, NOON_US)

    assert [known.of(name, DAY, 9, Enforce.HARD, NOON_US)[1] == "" for name in "abc"] == [False, False, True]


def test_a_description_comes_back_as_it_was() -> None:
    expires, text, began_us = Descriptions().of("a", DAY, 9, Enforce.SOFT, NOON_US)
    row = row_of(text.encode(), 1, 2, began_us)

    assert (row.bucket, row.amount, row.enforce) == (DAY, 9, Enforce.SOFT)
    assert (row.settled, row.held, row.started_us) == (1, 2, NOON_US)
    assert expires == expires_ms(DAY, NOON_US)


def test_a_bucket_is_kept_for_two_days_after_its_window_and_always_a_little() -> None:
    """Of a window that rolls, and of calls at once, after the last that came."""
    rolls = want(Limit("rolling", window_us=HOUR_US, rolling=True)).bucket
    assert DAY.end_us is not None

    assert expires_ms(DAY, DAY.end_us) == AFTER_US // 1_000
    assert expires_ms(rolls, NOON_US) == (HOUR_US + AFTER_US) // 1_000
    assert expires_ms(at_once(1).bucket, NOON_US) == AFTER_US // 1_000
    assert expires_ms(DAY, DAY.end_us + 2 * AFTER_US) == LEAST_US // 1_000
