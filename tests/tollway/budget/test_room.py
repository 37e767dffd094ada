"""What fits where a call does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.tollway.budget.samples import balance
from tollway.bound.bound import Bound
from tollway.budget.amounts import Unit
from tollway.budget.bucket import Balance, Enforce
from tollway.budget.room import LARGEST_OUTPUT, frees_us, may_come, of_requests, output_within, share
from tollway.model import Usage

BOUND = Bound(usage=Usage(input_tokens=1000, output_tokens=8000), max_output=8000)


def within(left: int) -> int:
    """10 nano-dollars a token of output, 5,000 for the input."""
    return max(0, left - 5000) // 10


@pytest.mark.parametrize(
    ("found", "most"),
    [
        (balance(25_000), 2000),
        (balance(25_000, settled=5_000, held=10_000), 500),
        (balance(5_009), 0),
        (balance(10**9), 8000),
        (balance(3_000, unit=Unit.TOKENS), 2000),
        (balance(900, unit=Unit.TOKENS), 0),
        (balance(300, unit=Unit.OUTPUT), 300),
        (balance(10**6, unit=Unit.INPUT), 0),
        (balance(10, unit=Unit.REQUESTS), 0),
        (balance(10**9, enforce=Enforce.SOFT), 0),
        (balance(100, settled=100), 0),
    ],
    ids=[
        "dollars", "of what is left", "less than a token", "more than asked for", "tokens",
        "tokens that the input alone exceeds", "output tokens", "input tokens", "requests", "soft",
        "nothing left",
    ],
)  # fmt: skip
def test_a_bucket_has_room_for_so_many_tokens_of_output(found: Balance, most: int) -> None:
    assert output_within([found], BOUND, within) == most


def test_the_tightest_bucket_decides() -> None:
    assert output_within([balance(25_000), balance(300, unit=Unit.OUTPUT)], BOUND, within) == 300


def test_several_answers_share_the_room() -> None:
    bound = Bound(usage=Usage(input_tokens=1000, output_tokens=32_000), max_output=8000, answers=4)

    assert output_within([balance(45_000)], bound, within) == 1000


def test_what_no_maximum_limits_takes_its_part_of_the_room() -> None:
    bound = Bound(usage=Usage(input_tokens=1000, output_tokens=8100), max_output=8000, more_output=100)

    assert output_within([balance(300, unit=Unit.OUTPUT)], bound, within) == 200
    assert output_within([balance(1300, unit=Unit.TOKENS)], bound, within) == 200


def test_without_a_price_dollars_have_no_room_and_tokens_have() -> None:
    assert output_within([balance(10**9)], BOUND, None) == 0
    assert output_within([balance(10**9, unit=Unit.TOKENS)], BOUND, None) == 8000


def test_an_answer_that_nothing_limits_gets_no_more_than_the_largest_there_are() -> None:
    bound = Bound(usage=Usage(input_tokens=1000), max_output=None)

    assert output_within([balance(10**12)], bound, within) == LARGEST_OUTPUT


@given(st.integers(0, 10**6), st.integers(1, 5))
def test_what_fits_is_never_more_than_what_is_left(left: int, answers: int) -> None:
    bound = Bound(
        usage=Usage(input_tokens=0, output_tokens=10**6 * answers), max_output=10**6, answers=answers
    )

    each = output_within([balance(left, unit=Unit.OUTPUT)], bound, None)

    assert each * answers <= left < (each + 1) * answers


def test_waiting_helps_while_others_hold_what_it_needs() -> None:
    assert may_come([balance(100, settled=60, held=40)], [40])
    assert not may_come([balance(100, settled=61, held=39)], [40])


def test_waiting_helps_at_a_soft_limit_until_it_is_spent() -> None:
    assert may_come([balance(100, settled=99, held=5, enforce=Enforce.SOFT)], [40])
    assert not may_come([balance(100, settled=100, enforce=Enforce.SOFT)], [40])


def test_waiting_helps_only_if_it_does_everywhere() -> None:
    assert not may_come([balance(100), balance(100, settled=99)], [40, 40])


@pytest.mark.parametrize(
    ("left", "waiting", "most"),
    [
        (1000, [], 1000),
        (1000, [300], 150 + 700 // 2),
        (1000, [100, 300, 200], 150 + 700 // 4),
        (1000, [1000], 150),
        (1000, [5000], 150),
        (100, [5000], 100),
        (-20, [5000], -20),
    ],
    ids=["nobody waits", "one", "several", "all for it", "more for it", "too little", "over"],
)
def test_a_share_leaves_room_for_those_who_wait(left: int, waiting: list[int], most: int) -> None:
    """A call whose least is 150: that, and an equal part of what is beyond the largest of theirs."""
    found = balance(2000, settled=500, held=1500 - left)
    part = share(found, 150, waiting)

    assert part.left == most
    assert (part.amount, part.settled, part.bucket) == (2000, 500, found.bucket)


def test_room_in_a_rate_s_window_comes_by_time() -> None:
    """Unlike what a limit has settled. Where calls in flight are counted, it comes as they end."""
    window = balance(10, settled=10, rolling_us=60_000_000, slot_us=1_000_000)
    wide = balance(10, held=10, slot_us=0)

    assert may_come([window, wide], [1, 1])
    assert not may_come([balance(10, settled=10)], [1])


def test_there_is_room_once_all_rates_have_it() -> None:
    def full(frees_us: int | None) -> Balance:
        return replace(balance(10, settled=10, slot_us=1), frees_us=frees_us)

    assert frees_us([full(5), full(None), full(9)]) == 9
    assert frees_us([full(None)]) is None


def test_a_smaller_call_fits_no_better_where_requests_are_counted() -> None:
    requests, tokens = balance(1, unit=Unit.REQUESTS), balance(1, unit=Unit.TOKENS)

    assert of_requests([requests, requests])
    assert not of_requests([requests, tokens])
