"""A bound, and what a clamp makes of it."""

from tollway.bound.bound import Bound
from tollway.model import Usage


def test_a_clamp_bounds_each_answer() -> None:
    """100 tokens, 3 times; what is read stays."""
    bound = Bound(usage=Usage(input_tokens=7, output_tokens=3_000), max_output=1_000, answers=3)

    assert bound.clamped(100) == Bound(
        usage=Usage(input_tokens=7, output_tokens=300), max_output=100, answers=3
    )


def test_a_clamp_bounds_where_nothing_did() -> None:
    """No maximum was known before."""
    bound = Bound(usage=Usage(input_tokens=7), max_output=None)

    assert bound.clamped(100).usage == Usage(input_tokens=7, output_tokens=100)


def test_a_clamp_leaves_what_no_maximum_limits() -> None:
    """50 tokens of a rejected prediction beside 100 of the answer."""
    bound = Bound(usage=Usage(input_tokens=7, output_tokens=1_050), max_output=1_000, more_output=50)

    assert bound.clamped(100).usage.output_tokens == 150
