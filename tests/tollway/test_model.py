"""The values of the chain: a total is the sum of its parts, and a zero that was reported is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.model import USAGE_FIELDS, CallRecord, Cost, Source, Usage

AMOUNTS = st.integers(0, 10**15)


def test_a_total_is_the_sum_of_all_five_parts() -> None:
    """1 + 20 + 300 + 4,000 + 50,000 = 54,321 nano-dollars."""
    cost = Cost(input_nano=1, cache_read_nano=20, cache_write_nano=300, output_nano=4_000, other_nano=50_000)

    assert cost.nano == 54_321


@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
def test_totals_are_exact(a: int, b: int, c: int, d: int, e: int) -> None:
    """Integers, up to a million dollars a part."""
    cost = Cost(input_nano=a, cache_read_nano=b, cache_write_nano=c, output_nano=d, other_nano=e)

    assert cost.nano == sum([a, b, c, d, e])


def test_a_cost_of_which_nothing_is_known_comes_from_nowhere() -> None:
    """It is zero, and says that it has no source."""
    assert (Cost().nano, Cost().source, Cost().flags) == (0, Source.NONE, ())


@given(st.dictionaries(st.sampled_from(USAGE_FIELDS), st.integers(0, 10**12)))
def test_what_is_known_of_a_usage_is_what_was_reported(said: dict[str, int]) -> None:
    """Zeros included, and nothing that was not; in the order of the columns."""
    known = Usage(**said).known()

    assert known == said
    assert list(known) == [name for name in USAGE_FIELDS if name in said]


def test_nothing_reported_is_nothing_known() -> None:
    """Never a made-up zero."""
    assert Usage().known() == {}


def test_values_do_not_change() -> None:
    """They are shared by all steps of the chain."""
    record = CallRecord(id="1", state="open", started_us=0)

    with pytest.raises(AttributeError):
        record.state = "done"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        record.cost.input_nano = 1  # type: ignore[misc]


def test_calls_share_no_tags() -> None:
    """Each has a mapping of its own."""
    one, other = (CallRecord(id=id, state="open", started_us=0) for id in "ab")

    assert one.tags is not other.tags
