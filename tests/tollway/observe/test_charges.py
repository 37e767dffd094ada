"""What a call adds to usage and cost."""

import pytest

from tests.tollway.ledger.samples import call
from tollway.model import Billing, Cost, Source, Usage
from tollway.observe.catalogue import SPENT, TOKENS, UNITS
from tollway.observe.charges import charges, difference
from tollway.observe.counting import Series


def test_usage_is_by_kind_and_cost_by_what_it_comes_from() -> None:
    """Money is in nano-dollars; what is zero needs no line."""
    one = call(
        usage=Usage(input_tokens=100, cache_read_tokens=0, output_tokens=10, web_searches=2),
        cost=Cost(input_nano=3, output_nano=4, source=Source.PROVIDER), billing=Billing.NOTIONAL,
    )  # fmt: skip

    assert charges(one, "m") == {
        Series(SPENT, ("anthropic", "m", "notional", "provider")): 7,
        Series(TOKENS, ("anthropic", "m", "input_tokens")): 100,
        Series(TOKENS, ("anthropic", "m", "output_tokens")): 10,
        Series(UNITS, ("anthropic", "m", "web_searches")): 2,
    }


def test_a_call_that_cost_nothing_adds_nothing() -> None:
    assert charges(call(usage=Usage(), cost=Cost()), "m") == {}


@pytest.mark.parametrize("cache", ["hit", "join"])
def test_what_the_cache_answered_is_billed_to_nobody(cache: str) -> None:
    """Its tokens are those of the call that was paid for."""
    assert charges(call(cache=cache, cost=Cost()), "m") == {}
    assert charges(call(cache="miss"), "m") != {}


def test_a_difference_has_what_is_new_and_what_was_too_much() -> None:
    one, two, three = (Series(TOKENS, ("p", "m", kind)) for kind in ("a", "b", "c"))

    assert difference({one: 5, two: 7}, {one: 9, three: 1}) == {one: 4, two: -7, three: 1}
    assert difference({one: 5}, {one: 5}) == {}
