"""How much like chance a value looks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.guardrails.secrets.entropy import classes, milli_bits


@pytest.mark.parametrize(
    ("value", "expected"),
    [("aaaa", 0), ("ab", 1000), ("aab", 918), ("abcd", 2000), ("0123456789abcdef", 4000)],
)
def test_bits_are_of_the_value_itself(value: str, expected: int) -> None:
    """A sequence has as many as chance has: `is_placeholder` knows it."""
    assert milli_bits(value) == expected


@given(st.text(min_size=1))
def test_no_value_has_more_than_its_length_allows(value: str) -> None:
    """Nor fewer than none."""
    assert -1 <= milli_bits(value) <= len(value).bit_length() * 1000


@pytest.mark.parametrize(
    ("value", "expected"), [("", 0), ("abc", 1), ("aB", 2), ("aB1", 3), ("aB1-", 4), ("日", 1), ("é1", 2)]
)
def test_there_are_four_classes(value: str, expected: int) -> None:
    """What has no case is one of the rest."""
    assert classes(value) == expected
