"""What a call is told of the tightest of its limits."""

import pytest

from tests.tollway.budget.samples import balance
from tollway.budget.amounts import Unit
from tollway.budget.bucket import Enforce
from tollway.budget.remaining import quantity, remaining, tightest

NEW_YEAR_US = 1_798_761_600_000_000
"""2027-01-01, in microseconds."""


def test_the_tightest_has_the_smallest_part_of_its_amount_left() -> None:
    tight, loose = balance(1000, settled=900), balance(100, settled=50)

    assert tightest([loose, tight, loose], [0, 0, 0]) == (tight, 100)


def test_a_limit_of_nothing_is_the_tightest() -> None:
    nothing = balance(0)

    assert tightest([balance(100, settled=99), nothing], [0, 0]) == (nothing, 0)


def test_shadow_limits_are_not_told() -> None:
    assert remaining([balance(100, enforce=Enforce.SHADOW)], [0]) is None
    assert remaining([], []) is None


def test_a_calendars_window_is_told_with_its_end() -> None:
    found = balance(20_000_000_000, settled=7_660_000_000, end_us=NEW_YEAR_US)

    assert remaining([found], [0]) == "month; left=12.34 USD; reset=2027-01-01T00:00:00Z"


def test_what_the_call_itself_holds_is_not_spent() -> None:
    found = balance(500, 100, 80, unit=Unit.REQUESTS)

    assert remaining([found], [50]) == "month; left=370 requests"


def test_a_rolling_window_has_no_reset() -> None:
    assert remaining([balance(500, 100, unit=Unit.REQUESTS)], [0]) == "month; left=400 requests"


def test_what_was_overspent_leaves_nothing() -> None:
    assert remaining([balance(100, 200, unit=Unit.INPUT)], [0]) == "month; left=0 input tokens"


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        (Unit.USD, "0.0000015 USD"),
        (Unit.TOKENS, "1500 tokens"),
        (Unit.OUTPUT, "1500 output tokens"),
    ],
)
def test_an_amount_is_said_with_its_unit(unit: Unit, said: str) -> None:
    assert quantity(1500, unit) == said


def test_a_rate_is_no_limit_that_something_is_left_of() -> None:
    """The one limit is told, however full the rate is."""
    full = balance(8, held=8, unit=Unit.REQUESTS, slot_us=0)

    assert remaining([full], [1]) is None
    assert remaining([full, balance(500, 100, unit=Unit.REQUESTS)], [1, 0]) == "month; left=400 requests"
