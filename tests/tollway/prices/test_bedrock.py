"""Bedrock's tiers, speeds, regions, names and units, by hand, in USD per million tokens at `calls.NOW`."""

import pytest

from tests.tollway.prices.calls import EACH, MILLION, SMALL, call, dollars, portion, price
from tollway.money import usd
from tollway.prices import PriceBook
from tollway.prices.overrides import Override

EAST = "bedrock-runtime.us-east-1.amazonaws.com"
GOV_WEST, GOV_EAST = (f"bedrock-runtime-fips.us-gov-{side}-1.amazonaws.com" for side in ("west", "east"))
ARN = "arn:aws:bedrock:us-east-1"


@pytest.mark.parametrize(
    ("tier", "usd"),
    [("default", "4"), ("flex", "2"), ("priority", "7"), ("batch", "2")],
)
def test_service_tiers(tier: str, usd: str) -> None:
    """nova-pro, 0.8 / 3.2: half for flex and batch, 1.75 times for priority."""
    cost = price("bedrock", "amazon.nova-pro-v1:0", **EACH, host=EAST, tier=tier)

    assert (dollars("bedrock", "amazon.nova-pro-v1:0", **EACH, host=EAST, tier=tier), cost.flags) == (usd, ())


def test_what_a_cache_gave_follows_flex_and_priority_and_costs_the_same_in_batches() -> None:
    """nova-pro, 0.2 a million."""
    read = {"input_tokens": MILLION, "cache_read_tokens": MILLION}

    costs = [
        dollars("bedrock", "amazon.nova-pro-v1:0", **read, tier=tier)
        for tier in ("default", "flex", "priority", "batch")
    ]

    assert costs == ["0.2", "0.1", "0.35", "0.2"]


def test_reserved_capacity_is_charged_as_standard_and_flagged() -> None:
    """What was paid in advance no answer tells."""
    cost = price("bedrock", "amazon.nova-pro-v1:0", **EACH, tier="reserved")

    assert (cost.nano, cost.flags) == (4_000_000_000, ("unknown_tier",))


@pytest.mark.parametrize(
    ("model", "usd"),
    [
        ("us.amazon.nova-pro-v1:0", "5"),
        ("us.meta.llama3-1-70b-instruct-v1:0", "1.8"),
        ("us.meta.llama3-1-405b-instruct-v1:0", "6"),
        ("us.anthropic.claude-3-5-haiku-20241022-v1:0", "6"),
    ],
)
def test_latency_optimized_inference_costs_a_quarter_more(model: str, usd: str) -> None:
    """0.8 + 3.2; 0.72 + 0.72; 2.4 + 2.4; 0.8 + 4: 1.25 times."""
    cost = price("bedrock", model, **EACH, speed="optimized")

    assert (cost.nano, cost.flags) == (int(float(usd) * 10**9), ())
    assert dollars("bedrock", model, **EACH, speed="standard") == dollars("bedrock", model, **EACH)


def test_a_model_that_no_optimized_price_is_known_of_is_flagged() -> None:
    assert price("bedrock", "us.amazon.nova-lite-v1:0", **EACH, speed="optimized").flags == ("unknown_tier",)


@pytest.mark.parametrize(
    ("model", "usd"),
    [
        ("global.anthropic.claude-opus-5", "30"),
        ("us.anthropic.claude-opus-5", "33"),
        ("eu.anthropic.claude-opus-5", "33"),
        ("apac.anthropic.claude-opus-5", "33"),
        ("anthropic.claude-opus-5", "33"),
        ("us.anthropic.claude-opus-4-1-20250805-v1:0", "90"),
    ],
)
def test_claude_costs_a_tenth_more_at_every_endpoint_that_is_not_global_from_4_5_on(
    model: str, usd: str
) -> None:
    """5 + 25; a name without a region is the region's own endpoint. Opus 4.1 is older: 15 + 75."""
    assert dollars("bedrock", model, **EACH, host=EAST) == usd


@pytest.mark.parametrize(
    ("host", "model", "usd"),
    [
        (GOV_WEST, "us-gov.anthropic.claude-opus-5", "36"),
        (GOV_EAST, "anthropic.claude-opus-5", "36"),
        (GOV_WEST, "anthropic.claude-3-5-sonnet-20240620-v1:0", "21.6"),
        (GOV_WEST, "amazon.nova-pro-v1:0", "4.8"),
        (GOV_WEST, "openai.gpt-oss-120b-1:0", "0.9"),
        (GOV_WEST, "openai.gpt-5.4", "23.625"),
        (GOV_EAST, "openai.gpt-5.4", "23.1"),
    ],
)
def test_govcloud_costs_a_fifth_more(host: str, model: str, usd: str) -> None:
    """1.2 times 30; 18; 4; 0.75: of Claude the global price.

    GPT-5.4 in a region is 2.75 + 16.5 = 19.25 below 272K: 1.2 times 19.25 in the east, 27/22 in the west.
    """
    tenth = {"input_tokens": 100_000, "output_tokens": 100_000}

    cost = price("bedrock", model, **tenth, host=host)

    assert cost.nano * 10 == int(float(usd) * 10**9)


