"""Medians and spreads."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bench.figures import Figure, differences, quartiles, ratios, whole

ROUNDS = st.lists(st.floats(min_value=0.001, max_value=1000), min_size=2, max_size=30)


def test_a_ratio_is_the_median_of_the_rounds_not_the_ratio_of_medians() -> None:
    """Rounds that a busy machine slowed down for both count as what they are: the same ratio."""
    assert ratios([2, 20, 6], [1, 10, 12]) == Figure(2, 0.5, 2)


def test_differences_are_paired_and_spread_by_quartiles() -> None:
    assert differences([11, 22, 33, 44, 55, 66, 77], [10, 20, 30, 40, 50, 60, 70]) == Figure(4, 2, 6)


@pytest.mark.parametrize("pair", [ratios, differences])
def test_unpaired_measurements_are_refused(pair: object) -> None:
    assert callable(pair)
    with pytest.raises(ValueError, match="shorter"):
        pair([1.0, 2.0], [1.0])


@given(ROUNDS)
def test_a_median_lies_within_its_spread(values: list[float]) -> None:
    for figure in (whole(values), quartiles(values)):
        assert figure.low <= figure.median <= figure.high or len(values) == 2
        assert figure.median == pytest.approx(statistics.median(values))


@given(ROUNDS)
def test_anything_is_once_itself(values: list[float]) -> None:
    assert ratios(values, values) == Figure(1, 1, 1)
    assert differences(values, values) == Figure(0, 0, 0)


def test_a_figure_shows_its_spread_where_there_is_one() -> None:
    assert Figure(0.724, 0.7, 0.75).text("x") == "0.72x [0.70 .. 0.75]"
    assert whole([101.26]).text(" MB", 1) == "101.3 MB"
