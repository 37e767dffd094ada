"""What is foretold, and what does not cry wolf."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.alerts.course import Samples, sampled
from tollway.alerts.forecast import Forecast, Standing, forecast, standing
from tollway.budget.amounts import Unit
from tollway.budget.bucket import Bucket

START, LENGTH = 1_795_478_400_000_000, 86_400_000_000
AMOUNT = 1_000_000_000_000


def bucket(**fields: Any) -> Bucket:
    """Of a day, of a thousand dollars."""
    usual: dict[str, Any] = {"limit": "day", "key": "day", "unit": Unit.USD}
    return Bucket(**({**usual, "start_us": START, "end_us": START + LENGTH} | fields))


def of(settled: int, amount: int = AMOUNT, first_us: int = START) -> Standing:
    """How it stands."""
    found = standing(bucket(), amount, settled, first_us)
    assert found is not None
    return found


def told(spent: Callable[[float], float], amount: int = AMOUNT, looks: int = 288) -> Forecast | None:
    """The first forecast over a whole window that is looked at regularly; None: there is none.

    `spent`: what was spent once a part of the window has passed.
    """
    samples: Samples = ()
    first_us = None
    for look in range(1, looks):
        now_us = START + LENGTH * look // looks
        settled = int(spent(look / looks))
        if first_us is None and settled:
            first_us = START + LENGTH * (look - 1) // looks  # at the earliest
        if (found := forecast(of(settled, amount, first_us or now_us), samples, now_us)) is not None:
            return found
        samples = sampled(samples, START, now_us, settled)
    return None


def told_at(spent: Callable[[float], float], **more: Any) -> float | None:
    """At which part of the window, by what was settled of an even spend."""
    found = told(spent, **more)
    return None if found is None else found.standing.settled / spent(1.0)


@given(
    calls=st.integers(1, 400), cost=st.integers(1, 10**9), more=st.integers(0, 10), looks=st.integers(13, 400)
)
def test_an_even_spend_within_the_amount_is_never_foretold(
    calls: int, cost: int, more: int, looks: int
) -> None:
    """Though the first call comes as the window begins, and the last one makes the amount full."""
    assert told(lambda part: cost * min(int(part * calls) + 1, calls), calls * cost + more, looks) is None


@given(at=st.floats(0.0, 1.0), size=st.floats(0.0, 0.999), lasts=st.floats(0.0, 0.05))
def test_one_burst_is_never_foretold(at: float, size: float, lasts: float) -> None:
    """However large, and whenever it comes."""

    def spent(part: float) -> float:
        return AMOUNT * size * min(max(part - at, 0.0) / max(lasts, 1e-9), 1.0)

    assert told(spent) is None


@given(at=st.floats(0.0, 0.9), even=st.floats(0.0, 0.5), burst=st.floats(0.0, 0.45))
def test_a_burst_on_an_even_spend_is_no_pace(at: float, even: float, burst: float) -> None:
    """Together they stay within the amount."""
    assert told(lambda part: AMOUNT * (even * part + burst * (part >= at))) is None


@given(times=st.floats(1.25, 8.0))
def test_a_steady_overspend_is_foretold_at_a_tenth_of_the_window(times: float) -> None:
    part = told_at(lambda part: AMOUNT * times * part)

    assert part is not None
    assert 0.1 <= part <= 0.12


@given(times=st.floats(1.17, 1.25))
def test_a_sixth_too_much_is_foretold_before_two_thirds_are_spent(times: float) -> None:
    part = told_at(lambda part: AMOUNT * times * part)

    assert part is not None
    assert part * times <= 0.66


def test_what_is_said_is_what_comes() -> None:
    """Twice as much as there is, evenly: the amount is spent at noon."""
    found = told(lambda part: 2 * AMOUNT * part)

    assert found is not None
    assert 1.5 * AMOUNT < found.total < 2 * AMOUNT
    assert abs(found.spent_us - (START + LENGTH // 2)) < LENGTH // 8


def test_what_has_become_quiet_is_not_foretold() -> None:
    """Half of it in the first third, slowly enough that it is not told by then, and nothing since."""
    samples: Samples = ()
    for look in range(1, 145):
        settled = AMOUNT // 2 * min(look, 96) // 96
        now_us = START + LENGTH * look // 288
        found = forecast(of(settled), samples, now_us)
        samples = sampled(samples, START, now_us, settled)

    assert found is None


def even(looks: int) -> Samples:
    """Samples of three times too much."""
    return tuple((START + LENGTH * look // 288, 3 * AMOUNT * look // 288) for look in range(1, looks))


@pytest.mark.parametrize(
    ("settled", "part", "is_told"),
    [
        (0.3, 0.1, True),
        (0.29, 0.099, False),
        (1.0, 0.3, False),
        (0.3, 0.0, False),
        (0.3, 1.0, False),
    ],
)
def test_only_between_a_tenth_and_the_end_and_while_something_is_left(
    settled: float, part: float, is_told: bool
) -> None:
    now_us = START + int(LENGTH * part)
    samples = [sample for sample in even(100) if sample[0] < now_us]

    assert (forecast(of(int(AMOUNT * settled)), samples, now_us) is not None) is is_told


def test_of_a_window_that_was_hardly_seen_nothing_is_foretold() -> None:
    """Tollway was started when half of it was over: what came before is as one burst."""
    now_us = START + LENGTH * 6 // 10
    samples = ((START + LENGTH // 2, AMOUNT // 2), (START + LENGTH * 55 // 100, AMOUNT * 6 // 10))

    assert forecast(of(AMOUNT * 7 // 10), samples, now_us) is None


def test_a_rolling_window_is_foretold_in_its_first_length() -> None:
    rolling = bucket(start_us=0, end_us=None, rolling_us=LENGTH)

    found = standing(rolling, AMOUNT, 5, START)

    assert found == Standing(
        bucket=rolling, amount=AMOUNT, settled=5, since_us=START, until_us=START + LENGTH, first_us=START
    )


def test_a_calendars_window_is_its_own_whenever_its_first_call_came() -> None:
    found = standing(bucket(), AMOUNT, 5, START + 99)

    assert found is not None
    assert (found.since_us, found.until_us, found.first_us) == (START, START + LENGTH, START + 99)
    before = standing(bucket(), AMOUNT, 5, START - 99)
    assert before is not None
    assert before.first_us == START


def test_what_has_no_end_and_what_is_a_rates_has_no_forecast() -> None:
    assert standing(bucket(end_us=None), AMOUNT, 5, START) is None
    assert standing(bucket(slot_us=0), AMOUNT, 5, START) is None


def working(first: int, times: float) -> Callable[[float], float]:
    """A month of 30 days whose working hours cost the same, so many times the amount together: `first` is
    its first weekday."""
    hours = [day * 24 + hour for day in range(30) if (first + day) % 7 < 5 for hour in range(9, 17)]

    def spent(part: float) -> float:
        done = sum(min(max(part * 720 - hour, 0.0), 1.0) for hour in hours)
        return AMOUNT * times * done / len(hours)

    return spent


@pytest.mark.parametrize("first", range(7))
def test_working_hours_within_the_amount_are_not_foretold(first: int) -> None:
    """Nights and weekends are quiet, and a month may begin with either."""
    assert told(working(first, 1.0), looks=720) is None


@pytest.mark.parametrize("first", range(7))
def test_twice_as_much_in_working_hours_is_foretold_before_most_of_it_is_spent(first: int) -> None:
    found = told(working(first, 2.0), looks=720)

    assert found is not None
    assert found.standing.settled < 0.7 * AMOUNT
