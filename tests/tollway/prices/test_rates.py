from decimal import Decimal

from tollway.prices.rates import ALWAYS, ZERO, rates, schedule


def test_what_has_no_price_of_its_own_costs_what_the_broader_unit_costs() -> None:
    known = rates({"input": Decimal(10), "cache_write": Decimal(12)})

    assert known.cache_read == 10
    assert known.cache_write_1h == known.cache_write_12h == 12
    assert known.output == known.request == ZERO
    assert known.tool_call is None
    assert not known.modal


def test_without_prices_nothing_costs_anything() -> None:
    assert rates({}).cache_write_12h == ZERO


def test_one_modality_with_a_price_makes_rates_modal() -> None:
    assert rates({"input": Decimal(1), "reasoning": Decimal(2)}).modal


def test_a_step_holds_for_more_input_than_its_number_and_then_for_all_of_it() -> None:
    ladder = ((ALWAYS, {"input": Decimal(1)}), (100, {"input": Decimal(2)}), (200, {"input": Decimal(3)}))

    steps = schedule(ladder, search_once=True)

    assert [steps.at(count).input for count in (0, 100, 101, 200, 201)] == [1, 1, 2, 2, 3]
    assert steps.at(0).search_once
