"""Amounts, unit by unit."""

from tollway.budget.amounts import Amounts, Unit

AMOUNTS = Amounts(nano=1, input_tokens=20, output_tokens=300, requests=4000)


def test_each_unit_has_its_amount() -> None:
    assert {unit: AMOUNTS.of(unit) for unit in Unit} == {
        Unit.USD: 1,
        Unit.TOKENS: 320,
        Unit.INPUT: 20,
        Unit.OUTPUT: 300,
        Unit.REQUESTS: 4000,
    }
