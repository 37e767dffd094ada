"""What a bucket holds and has charged, moment by moment."""

import pytest

from tests.tollway.backtest.pursed import LOAD, limit, made
from tests.tollway.backtest.samples import MINUTE_US, SECOND_US
from tests.tollway.ledger.samples import NOON_US
from tollway.budget.bucket import Enforce


def test_what_is_held_is_charged_at_the_end() -> None:
    found = made(limit())

    found.hold(found.need(LOAD), NOON_US)
    held = found.balance(0)
    found.end(found.need(LOAD), 300, NOON_US + 1, NOON_US)
    after = found.balance(0)

    assert (held.settled, held.held, held.left) == (0, 500, 1_500)
    assert (after.settled, after.held, after.left, after.enforce) == (300, 0, 1_700, Enforce.HARD)


def test_each_unit_counts_its_own() -> None:
    units = ("USD", "tokens", "input tokens", "output tokens", "requests")

    assert [made(limit(f"9 {unit}")).need(LOAD) for unit in units] == [500, 100, 40, 60, 1]


@pytest.mark.parametrize("enforce", ["soft", "shadow"])
def test_limits_that_are_not_hard_hold_what_calls_come_to(enforce: str) -> None:
    """As the proxy holds an estimate there; each is a request while it is in flight."""
    units = ("USD", "tokens", "input tokens", "output tokens", "requests")

    assert [made(limit(f"9 {unit}", enforce=enforce)).need(LOAD) for unit in units] == [300, 70, 20, 50, 1]


def test_a_call_below_the_first_level_needs_no_closer_look() -> None:
    routes = "\nroutes: {r: [{from: '*', to: openai/gpt-5-mini}]}"

    assert made(limit("100 tokens")).easy == 100
    assert made(limit("100 tokens", at="{50%: {route: r}, 80%: {route: r}}") + routes).easy == 50
    assert made(limit("100 tokens", enforce="shadow", at="{50%: {route: r}}") + routes).easy == 100


def test_a_raise_ends() -> None:
    found = made(limit("100 tokens", raises="[{amount: 50 tokens, until: 2026-11-25}]"))
    raised = found.amount
    found.apply_terms(NOON_US + 86_400 * SECOND_US)

    assert (raised, found.amount, found.easy) == (150, 100, 100)


def test_an_alert_level_is_told_once_in_a_window() -> None:
    found = made(limit("1000 tokens", alerts="[50%, 80%]"))
    told = []
    for charge in (499, 1, 400, 100):
        found.end(0, charge, NOON_US, NOON_US)
        told.append(found.reached(NOON_US))

    assert told == [[], [50], [80], []]


def test_in_a_rolling_window_it_is_told_again_after_its_length() -> None:
    found = made(limit("1000 tokens", window="rolling 10m", alerts="[50%]"))
    told = []
    for minute in (0, 9, 10):
        found.end(0, 600, NOON_US + minute * MINUTE_US, NOON_US)
        told.append(found.reached(NOON_US + minute * MINUTE_US))

    assert told == [[50], [], [50]]
