"""Amounts in each unit at once."""

from tollway.backtest.quantities import PLACE, quantities
from tollway.budget.amounts import Amounts, Unit


def test_each_unit_stands_where_amounts_have_it() -> None:
    found = quantities(7, 20, 3, 1)
    same = Amounts(nano=7, input_tokens=20, output_tokens=3, requests=1)

    assert {unit: found[PLACE[unit]] for unit in Unit} == {unit: same.of(unit) for unit in Unit}
