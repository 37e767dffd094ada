from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.model import USAGE_FIELDS, Usage
from tollway.prices.cost import MAX_COUNT, MAX_PART, Charge, charge, fees, rounded
from tollway.prices.rates import ALWAYS, Schedule, rates, schedule

PLAIN = schedule(
    (
        (
            ALWAYS,
            {
                "input": Decimal(10),
                "cache_read": Decimal(1),
                "cache_write": Decimal(12),
                "cache_write_1h": Decimal(20),
                "cache_write_12h": Decimal(24),
                "output": Decimal(50),
                "web_search": Decimal(1000),
                "tool_call": Decimal(100),
                "request": Decimal(5),
                "second": Decimal(7),
                "character": Decimal(3),
                "page": Decimal(2000),
                "image": Decimal(4000),
            },
        ),
    )
)
MODAL = schedule(
    (
        (
            ALWAYS,
            {
                "input": Decimal(10),
                "cache_read": Decimal(1),
                "output": Decimal(50),
                "input_audio": Decimal(100),
                "input_image": Decimal(20),
                "input_video": Decimal(30),
                "cache_audio_read": Decimal(2),
                "output_audio": Decimal(200),
                "output_image": Decimal(80),
                "reasoning": Decimal(60),
            },
        ),
    )
)


def parts(steps: Schedule, **usage: int) -> tuple[int, ...]:
    made = charge(Usage(**usage), steps)
    return tuple(int(part) for part in made[:5])


def test_the_parts_of_the_input_are_taken_out_of_it() -> None:
    """1000 in: 300 read, 200 written (50 for 1 h, 30 for 12 h), 500 fresh.

    500 x 10 = 5000; 300 x 1; 120 x 12 + 50 x 20 + 30 x 24 = 3160; 40 x 50 = 2000; the request 5.
    """
    usage = {
        "cache_read_tokens": 300,
        "cache_write_tokens": 200,
        "cache_write_1h_tokens": 50,
        "cache_write_12h_tokens": 30,
    }

    assert parts(PLAIN, input_tokens=1000, output_tokens=40, **usage) == (5000, 300, 3160, 2000, 5)


def test_reasoning_is_part_of_the_output() -> None:
    assert parts(PLAIN, output_tokens=40, reasoning_tokens=30) == (0, 0, 0, 2000, 5)


def test_fees_are_another_part() -> None:
    """2 searches x 1000 + 3 calls x 100 + 4 requests x 5 = 2320."""
    assert parts(PLAIN, web_searches=2, tool_calls=3, requests=4) == (0, 0, 0, 0, 2320)


def test_what_is_not_counted_in_tokens_is_input_and_images_made_are_output() -> None:
    """2 s x 7 + 3 characters x 3 + 1 page x 2000 = 2023; 2 images x 4000 = 8000."""
    assert parts(PLAIN, seconds=2, characters=3, pages=1, images=2) == (2023, 0, 0, 8000, 5)


def test_modalities_with_a_price_are_taken_out_of_the_plain_tokens() -> None:
    """1000 in: 200 read of which 50 audio; 150 audio in all, 60 image, 40 video; 800 fresh, 600 of them text.

    600 x 10 + 100 x 100 + 60 x 20 + 40 x 30 = 6000 + 10000 + 1200 + 1200 = 18400; 150 x 1 + 50 x 2 = 250;
    100 out: 20 audio, 30 image, 10 reasoning, 40 text: 4000 + 2400 + 600 + 2000 = 9000.
    """
    into = {"input_tokens": 1000, "cache_read_tokens": 200, "input_audio_tokens": 150,
            "cache_audio_read_tokens": 50, "input_image_tokens": 60, "input_video_tokens": 40}  # fmt: skip
    out = {"output_tokens": 100, "output_audio_tokens": 20, "output_image_tokens": 30, "reasoning_tokens": 10}

    assert parts(MODAL, **into, **out) == (18_400, 250, 0, 9000, 0)
    assert charge(Usage(**into, **out), MODAL).consistent


