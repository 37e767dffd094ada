from decimal import Decimal

import pytest

from tollway.model import Usage
from tollway.prices.rates import ALWAYS, Rates, rates, schedule
from tollway.prices.worst import SCALE, Worst, dearest, fewest, input_within, silent_fields, whole


def of(**each: str) -> Rates:
    return rates({name: Decimal(nano) for name, nano in each.items()})


def worst(above: int = ALWAYS, **each: str) -> Worst:
    return Worst.at(above, of(**each))


def test_tokens_take_the_dearest_kind_first_as_far_as_the_usage_leaves_room() -> None:
    """100 in: at most 30 written for an hour at 20, 50 written at 12, the rest plain at 10."""
    row = worst(input="10", cache_read="1", cache_write="12", cache_write_1h="20", cache_write_12h="12")
    some = Usage(cache_write_1h_tokens=30, cache_write_tokens=50, cache_write_12h_tokens=0)

    assert dearest(row.into, 100, some) == (30 * 20 + 50 * 12 + 20 * 10) * SCALE
    assert dearest(row.into, 20, some) == 20 * 20 * SCALE
    assert dearest(row.into, 100, Usage()) == 100 * 20 * SCALE


def test_a_kind_that_is_cheaper_than_plain_tokens_is_never_counted_on() -> None:
    row = worst(input="10", cache_read="1", output="50", reasoning="5")

    assert dearest(row.into, 100, Usage(cache_read_tokens=100)) == 1000 * SCALE
    assert row.output(10, Usage(reasoning_tokens=10)) == 500 * SCALE


def test_all_but_the_output_is_added_up() -> None:
    """2 s x 7 + 3 characters x 2 + 1 page x 9 + 4 images x 8 + 5 searches x 6 + 2 calls x 3 + 1."""
    row = worst(second="7", character="2", page="9", image="8", web_search="6", tool_call="3", request="1")
    usage = Usage(seconds=2, characters=3, pages=1, images=4, web_searches=5, tool_calls=2)

    assert row.without_output(0, usage) == (14 + 6 + 9 + 32 + 30 + 6 + 1) * SCALE
    assert row.without_output(0, Usage(requests=3)) == 3 * SCALE


def test_searches_that_are_billed_once_count_once() -> None:
    row = Worst.at(ALWAYS, rates({"web_search": Decimal(35)}, search_once=True))

    assert row.without_output(0, Usage(web_searches=4)) == 35 * SCALE
    assert row.without_output(0, Usage()) == 0


def test_output_that_fits_walks_through_the_kinds() -> None:
    """Sound at 200, at most 3 of it, text at 50: 700 buys 3 + 2, 500 buys 2."""
    row = worst(output="50", output_audio="200")
    some = Usage(output_audio_tokens=3)

    assert row.output_within(700 * SCALE, some) == 5
    assert row.output_within(749 * SCALE, some) == 5
    assert row.output_within(500 * SCALE, some) == 2
    assert row.output_within(500 * SCALE, Usage()) == 2


def test_free_output_has_no_end() -> None:
    assert worst(input="10").output_within(0, Usage()) is None


def test_rates_are_rounded_up_and_sums_that_may_be_rounded_have_room() -> None:
    third = whole(Decimal(1) / 3)

    assert third == 333_333_334
    assert whole(None) == 0
    assert worst(input="10").rounding == 0
    assert worst(input="0.5").without_output(1, Usage()) == SCALE // 2 + 2 * SCALE


@pytest.mark.parametrize(
    ("usage", "tokens"),
    [
        (Usage(), 0),
        (Usage(input_tokens=-5), 0),
        (Usage(input_tokens=10), 10),
        (Usage(input_tokens=10, cache_read_tokens=4, cache_write_tokens=3), 10),
        (Usage(input_tokens=10, cache_read_tokens=8, cache_write_tokens=7), 15),
        (Usage(cache_read_tokens=8, cache_write_1h_tokens=7, cache_write_12h_tokens=1), 16),
    ],
)
def test_parts_that_exceed_the_input_are_the_input(usage: Usage, tokens: int) -> None:
    assert input_within(usage) == tokens


def test_a_row_that_another_covers_is_dropped() -> None:
    cheap, dear, later = worst(input="1", output="2"), worst(input="3", output="2"), worst(200, input="9")

    assert fewest([cheap, dear]) == (dear,)
    assert fewest([dear, cheap]) == (dear,)
    assert fewest([later, dear]) == (later, dear)  # what is reached later does not cover; its output is free
    assert fewest([]) == ()


def test_searches_billed_once_do_not_cover_those_billed_each() -> None:
    prices = {"web_search": Decimal(35)}
    once, each = Worst.at(ALWAYS, rates(prices, search_once=True)), Worst.at(ALWAYS, rates(prices))

    assert fewest([once, each]) == (each,)
    assert not once.covers(each)


def test_fields_without_a_price_are_silent_and_so_are_parts() -> None:
    steps = schedule(((ALWAYS, {"input": Decimal(1), "output": Decimal(2), "second": Decimal(3)}),))
    silent = silent_fields(steps)

    assert not {"input_tokens", "output_tokens", "cache_read_tokens", "seconds", "web_searches"} & set(silent)
    assert {"images", "pages", "characters", "requests", "reasoning_tokens"} <= set(silent)


def test_input_is_silent_where_one_kind_of_it_is_free() -> None:
    steps = schedule(((ALWAYS, {"input": Decimal(1), "cache_read": Decimal(0)}),))

    assert {"input_tokens", "cache_read_tokens", "output_tokens"} <= set(silent_fields(steps))
    assert "cache_write_tokens" not in silent_fields(steps)
