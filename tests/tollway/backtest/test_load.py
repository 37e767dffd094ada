"""What a call holds, and what it comes to."""

from tests.tollway.backtest.samples import COST, attempt, call, refused
from tollway.backtest.load import load, refused_load
from tollway.budget.amounts import Amounts
from tollway.model import Cost, Usage

BOUND = Amounts(nano=9_000, input_tokens=500, output_tokens=80, requests=1)


def test_without_a_bound_a_call_holds_what_it_came_to() -> None:
    found = load(attempt(call("a")), is_cached=False)

    assert found.holds == found.charges == (COST, 100, 40, 60, 1)
    assert (found.nano, found.output_nano, found.bound) == (COST, 600, None)


def test_a_recorded_bound_is_held_and_what_it_came_to_is_charged() -> None:
    found = load(attempt(call("a", bound=BOUND)), is_cached=False)

    assert found.holds == (9_000, 580, 500, 80, 1)
    assert found.charges == (COST, 100, 40, 60, 1)
    assert found.bound == (500, 80)


def test_what_a_bound_does_not_say_is_held_as_it_came_to() -> None:
    """A limit of the input alone had it made: nothing bounded the output."""
    found = load(attempt(call("a", bound=Amounts(input_tokens=500, requests=1))), is_cached=False)

    assert found.holds == (COST, 560, 500, 60, 1)


def test_a_call_that_failed_counts_as_a_request_only_while_it_is_in_flight() -> None:
    found = load(attempt(call("a", status=500, cost=Cost(), usage=call("b").usage)), is_cached=False)
    failed = load(attempt(call("c", nano=0, status=429, usage=Usage())), is_cached=False)

    assert found.charges[-1] == 1  # its tokens were billed
    assert (failed.holds[-1], failed.charges) == (1, (0, 0, 0, 0, 0))


def test_a_hit_costs_what_it_saved_where_nothing_is_cached() -> None:
    hit = attempt(call("a", nano=0, cache="hit", saved_nano=700))

    assert (load(hit, is_cached=True).nano, load(hit, is_cached=False).nano) == (0, 700)


def test_a_call_that_was_refused_wants_something_and_comes_to_nothing() -> None:
    found = refused_load(attempt(refused("a")))
    bounded = refused_load(attempt(refused("a", bound=BOUND)))

    assert found.holds == (1, 1, 1, 1, 1)
    assert bounded.holds == (9_000, 580, 500, 80, 1)
    assert found.charges == bounded.charges == (0, 0, 0, 0, 0)
