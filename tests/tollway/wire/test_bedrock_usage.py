"""Bedrock's counts leave out of the input what went through a cache; ours have it all."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.model import Usage
from tollway.wire.bedrock_usage import filled, usage_of


@pytest.mark.parametrize(
    ("counts", "usage"),
    [
        ({"inputTokens": 25, "outputTokens": 4, "totalTokens": 29}, Usage(input_tokens=25, output_tokens=4)),
        (  # 22 + 100 + 2492 = 2614, under both of the names that Bedrock has for it
            {
                "inputTokens": 22, "outputTokens": 13, "totalTokens": 2627, "serverToolUsage": {},
                "cacheReadInputTokens": 100, "cacheReadInputTokenCount": 100,
                "cacheWriteInputTokens": 2492, "cacheWriteInputTokenCount": 2492,
                "cacheDetails": [{"ttl": "1h", "inputTokens": 2000}, {"ttl": "5m", "inputTokens": 492}],
            },
            Usage(input_tokens=2614, cache_read_tokens=100, cache_write_tokens=2492,
                  cache_write_1h_tokens=2000, output_tokens=13),
        ),
        (  # the last chunk of a stream: 3 + 9821 + 7 = 9831
            {"inputTokenCount": 3, "outputTokenCount": 9, "invocationLatency": 167, "firstByteLatency": 58,
             "cacheReadInputTokenCount": 9821, "cacheWriteInputTokenCount": 7},
            Usage(input_tokens=9831, cache_read_tokens=9821, cache_write_tokens=7, output_tokens=9),
        ),
        (
            {"inputTokens": 0, "outputTokens": 0, "cacheReadInputTokens": 0},
            Usage(input_tokens=0, cache_read_tokens=0, output_tokens=0),
        ),
        ({"inputTokens": 5, "cacheDetails": []}, Usage(input_tokens=5)),
        (  # what went through a cache is a part of the whole, and no telling how large a part
            {"inputTokens": -5, "outputTokens": 4, "cacheReadInputTokens": 9},
            Usage(cache_read_tokens=9, output_tokens=4),
        ),
        ({"inputTokens": 5, "cacheDetails": [{"ttl": "5m", "inputTokens": 3}]}, Usage(input_tokens=5)),
        ({"inputTokens": -1, "outputTokens": "4", "cacheReadInputTokens": True, "cacheDetails": [5]}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_input_is_all_input(counts: dict[str, Any], usage: Usage | None) -> None:
    assert usage_of(counts) == usage


@pytest.mark.parametrize(("written", "hour"), [(None, 9), (4, 4), (20, 9)])
def test_what_is_written_for_an_hour_is_a_part_of_what_is_written(written: int | None, hour: int) -> None:
    details = [{"ttl": "1h", "inputTokens": 5}, {"ttl": "1h", "inputTokens": 4}, {"ttl": "1h"}]

    usage = usage_of({"inputTokens": 1, "cacheWriteInputTokens": written, "cacheDetails": details})

    assert usage is not None
    assert usage.cache_write_1h_tokens == hour


def test_what_a_body_leaves_out_is_counted_beside_it() -> None:
    """3 that went through no cache, 9821 read, 7 written: the body's start had set the caches to zero."""
    told = Usage(input_tokens=3, cache_read_tokens=0, cache_write_tokens=0, output_tokens=12)
    counted = Usage(input_tokens=9831, cache_read_tokens=9821, cache_write_tokens=7, output_tokens=9)

    assert filled(told, counted) == Usage(
        input_tokens=9831, cache_read_tokens=9821, cache_write_tokens=7, output_tokens=12
    )


def test_the_bodys_word_goes_before_what_is_counted() -> None:
    told = Usage(input_tokens=108, cache_read_tokens=100, cache_write_1h_tokens=0, output_tokens=5)
    counted = Usage(input_tokens=9, output_tokens=6)

    assert filled(told, counted) == told


def test_what_the_body_does_not_say_is_as_counted() -> None:
    assert filled(Usage(images=2), Usage(input_tokens=9, cache_read_tokens=4)) == Usage(
        images=2, input_tokens=9, cache_read_tokens=4
    )
    assert filled(Usage(output_tokens=1), Usage(images=2)) == Usage(output_tokens=1, images=2)
    assert filled(None, Usage(images=1)) == Usage(images=1)
    assert filled(Usage(images=1), None) == Usage(images=1)
    assert filled(None, None) is None


USAGES = st.builds(
    Usage,
    **{n: st.none() | st.integers(0, 9) for n in ("input_tokens", "cache_read_tokens", "output_tokens")},
)


@given(USAGES, USAGES)
def test_no_part_is_larger_than_the_whole_once_the_whole_is_known(told: Usage, counted: Usage) -> None:
    both = filled(told, counted)

    assert both is not None
    if both.input_tokens is not None:
        assert both.input_tokens >= (both.cache_read_tokens or 0)
    assert all(n >= 0 for n in both.known().values())
