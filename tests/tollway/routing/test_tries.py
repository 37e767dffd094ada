"""What is tried next when a target fails."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.routing.failing import Failing, Failure
from tollway.routing.resolve import Target
from tollway.routing.tries import Tries

A, B = Target("anthropic", "claude-x"), Target("mantle", "claude-x")
DOWN = Failure(status=529)
ALONE = Tries(route="r", failing=Failing(classes=frozenset({5}), retries=2), here=A)
CHAIN = Tries(route="r", failing=Failing(classes=frozenset({5}), retries=1), here=A, rest=(B,))


def test_each_target_is_tried_again_as_often_as_is_said() -> None:
    again = CHAIN.again(DOWN)
    there = again.next(DOWN)

    assert CHAIN.pause_us(DOWN, 0) is not None
    assert again.pause_us(DOWN, 0) is None
    assert there is not None
    assert (there.here, there.rest, there.has_more) == (B, (), True)
    assert there.again(DOWN).next(DOWN) is None
    assert not there.again(DOWN).means(DOWN)


def test_a_failure_that_does_not_count_leads_nowhere() -> None:
    assert CHAIN.means(DOWN)
    assert not CHAIN.means(Failure(status=400))


def test_pauses_double_and_are_spread() -> None:
    pauses = [tries.pause_us(DOWN, each) for tries in (ALONE, ALONE.again(DOWN)) for each in (0, 500, 999)]

    assert pauses == [250_000, 500_000, 749_500, 500_000, 1_000_000, 1_499_000]


@given(st.integers(0, 999), st.integers(0, 60_000_000))
def test_a_target_is_not_asked_before_it_wants_to_be(draw: int, after_us: int) -> None:
    failure = Failure(status=503, retry_after_us=after_us)

    for tries, longest in ((ALONE, 30_000_000), (CHAIN, 5_000_000)):
        pause_us = tries.pause_us(failure, draw)
        assert (pause_us is None) is (after_us > longest)
        assert pause_us is None or after_us <= pause_us <= longest


@pytest.mark.parametrize(("end", "said"), [(None, "mantle/claude-x"), ("x/y", "x/y")])
def test_the_tries_are_told_in_their_order(end: str | None, said: str) -> None:
    there = CHAIN.again("timeout").next(DOWN)

    assert there is not None
    assert there.said(end) == f"anthropic/claude-x (timeout) -> anthropic/claude-x (529) -> {said}"
    assert there.failed("connect")[-1] == "mantle/claude-x (connect)"


def test_a_call_that_a_limit_moved_knows_where_it_failed_before() -> None:
    there = CHAIN.next(DOWN)
    assert there is not None

    moved = ALONE.after(there)

    assert (moved.here, moved.rest) == (ALONE.here, ALONE.rest)
    assert (moved.told, moved.failed_at) == (there.told, frozenset({"anthropic/claude-x"}))