@pytest.mark.parametrize(
    ("model", "usd"),
    [
        ("eu.amazon.nova-micro-v1:0", "0.23"),
        ("eu.amazon.nova-lite-v1:0", "0.39"),
        ("eu.amazon.nova-pro-v1:0", "5.25"),
        ("eu.amazon.nova-2-lite-v1:0", "4.026"),
        ("apac.amazon.nova-micro-v1:0", "0.185"),
        ("apac.amazon.nova-lite-v1:0", "0.315"),
        ("apac.amazon.nova-pro-v1:0", "4.2"),
        ("jp.amazon.nova-2-lite-v1:0", "3.707"),
        (f"{ARN}:123456789012:inference-profile/eu.amazon.nova-pro-v1:0", "5.25"),
    ],
)
def test_nova_in_europe_and_asia_has_prices_of_its_own(model: str, usd: str) -> None:
    """0.046 + 0.184; 0.078 + 0.312; 1.05 + 4.2; 0.429 + 3.597; 0.037 + 0.148; 0.063 + 0.252; ..."""
    assert dollars("bedrock", model, **EACH) == usd


def test_a_tier_comes_on_top_of_a_region() -> None:
    """(1.05 + 4.2) / 2."""
    assert dollars("bedrock", "eu.amazon.nova-pro-v1:0", **EACH, tier="flex") == "2.625"


def test_long_contexts_that_the_list_does_not_know() -> None:
    """claude-sonnet-4-5, global, 3 / 15: above 200,000 twice and half as much again.

    gpt-5.5 in a region, 5.5 / 33, above 272,000.
    """
    at, over = ({"input_tokens": n, "output_tokens": 1000} for n in (200_000, 200_001))

    model = "global.anthropic.claude-sonnet-4-5-20250929-v1:0"
    assert dollars("bedrock", model, **at) == "0.615"
    assert dollars("bedrock", model, **over) == "1.222506"
    assert dollars("bedrock-mantle", "openai.gpt-5.5", input_tokens=300_000, output_tokens=1000) == "3.3495"


def test_ultrafast_costs_six_times_standard_here_too() -> None:
    """gpt-6-astra, global, 10 / 50: 100 K of each are 6."""
    cost = price("bedrock-mantle", "global.openai.gpt-6-astra", **SMALL, tier="ultrafast")

    assert (cost.nano, cost.flags) == (36_000_000_000, ())


@pytest.mark.parametrize(
    ("arn", "entry"),
    [
        (f"{ARN}::foundation-model/anthropic.claude-opus-5", "regional.anthropic.claude-opus-5 rule=arn"),
        (f"{ARN}:1:inference-profile/us.anthropic.claude-opus-5", "regional.anthropic.claude-opus-5"),
        (f"{ARN}:1:inference-profile/global.anthropic.claude-opus-5", "global.anthropic.claude-opus-5"),
        (f"{ARN}:1:inference-profile/apac.anthropic.claude-opus-5", "regional.anthropic.claude-opus-5"),
    ],
)
def test_a_model_may_be_named_by_its_arn(arn: str, entry: str) -> None:
    assert price("bedrock", arn, **EACH).price_version.startswith(f"genai-prices 0.2.3 aws/{entry}")


def test_an_applications_own_profile_is_unknown_until_an_override_says_what_it_is() -> None:
    """As opus 5 in the US: 5.5 + 27.5."""
    arn = f"{ARN}:123456789012:application-inference-profile/a1b2c3d4e5f6"
    row = {"model": "*/a1b2c3d4e5f6", "same_as": "bedrock/us.anthropic.claude-opus-5"}
    book = PriceBook([Override.model_validate(row)])

    assert price("bedrock", arn, **EACH).flags == ("unknown_price",)
    cost = book.price(call("bedrock", arn, **EACH))
    assert (cost.nano, cost.flags) == (33_000_000_000, ())


def test_units_of_guardrails_are_portions_of_a_call() -> None:
    """nova-lite 0.06 + 0.24; 2000 text units of content, 0.15 per 1000; 1000 of topics; words are free."""
    portions = (
        portion("amazon.nova-lite-v1:0", **EACH),
        portion("guardrail/contentPolicyUnits", requests=2000),
        portion("guardrail/topicPolicyUnits", requests=1000),
        portion("guardrail/wordPolicyUnits", requests=1000),
    )

    cost = price("bedrock", "amazon.nova-lite-v1:0", portions=portions)

    assert usd(cost.nano) == "0.75"
    assert cost.other_nano == 450_000_000


@pytest.mark.parametrize(
    ("model", "said", "usd"),
    [
        ("cohere.rerank-v3-5:0", {"operation": "rerank", "requests": 3}, "0.006"),
        ("amazon.rerank-v1:0", {"operation": "rerank", "requests": 3}, "0.003"),
        ("cohere.embed-v4:0", {"operation": "embeddings", "input_tokens": MILLION}, "0.12"),
        ("stability.stable-image-ultra-v1:1", {"operation": "images", "images": 2}, "0.28"),
        ("us.stability.stable-image-inpaint-v1:0", {"operation": "images", "images": 1}, "0.07"),
        ("stability.stable-image-core-v1:1", {"operation": "images", "images": 1}, "0.04"),
        ("moonshot.kimi-k2-thinking", EACH, "3.1"),
        ("us.deepseek.v3.2", EACH, "2.47"),
        ("openai.gpt-oss-120b", EACH, "0.75"),
        ("global.xai.grok-4.7", EACH, "8"),
        ("us.xai.grok-4.7", EACH, "8.8"),
    ],
)
def test_models_that_the_list_lacks(model: str, said: dict[str, int], usd: str) -> None:
    """Searches 0.002 and 0.001; 2 x 0.14; 0.6 + 2.5; 0.62 + 1.85; 0.15 + 0.6; 2 + 6; 2.2 + 6.6."""
    cost = price("bedrock", model, **said)

    assert (dollars("bedrock", model, **said), cost.flags) == (usd, ())
