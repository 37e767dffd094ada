"""A kind of calls."""

from tollway.backtest.kind import Kind


def test_a_kind_that_meets_nothing_is_held_by_nothing() -> None:
    found = Kind(known={})

    assert (found.hard, found.hard_usd, found.denied, found.holds) == (None, None, None, True)
