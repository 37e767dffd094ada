"""Figures, short."""

import pytest

from tests.tollway.ledger.samples import NOON_US, call
from tests.tollway.live.samples import BERLIN, raised
from tests.tollway.reporting.budget_samples import row
from tollway.ledger.store import REFUSAL
from tollway.live.figures import caller, clock, cost, duration, happened, lasts
from tollway.model import Billing, Cost, Source
from tollway.money import NANO
from tollway.reporting.budgets import standing


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


def test_a_caller_is_told_as_far_as_it_is_known() -> None:
    known = [
        {"user": "ann", "service": "ci", "team": "ml"},
        {"service": "ci", "team": "ml"},
        {"team": "ml", "client": "::1"},
        {"client": "::1"},
        {},
    ]

    assert [caller(call(**one)) for one in known] == ["ann", "ci", "ml", "::1", None]


def test_what_is_left_lasts_for_a_while_or_is_spent() -> None:
    """Where it lasts until the window ends, there is nothing to say."""
    settled = [3 * NANO, 8 * NANO, 12 * NANO]

    found = [lasts(standing(row(settled=nano), NOON_US), NOON_US) for nano in settled]

    assert found == [None, "3h00m", "spent"]


def test_an_alarm_is_of_a_level_or_of_a_refusal() -> None:
    assert [happened(raised(level)) for level in (80, REFUSAL)] == ["has reached 80%", "has refused a call"]


def test_a_cost_says_how_it_is_to_be_taken() -> None:
    """What a call in flight will cost is not known."""
    money = Cost(input_nano=20_000_000, source=Source.COMPUTED)
    guess = Cost(input_nano=20_000_000, source=Source.ESTIMATED)

    assert cost(call(cost=money)) == "$0.0200"
    assert cost(call(cost=money, state="open")) == cost(call(cost=guess)) == "~$0.0200"
    assert cost(call(cost=guess, billing=Billing.NOTIONAL)) == "(~$0.0200)"
