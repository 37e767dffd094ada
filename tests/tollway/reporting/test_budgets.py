"""How buckets stand, worked out by hand: at noon of a day whose window began at midnight."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.ledger.samples import NOON_US
from tests.tollway.reporting.budget_samples import (
    DEAD,
    HOUR_US,
    LIVE,
    LOST,
    MIDNIGHT_US,
    ROWS,
    budgets,
    row,
)
from tollway.budget.amounts import Unit
from tollway.money import NANO
from tollway.reporting.budgets import as_json, standing, standings, stranded
from tollway.reporting.periods import SECOND


def test_a_bucket_that_lasts_beyond_its_window_has_no_end() -> None:
    """3 USD in 12 hours are 0.25 an hour; the other 7 would last for 28 hours, the window for 12."""
    found = standing(row(), NOON_US)

    assert (found.left, found.per_hour) == (6 * NANO, NANO // 4)
    assert (found.from_us, found.until_us) == (MIDNIGHT_US, MIDNIGHT_US + 24 * HOUR_US)
    assert found.exhausted_us is None
    assert found.used == 0.4


def test_a_bucket_that_does_not_last_says_when_it_ends() -> None:
    """6 USD in 12 hours are 0.50 an hour; the other 4 last for 8 hours. What is held is not spent."""
    found = standing(row(settled=6 * NANO, held=4 * NANO), NOON_US)

    assert (found.left, found.per_hour, found.exhausted_us) == (0, NANO // 2, NOON_US + 8 * HOUR_US)


def test_the_rate_is_counted_from_the_first_call() -> None:
    """3 USD in the 2 hours since 10:00: 1.50 an hour, and 7 USD for 4 h 40 min."""
    found = standing(row(started_us=NOON_US - 2 * HOUR_US), NOON_US)

    assert (found.per_hour, found.exhausted_us) == (3 * NANO // 2, NOON_US + 14 * HOUR_US // 3)


def test_a_call_of_this_second_is_no_trend() -> None:
    """3 USD count as spent in a minute, not in a microsecond: 180 an hour. Also if a clock went back."""
    assert standing(row(started_us=NOON_US), NOON_US).per_hour == 180 * NANO
    assert standing(row(started_us=NOON_US + HOUR_US), NOON_US).per_hour == 180 * NANO


def test_nothing_spent_is_never_used_up() -> None:
    """Whatever is held."""
    found = standing(row(settled=0, held=10 * NANO), NOON_US)

    assert (found.per_hour, found.exhausted_us, found.used) == (0, None, 1.0)


def test_what_is_spent_is_used_up_now() -> None:
    """Also more than all of it, of a soft limit, or of one whose amount was lowered."""
    for settled in (10 * NANO, 12 * NANO):
        found = standing(row(settled=settled, held=0), NOON_US)
        assert (found.exhausted_us, found.left) == (NOON_US, 10 * NANO - settled)


@pytest.mark.parametrize(("settled", "used"), [(0, 0.0), (5, 1.0)])
def test_an_amount_of_nothing(settled: int, used: float) -> None:
    """A limit that allows nothing is used up by anything."""
    assert standing(row(amount=0, settled=settled, held=0), NOON_US).used == used


def test_a_rolling_window_has_no_end_and_forgets() -> None:
    """24 h, first call 6 h ago: 3 USD are 0.50 an hour; 7 USD would last 14 h, the window is full in 18 h."""
    first = row(rolling_us=24 * HOUR_US, started_us=NOON_US - 6 * HOUR_US)
    found = standing(first, NOON_US)
    assert (found.from_us, found.until_us) == (NOON_US - 24 * HOUR_US, None)
    assert (found.per_hour, found.exhausted_us) == (NANO // 2, NOON_US + 14 * HOUR_US)

    full = row(rolling_us=24 * HOUR_US, started_us=NOON_US - 30 * HOUR_US)
    assert standing(full, NOON_US).exhausted_us is None


def test_the_nearest_to_its_end_comes_first() -> None:
    """What ends soonest; then by how much is used; then by name."""
    names = [found.row.bucket.limit for found in standings(reversed(ROWS), NOON_US)]
    assert names == ["team-day", "day", "tokens", "calls"]

    sooner = row("sooner", settled=9 * NANO)
    assert standings([*ROWS, sooner], NOON_US)[0].row == sooner
    twins = [row(values={"user": user}) for user in ("b", None, "a")]
    assert [found.row.bucket.values["user"] for found in standings(twins, NOON_US)] == [None, "a", "b"]


def test_as_json_money_is_text_and_counts_are_numbers() -> None:
    """In the policy's zone."""
    found = as_json(budgets(holds=()))

    assert found["flat_plan"] == ["company"]
    assert found["budgets"][1] == {
        "limit": "day", "bucket": {}, "from": "2026-11-25T01:00:00+01:00",
        "until": "2026-11-26T01:00:00+01:00", "enforce": "hard", "unit": "USD", "amount": "10",
        "settled": "3", "held": "1", "left": "6", "per_hour": "0.25", "exhausted_at": None,
    }  # fmt: skip
    assert found["budgets"][2] == {
        "limit": "tokens", "bucket": {"user": "ann\x1b[31m"}, "from": "2026-11-24T13:00:00+01:00",
        "until": None, "enforce": "soft", "unit": "tokens", "amount": 2_000_000, "settled": 123_456,
        "held": 0, "left": 1_876_544, "per_hour": 10_288, "exhausted_at": None,
    }  # fmt: skip


def test_as_json_shows_what_calls_hold() -> None:
    """With the id that --release takes."""
    first, second, _ = as_json(budgets())["holds"]

    assert first == {
        "call": "c-lost", "state": "lost", "alive": False, "started": "2026-11-25T13:00:00+01:00",
        "provider": "anthropic", "model": "claude-sonnet-4-5", "limits": ["day"], "bound_usd": "1",
    }  # fmt: skip
    assert second["bound_usd"] is None


def test_a_living_process_settles_its_own_calls() -> None:
    """The others can be released."""
    assert stranded([LOST, LIVE, DEAD]) == (LOST, DEAD)


@given(
    st.sampled_from([Unit.USD, Unit.TOKENS]),
    st.none() | st.integers(1, 60 * 24 * 30),
    *[st.integers(0, 10**15)] * 3,
    st.integers(0, 48 * 3_600),
)
def test_an_end_lies_ahead_and_within_the_window(
    unit: Unit, minutes: int | None, amount: int, settled: int, held: int, ago: int
) -> None:
    """Whatever was spent, and whenever."""
    rolling_us = minutes and minutes * 60 * SECOND
    one = row(
        unit=unit, rolling_us=rolling_us, amount=amount, settled=settled, held=held,
        started_us=NOON_US - ago * SECOND,
    )  # fmt: skip
    found = standing(one, NOON_US)

    assert found.left + settled + held == amount
    if found.exhausted_us is not None:
        assert NOON_US <= found.exhausted_us
        assert found.until_us is None or found.exhausted_us < found.until_us
        assert (amount > settled) or found.exhausted_us == NOON_US
