"""Gemini's usageMetadata is counted as it is billed."""

from typing import Any

import pytest

from tollway.model import Usage
from tollway.wire.gemini_usage import tier_of, usage_of


def test_thoughts_are_output_and_what_tools_fed_back_is_input() -> None:
    found = usage_of({
        "promptTokenCount": 100,
        "cachedContentTokenCount": 40,
        "toolUsePromptTokenCount": 30,
        "candidatesTokenCount": 10,
        "thoughtsTokenCount": 20,
        "totalTokenCount": 160,
    }, searches=2)  # fmt: skip

    assert found == Usage(
        input_tokens=130,
        cache_read_tokens=40,
        output_tokens=30,
        reasoning_tokens=20,
        web_searches=2,
    )


def test_modalities_are_parts() -> None:
    found = usage_of({
        "promptTokenCount": 100,
        "promptTokensDetails": [
            {"modality": "TEXT", "tokenCount": 10},
            {"modality": "AUDIO", "tokenCount": 20},
            {"modality": "IMAGE", "tokenCount": 30},
            {"modality": "VIDEO", "tokenCount": 40},
        ],
        "toolUsePromptTokenCount": 5,
        "toolUsePromptTokensDetails": [{"modality": "AUDIO", "tokenCount": 5}],
        "cacheTokensDetails": [{"modality": "AUDIO", "tokenCount": 7}],
        "candidatesTokenCount": 50,
        "candidatesTokensDetails": [
            {"modality": "IMAGE", "tokenCount": 8},
            {"modality": "AUDIO", "tokenCount": 9},
        ],
    })  # fmt: skip

    assert found == Usage(
        input_tokens=105,
        output_tokens=50,
        input_audio_tokens=25,
        input_image_tokens=30,
        input_video_tokens=40,
        cache_audio_read_tokens=7,
        output_audio_tokens=9,
        output_image_tokens=8,
    )


@pytest.mark.parametrize(
    ("metadata", "output"),
    [
        ({"promptTokenCount": 9, "totalTokenCount": 9}, 0),  # blocked: the format leaves zeros out
        ({"promptTokenCount": 9, "totalTokenCount": 12}, 3),
        ({"promptTokenCount": 9, "totalTokenCount": 8}, None),
        ({"promptTokenCount": 9}, None),
        ({"promptTokenCount": 9, "candidatesTokenCount": 0, "totalTokenCount": 12}, 0),
        ({"promptTokenCount": 9, "thoughtsTokenCount": 2, "totalTokenCount": 11}, 2),
    ],
)
def test_where_no_output_is_counted_the_total_tells(metadata: dict[str, Any], output: int | None) -> None:
    found = usage_of(metadata)

    assert found is not None
    assert found.output_tokens == output


@pytest.mark.parametrize("value", [-1, True, "5", 1e13, None, [], {}])
def test_what_is_no_count_is_absent(value: object) -> None:
    assert usage_of({"promptTokenCount": value, "candidatesTokenCount": 5.0}) == Usage(output_tokens=5)
    details = [value, {"modality": "AUDIO", "tokenCount": value}, {"tokenCount": 1}]
    assert usage_of({"totalTokenCount": value, "promptTokensDetails": details}) is None


def test_metadata_that_counts_nothing_is_no_usage() -> None:
    assert usage_of({"trafficType": "ON_DEMAND"}) is None
    assert usage_of({}) is None


@pytest.mark.parametrize(
    ("metadata", "tier"),
    [
        ({"serviceTier": "standard"}, "standard"),
        ({"serviceTier": "FLEX", "trafficType": "ON_DEMAND"}, "flex"),
        ({"trafficType": "ON_DEMAND"}, "standard"),
        ({"trafficType": "ON_DEMAND_PRIORITY"}, "priority"),
        ({"trafficType": "ON_DEMAND_FLEX"}, "flex"),
        ({"trafficType": "PROVISIONED_THROUGHPUT"}, "provisioned"),
        ({"trafficType": "SOMETHING_NEW"}, "something_new"),
        ({"trafficType": 1}, "standard"),
        ({"trafficType": 99}, None),
        ({"trafficType": []}, None),
        ({"trafficType": ""}, None),
        ({}, None),
    ],
)
def test_the_tier_has_the_same_words_on_both_apis(metadata: dict[str, Any], tier: str | None) -> None:
    assert tier_of(metadata) == tier


def test_enums_may_come_as_numbers() -> None:
    """As the vertexai SDK asks for them."""
    details = [{"modality": 1, "tokenCount": 3}, {"modality": 4, "tokenCount": 2}]

    found = usage_of({"promptTokenCount": 5, "promptTokensDetails": details})

    assert found == Usage(input_tokens=5, input_audio_tokens=2)
