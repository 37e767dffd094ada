"""Usage objects of every provider that speaks OpenAI's formats come out in one vocabulary."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.model import Usage
from tollway.wire.openai_usage import cost_nano, summed, usage_of


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        pytest.param(
            {
                "prompt_tokens": 100,
                "completion_tokens": 50,
                "total_tokens": 150,
                "prompt_tokens_details": {
                    "cached_tokens": 40,
                    "cache_write_tokens": 10,
                    "audio_tokens": 5,
                    "image_tokens": 6,
                    "text_tokens": 89,
                    "video_tokens": 7,
                },
                "completion_tokens_details": {
                    "reasoning_tokens": 20,
                    "audio_tokens": 3,
                    "image_tokens": 4,
                    "accepted_prediction_tokens": 1,
                    "rejected_prediction_tokens": 2,
                    "text_tokens": 23,
                },
            },
            Usage(
                input_tokens=100,
                cache_read_tokens=40,
                cache_write_tokens=10,
                input_audio_tokens=5,
                input_image_tokens=6,
                input_video_tokens=7,
                output_tokens=50,
                reasoning_tokens=20,
                output_audio_tokens=3,
                output_image_tokens=4,
            ),
            id="chat, all of it",
        ),
        pytest.param(
            {
                "input_tokens": 9,
                "input_tokens_details": {
                    "cached_tokens": 1,
                    "cache_write_tokens": 8,
                    "cache_write_tokens_details": {"ttl_12h_tokens": 5, "ttl_30m_tokens": 3},
                },
                "output_tokens": 7,
                "output_tokens_details": {"reasoning_tokens": 2},
                "total_tokens": 16,
            },
            Usage(
                input_tokens=9,
                cache_read_tokens=1,
                cache_write_tokens=8,
                cache_write_12h_tokens=5,
                output_tokens=7,
                reasoning_tokens=2,
            ),
            id="responses, all of it",
        ),
        pytest.param(
            {"prompt_tokens": 0, "completion_tokens": 0, "prompt_tokens_details": {"cached_tokens": 0}},
            Usage(input_tokens=0, output_tokens=0, cache_read_tokens=0),
            id="explicit zeros are kept",
        ),
        pytest.param(
            {
                "prompt_tokens": 6,
                "completion_tokens": 2,
                "prompt_cache_hit_tokens": 4,
                "prompt_cache_miss_tokens": 2,
            },
            Usage(input_tokens=6, output_tokens=2, cache_read_tokens=4),
            id="deepseek",
        ),
        pytest.param(
            {"prompt_tokens": 6, "completion_tokens": 2, "num_cached_tokens": 4},
            Usage(input_tokens=6, output_tokens=2, cache_read_tokens=4),
            id="mistral",
        ),
        pytest.param(
            {"prompt_tokens": 6, "completion_tokens": 2, "cached_tokens": 4, "prompt_tokens_details": None},
            Usage(input_tokens=6, output_tokens=2, cache_read_tokens=4),
            id="together",
        ),
        pytest.param(
            {"prompt_tokens": 6, "completion_tokens": 2, "reasoning_tokens": 1, "num_search_queries": 3},
            Usage(input_tokens=6, output_tokens=2, reasoning_tokens=1, web_searches=3),
            id="perplexity",
        ),
        pytest.param(
            {
                "input_tokens": 90,
                "input_tokens_details": {
                    "cache_read_input_tokens": 60,
                    "cache_creation_input_tokens": 20,
                },
                "output_tokens": 7,
                "total_tokens": 97,
                "tool_calls_details": {"search_web": {"invocation": 2}, "fetch_url": {"invocation": 3}},
            },
            Usage(
                input_tokens=90,
                cache_read_tokens=60,
                cache_write_tokens=20,
                output_tokens=7,
                web_searches=2,
                tool_calls=3,
            ),
            id="perplexity's agents",
        ),
        pytest.param(
            {
                "prompt_tokens": 90,
                "completion_tokens": 7,
                "total_tokens": 97,
                "cache_read_input_tokens": 60,
                "cache_creation_input_tokens": 20,
            },
            Usage(input_tokens=90, cache_read_tokens=60, cache_write_tokens=20, output_tokens=7),
            id="databricks",
        ),
        pytest.param(
            {
                "prompt_tokens": 3,
                "completion_tokens": 41,
                "total_tokens": 419,
                "prompt_audio_seconds": 12,
                "prompt_tokens_details": {"cached_tokens": 368, "audio_tokens": 375},
            },
            Usage(input_tokens=3, cache_read_tokens=3, output_tokens=41, seconds=12),
            id="mistral: what it heard is billed by the second, and only the total counts it",
        ),
        pytest.param(
            {"prompt_tokens": 13, "completion_tokens": 7, "total_tokens": 20, "prompt_audio_seconds": 0},
            Usage(input_tokens=13, output_tokens=7, seconds=0),
            id="mistral: nothing heard",
        ),
        pytest.param(
            {
                "prompt_tokens": 6,
                "completion_tokens": 2,
                "server_tool_use_details": {
                    "tool_calls_requested": 4,
                    "tool_calls_executed": 3,
                    "web_search_requests": 2,
                },
            },
            Usage(input_tokens=6, output_tokens=2, web_searches=2, tool_calls=1),
            id="openrouter: a web search is one of the calls",
        ),
        pytest.param(
            {
                "prompt_tokens": 6,
                "completion_tokens": 2,
                "server_tool_use_details": {"tool_calls_executed": 0, "web_search_requests": 2},
            },
            Usage(input_tokens=6, output_tokens=2, web_searches=2, tool_calls=0),
            id="openrouter: a provider's own web search is none of them",
        ),
        pytest.param(
            {"completion_tokens": 12, "prompt_tokens": 35, "total_tokens": 109},
            Usage(input_tokens=35, output_tokens=74),
            id="gemini: thinking shows in the total alone",
        ),
        pytest.param(
            {"completion_tokens": 12, "prompt_tokens": 35, "total_tokens": 40},
            Usage(input_tokens=35, output_tokens=12),
            id="a total below its parts says nothing",
        ),
        pytest.param(
            {"prompt_tokens": True, "completion_tokens": -1, "total_tokens": "9"}, None, id="no numbers"
        ),
        pytest.param({"prompt_tokens": 3.0, "completion_tokens": 1e13}, Usage(input_tokens=3), id="absurd"),
        pytest.param({}, None, id="empty"),
    ],
)
def test_a_usage_object_is_read(usage: dict[str, Any], expected: Usage | None) -> None:
    assert usage_of(usage) == expected


XAI = {"prompt_tokens": 37, "completion_tokens": 530, "completion_tokens_details": {"reasoning_tokens": 233}}


@pytest.mark.parametrize(
    ("total", "extra", "output"),
    [
        (800, True, 763),
        (800, False, 763),
        (567, True, 530),
        (567, False, 530),
        (None, True, 763),
        (None, False, 530),
    ],
)
def test_reasoning_is_added_where_the_total_or_else_the_provider_s_habit_says_so(
    total: int | None, extra: bool, output: int
) -> None:
    assert usage_of({**XAI, "total_tokens": total}, reasoning_extra=extra) == Usage(
        input_tokens=37, output_tokens=output, reasoning_tokens=233
    )


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["cached_tokens", "x"]), inner)
    ),
    max_leaves=4,
)
KEYS = st.sampled_from([
    "prompt_tokens", "completion_tokens", "total_tokens", "input_tokens", "prompt_tokens_details", "cost",
    "output_tokens_details", "cached_tokens", "is_byok", "cost_details", "cost_in_usd_ticks",
    "prompt_audio_seconds", "reasoning_tokens", "tool_calls_details", "server_tool_use_details",
    "cache_read_input_tokens", "cache_creation_input_tokens",
])  # fmt: skip


@given(st.dictionaries(KEYS, JUNK), st.booleans())
def test_whatever_a_usage_object_holds_counts_are_sane(usage: dict[str, Any], extra: bool) -> None:
    found = usage_of(usage, extra)
    cost = cost_nano(usage)

    assert all(type(n) is int and n >= 0 for n in (found or Usage()).known().values())
    assert cost is None or (type(cost) is int and cost >= 0)


@pytest.mark.parametrize(
    ("usage", "nano"),
    [
        ({"cost": 0.00114}, 1_140_000),
        ({"cost": 0}, 0),
        ({"cost": 1.4e-05}, 14_000),
        ({"cost": 2}, 2_000_000_000),
        ({"cost": 0.1, "is_byok": False, "cost_details": {"upstream_inference_cost": 0.1}}, 100_000_000),
        ({"cost": 0.001, "is_byok": True, "cost_details": {"upstream_inference_cost": 0.02}}, 21_000_000),
        ({"cost": 0.001, "is_byok": True, "cost_details": {"upstream_inference_cost": None}}, None),
        ({"cost": 0.001, "is_byok": True}, None),
        ({"cost": {"input_tokens_cost": 0.1, "total_cost": 0.30000000000000004}}, 300_000_000),
        ({"cost": {"currency": "USD", "total_cost": 0.006}}, 6_000_000),
        ({"cost": {"currency": "EUR", "total_cost": 0.006}}, None),
        ({"cost": {}}, None),
        ({"cost": {"input_tokens_cost": 0.0, "output_tokens_cost": 0.0, "total_cost": 0.0}}, None),
        ({"cost": {"input_tokens_cost": 0.0, "total_cost": 0, "request_cost": 0.0}}, 0),
        ({"cost": {"currency": "USD", "total_cost": 0.0}}, 0),
        ({"cost_in_usd_ticks": 37756000}, 3_775_600),
        ({"cost_in_usd_ticks": 15}, 2),
        ({"cost_in_usd_ticks": 14}, 1),
        ({"cost_in_usd_ticks": 0}, 0),
        ({"cost_in_usd_ticks": -4}, None),
        ({"cost": 0.0000000005}, 1),
        ({"cost": 0.0000000004999}, 0),
        ({"cost": -1}, None),
        ({"cost": 1e10}, None),
        ({"cost": True}, None),
        ({"cost": "0.1"}, None),
        ({"cost": None}, None),
        ({}, None),
    ],
)
def test_what_the_provider_billed_is_exact_and_rounded_half_up(
    usage: dict[str, Any], nano: int | None
) -> None:
    assert cost_nano(usage) == nano


def test_a_sum_knows_what_any_of_its_parts_knows() -> None:
    a, b = Usage(input_tokens=1, output_tokens=0), Usage(input_tokens=2, web_searches=3)

    assert summed([a, b]) == Usage(input_tokens=3, output_tokens=0, web_searches=3)
    assert summed([]) == Usage()