def test_cached_audio_is_cached_text_where_it_has_no_price_of_its_own() -> None:
    """1000 x 100 for the audio: nothing says that it was not all fresh."""
    steps = schedule(
        ((ALWAYS, {"input": Decimal(10), "cache_read": Decimal(1), "input_audio": Decimal(100)}),)
    )

    made = charge(
        Usage(input_tokens=1500, cache_read_tokens=500, cache_audio_read_tokens=400, input_audio_tokens=1000),
        steps,
    )

    assert [int(part) for part in made[:2]] == [100_000, 500]
    assert made.consistent


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        # cache_read > input: the reads count, nothing else is fresh
        ({"input_tokens": 100, "cache_read_tokens": 300}, (0, 300, 0, 0, 5)),
        ({"cache_read_tokens": 300}, (0, 300, 0, 0, 5)),
        # 1 h writes beyond all writes
        ({"input_tokens": 100, "cache_write_tokens": 10, "cache_write_1h_tokens": 40}, (600, 0, 800, 0, 5)),
        ({"input_tokens": -5, "output_tokens": 1}, (0, 0, 0, 50, 5)),
        ({"output_tokens": 10**30}, (0, 0, 0, 50 * MAX_COUNT, 5)),
    ],
)
def test_a_usage_that_contradicts_itself_is_charged_and_said_to_be(
    usage: dict[str, int], expected: tuple[int, ...]
) -> None:
    assert parts(PLAIN, **usage) == expected
    assert not charge(Usage(**usage), PLAIN).consistent


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        # more audio than input: all of the input was audio
        ({"input_tokens": 10, "input_audio_tokens": 30}, (1000, 0, 0, 0, 0)),
        # audio beside cache reads, and no word on how much of it was read: none was
        ({"input_tokens": 100, "cache_read_tokens": 40, "input_audio_tokens": 20}, (2400, 40, 0, 0, 0)),
        ({"output_tokens": 10, "output_audio_tokens": 8, "output_image_tokens": 8}, (0, 0, 0, 1760, 0)),
    ],
)
def test_modalities_that_contradict_the_whole_are_cut_to_it(
    usage: dict[str, int], expected: tuple[int, ...]
) -> None:
    assert parts(MODAL, **usage) == expected
    assert not charge(Usage(**usage), MODAL).consistent


def test_tool_calls_without_a_price_make_a_charge_incomplete() -> None:
    steps = schedule(((ALWAYS, {"input": Decimal(1)}),))

    assert not charge(Usage(tool_calls=2), steps).complete
    assert charge(Usage(tool_calls=0), steps).complete
    assert charge(Usage(tool_calls=2), PLAIN).complete


def test_searches_billed_by_request_are_billed_once() -> None:
    once = rates({"web_search": Decimal(35)}, search_once=True)

    assert fees(Usage(web_searches=5), once) == 35
    assert fees(Usage(web_searches=0), once) == 0


def test_charges_add_up_part_by_part_and_one_doubt_is_enough() -> None:
    one, two, ten = Decimal(1), Decimal(2), Decimal(10)

    sure = Charge(one, one, two, two, ten)
    unsure = Charge(two, ten, one, ten, ten, False, False)

    both = sure.plus(unsure)

    assert [int(part) for part in both[:5]] == [3, 11, 3, 12, 20]
    assert (both.consistent, both.complete) == (False, False)


@pytest.mark.parametrize(
    ("nano", "whole"), [("0.5", 1), ("0.49", 0), ("1.5", 2), ("2.5", 3), ("1E+30", MAX_PART)]
)
def test_rounding_is_half_up_and_bounded(nano: str, whole: int) -> None:
    assert rounded(Decimal(nano)) == whole


counts = st.none() | st.integers(0, 10**7)
nonsense = st.none() | st.integers()
every = dict.fromkeys(USAGE_FIELDS, nonsense)


@given(st.fixed_dictionaries(every), st.sampled_from([PLAIN, MODAL]))
def test_no_usage_raises_or_makes_a_part_negative(usage: dict[str, Any], steps: Schedule) -> None:
    made = charge(Usage(**usage), steps)

    assert all(0 <= rounded(part) <= MAX_PART for part in made[:5])


@given(
    st.fixed_dictionaries(dict.fromkeys(USAGE_FIELDS, counts)),
    st.integers(1, 10**6),
    st.sampled_from([PLAIN, MODAL]),
)
def test_more_input_or_output_never_costs_less(usage: dict[str, Any], more: int, steps: Schedule) -> None:
    before = sum(charge(Usage(**usage), steps)[:5])

    for name in ("input_tokens", "output_tokens"):
        grown = usage | {name: (usage[name] or 0) + more}
        assert sum(charge(Usage(**grown), steps)[:5]) >= before


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_consistent_usage_is_charged_for_each_token_once(fresh: int, read: int, written: int) -> None:
    made = charge(
        Usage(input_tokens=fresh + read + written, cache_read_tokens=read, cache_write_tokens=written), PLAIN
    )

    assert [int(part) for part in made[:3]] == [fresh * 10, read, written * 12]
    assert made.consistent
