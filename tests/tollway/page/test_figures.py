"""Figures, in full."""

import pytest

from tests.tollway.ledger.samples import call
from tollway.budget.amounts import Unit
from tollway.model import Billing, Cost, Source
from tollway.page.figures import amount, cost, count, money


@pytest.mark.parametrize(
    ("nano", "said"),
    [
        (0, "$0"),
        (1, "$0.000000001"),
        (4_250_000, "$0.00425"),
        (-1_500_000_000, "-$1.5"),
        (10**18, "$1000000000"),
    ],
)
def test_money_is_exact(nano: int, said: str) -> None:
    assert money(nano) == said


@pytest.mark.parametrize(
    ("number", "unit", "said"),
    [
        (5_000_000_000, Unit.USD, "$5"),
        (2_000_000, Unit.TOKENS, "2,000,000 tokens"),
        (1, Unit.INPUT, "1 input tokens"),
        (-3, Unit.REQUESTS, "-3 calls"),
    ],
)
def test_an_amount_is_in_its_unit(number: int, unit: Unit, said: str) -> None:
    assert amount(number, unit) == said


@pytest.mark.parametrize(
    ("number", "what", "said"),
    [
        (None, "", "–"),
        (0, "", "0"),
        (1, "call", "1 call"),
        (2_000, "call", "2,000 calls"),
        (0, "call", "0 calls"),
    ],
)
def test_things_are_counted(number: int | None, what: str, said: str) -> None:
    assert count(number, what) == said


def test_a_cost_says_how_sure_it_is_and_who_pays() -> None:
    estimate = Cost(output_nano=20_000_000, source=Source.ESTIMATED)

    assert cost(call()) == "$0.00045"
    assert cost(call(state="open")) == "≈ $0.00045"
    assert cost(call(cost=estimate)) == "≈ $0.02"
    assert cost(call(cost=estimate, billing=Billing.NOTIONAL)) == "(≈ $0.02 by plan)"
