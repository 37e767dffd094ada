"""What slides: rolling windows, and what rates count."""

from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.backtest.pursed import LOAD, limit, made
from tests.tollway.backtest.samples import MINUTE_US, SECOND_US
from tests.tollway.ledger.samples import NOON_US


def test_a_rolling_window_lets_go_of_minutes_that_have_wholly_left_it() -> None:
    found = made(limit(window="rolling 10m"))
    for second in (0, 30, 70):
        found.hold(500, NOON_US + second * SECOND_US)
        found.end(500, 300, NOON_US + second * SECOND_US, NOON_US)
    seen = []
    for minute in (9, 10, 11, 12):
        found.look(NOON_US + minute * MINUTE_US)
        seen.append(found.settled)

    assert seen == [900, 900, 300, 0]


def test_calls_at_once_are_charged_nothing() -> None:
    found = made("rates: [{name: a, allow: 2 at once}]")
    found.hold(1, NOON_US)
    found.hold(1, NOON_US)
    found.end(1, 1, NOON_US, NOON_US)

    assert (found.settled, found.held, found.balance(1).left) == (0, 1, 1)


def test_a_rate_counts_what_is_admitted_until_it_has_left_the_window() -> None:
    found = made("rates: [{name: a, allow: 2 requests / minute}]")
    for second in (0, 1):
        found.hold(found.need(LOAD), NOON_US + second * SECOND_US)
        found.end(1, 0, NOON_US + second * SECOND_US, NOON_US)
    full = found.balance(1)
    found.look(NOON_US + 62 * SECOND_US)

    assert (full.settled, full.left, full.frees_us) == (2, 0, NOON_US + 61 * SECOND_US)
    assert found.settled == 0


def test_a_rate_of_tokens_counts_at_last_what_was_used() -> None:
    """40 less than was reserved, then 60 more."""
    found = made("rates: [{name: a, allow: 90 tokens / minute}]")
    reserved = found.need(LOAD)
    found.hold(reserved, NOON_US)
    found.end(reserved, 50, NOON_US + 1, NOON_US)
    less = found.settled
    found.hold(reserved, NOON_US)
    found.end(reserved, 150, NOON_US + 1, NOON_US)

    assert (reserved, less, found.settled) == (90, 50, 200)


def test_what_was_used_beyond_what_was_reserved_counts_from_the_end_on() -> None:
    """90 from when it was admitted, 60 more from when it ended, 50 seconds later."""
    found = made("rates: [{name: a, allow: 90 tokens / minute}]")
    found.hold(90, NOON_US)
    found.end(90, 150, NOON_US + 50 * SECOND_US, NOON_US)
    seen = []
    for second in (50, 62, 112):
        found.look(NOON_US + second * SECOND_US)
        seen.append(found.settled)

    assert seen == [150, 60, 0]


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 1_000)), max_size=30))
def test_a_rolling_window_has_what_ended_in_it(ends: list[tuple[int, int]]) -> None:
    """Added up by hand: all of whose minute any part is in the window."""
    found, now_us = made(limit(window="rolling 5m")), NOON_US
    done = []
    for pause, charge in ends:
        now_us += pause * SECOND_US
        found.end(0, charge, now_us, now_us)
        done.append((now_us // MINUTE_US, charge))
        found.look(now_us)

        first = (now_us - 5 * MINUTE_US) // MINUTE_US
        assert found.settled == sum(charge for minute, charge in done if minute >= first)
