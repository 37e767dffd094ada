from decimal import Decimal

import pytest

from tollway.prices.amounts import ALONE, UNITS
from tollway.prices.overrides import Override
from tollway.prices.rates import FIELDS


def test_every_price_has_a_key_and_every_key_is_one_of_an_override() -> None:
    assert {unit.field for unit in UNITS.values()} == set(FIELDS)
    assert UNITS.keys() <= Override.model_fields.keys()
    assert UNITS.keys() >= ALONE


@pytest.mark.parametrize(
    ("key", "usd", "nano"),
    [("input", "2.5", "2500"), ("web_searches", "10", "10000000"), ("image", "0.04", "40000000"),
     ("characters", "15", "15000"), ("second", "0.0001", "100000")],
)  # fmt: skip
def test_an_amount_is_for_so_many_and_back(key: str, usd: str, nano: str) -> None:
    """$2.50 a million tokens are 2500 nano-dollars each; $10 a thousand searches a cent each."""
    assert UNITS[key].nano_each(Decimal(usd)) == Decimal(nano)
    assert UNITS[key].usd(Decimal(nano)) == Decimal(usd)
