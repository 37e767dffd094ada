"""Times and durations."""

import pytest

from tests.tollway.ledger.samples import NOON_US, call
from tests.tollway.live.samples import BERLIN
from tollway.live.figures import clock, cost, duration
from tollway.model import Billing, Cost, Source


@pytest.mark.parametrize(
    ("us", "shown"),
    [
        (-5, "0ms"),
        (999, "0ms"),
        (999_999, "999ms"),
        (1_000_000, "1s"),
        (1_254_000, "1.25s"),
        (9_994_000, "9.99s"),
        (12_349_000, "12.3s"),
        (99_949_999, "99.9s"),
        (99_950_000, "1m39s"),
        (3_599_999_999, "59m59s"),
        (3_600_000_000, "1h00m"),
        (360_000_000_000, "100h00m"),
    ],
)
def test_durations_are_short(us: int, shown: str) -> None:
    assert duration(us) == shown


def test_the_clock_is_the_zones() -> None:
    assert clock(NOON_US, BERLIN) == "13:00:00"


def test_a_cost_says_how_it_is_to_be_taken() -> None:
    """What a call in flight will cost is not known."""
    money = Cost(input_nano=20_000_000, source=Source.COMPUTED)
    guess = Cost(input_nano=20_000_000, source=Source.ESTIMATED)

    assert cost(call(cost=money)) == "$0.0200"
    assert cost(call(cost=money, state="open")) == cost(call(cost=guess)) == "~$0.0200"
    assert cost(call(cost=guess, billing=Billing.NOTIONAL)) == "(~$0.0200)"
