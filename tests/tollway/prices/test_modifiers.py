"""Uplifts and fees, by hand, in USD per million tokens at `calls.NOW` (genai-prices 0.2.3)."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.tollway.prices.calls import EACH, MILLION, dollars, price


def test_anthropic_inference_in_the_us_costs_a_tenth_more_and_searches_do_not() -> None:
    """claude-opus-5-5, 4 / 20: (4 + 20) x 1.1 = 26.4, + 1000 x 0.01 = 36.4."""
    cost = price("anthropic", "claude-opus-5-5", **EACH, web_searches=1000, geo="us")

    assert cost.nano == 36_400_000_000
    assert cost.price_version == "genai-prices 0.2.3 anthropic/claude-opus-5-5 geo=us x1.1"
    assert dollars("anthropic", "claude-opus-5-5", **EACH, geo="global") == "24"
    assert dollars("anthropic", "claude-opus-5-5", **EACH, geo="not_available") == "24"


@pytest.mark.parametrize("region", ["us", "eu", "ae", "au", "in", "jp"])
def test_openai_regional_hosts_cost_a_tenth_more(region: str) -> None:
    """gpt-5.4-mini, 0.75 / 4.5: 5.25 x 1.1 = 5.775."""
    assert dollars("openai", "gpt-5.4-mini", **EACH, host=f"{region}.api.openai.com") == "5.775"


@pytest.mark.parametrize("host", ["api.openai.com", "mtls.api.openai.com"])
def test_openai_hosts_of_no_region_do_not(host: str) -> None:
    assert dollars("openai", "gpt-5.4-mini", **EACH, host=host) == "5.25"


@pytest.mark.parametrize(
    ("model", "usd"), [("gpt-4o", "12.5"), ("gpt-5-mini-2025-08-07", "2.25"), ("o3", "10")]
)
def test_models_from_before_the_uplift_cost_the_same_in_every_region(model: str, usd: str) -> None:
    """2.5 + 10; 0.25 + 2; 2 + 8."""
    assert dollars("openai", model, **EACH, host="eu.api.openai.com") == usd


def test_vertex_outside_the_global_endpoint_costs_a_tenth_more_for_newer_models() -> None:
    """gemini-3.8-flash, 0.75 / 3.75: 4.95; claude-sonnet-5-5, 2 / 10: 13.2; gemini-2.5-flash stays 2.8."""
    region = {"host": "europe-west4-aiplatform.googleapis.com", **EACH}

    assert dollars("vertex", "gemini-3.8-flash", **region) == "4.95"
    assert dollars("vertex", "claude-sonnet-5-5", **region) == "13.2"
    assert (
        dollars("vertex", "claude-sonnet-5-5", **region | {"host": "aiplatform.eu.rep.googleapis.com"})
        == "13.2"
    )
    assert dollars("vertex", "claude-sonnet-5-5", **region | {"host": "aiplatform.googleapis.com"}) == "12"
    assert dollars("vertex", "gemini-2.5-flash", **region) == "2.8"
    assert dollars("vertex", "claude-opus-4-1@20250805", **region) == "90"


def test_mistral_regional_hosts_cost_a_tenth_more() -> None:
    """mistral-small-2603, 0.15 / 0.6: 0.75 x 1.1 = 0.825."""
    assert dollars("mistral", "mistral-small-2603", **EACH, host="api.eu.mistral.ai") == "0.825"
    assert dollars("mistral", "mistral-small-2603", **EACH, host="api.mistral.ai") == "0.75"


def test_openai_cache_writes_for_twelve_hours_cost_twice_those_for_thirty_minutes() -> None:
    """gpt-6-sol, writes 2.5: 0.1 x 2.5 + 0.1 x 5 = 0.75."""
    cost = price(
        "openai",
        "gpt-6-sol",
        input_tokens=200_000,
        cache_write_tokens=200_000,
        cache_write_12h_tokens=100_000,
    )

    assert cost.cache_write_nano == 750_000_000


def test_claude_elsewhere_pays_twice_the_input_for_one_hour_writes_that_its_list_lacks() -> None:
    """claude-3-5-haiku on Vertex, input 0.8: 1.6 for the hour, 1 for five minutes."""
    cost = price(
        "vertex",
        "claude-3-5-haiku@20241022",
        input_tokens=2 * MILLION,
        cache_write_tokens=2 * MILLION,
        cache_write_1h_tokens=MILLION,
    )

    assert cost.cache_write_nano == 2_600_000_000


@pytest.mark.parametrize(
    ("provider", "model", "nano"),
    [
        ("openai", "gpt-5", 30_000_000),
        ("openai", "gpt-5.3", 30_000_000),
        ("anthropic", "claude-sonnet-5", 30_000_000),
        ("gemini", "gemini-2.5-flash", 35_000_000),
        ("gemini", "gemini-3-flash-preview", 42_000_000),
        ("cerebras", "gpt-oss-120b", 105_000_000),
    ],
)
def test_three_web_searches(provider: str, model: str, nano: int) -> None:
    """10 per 1,000 at OpenAI and Anthropic; Gemini 35 per grounded request up to 2.5, 14 per query from 3 on.

    gpt-5.3 has none on its list: OpenAI's price. Cerebras has none at all: the dearest there is.
    """
    assert price(provider, model, input_tokens=0, web_searches=3).other_nano == nano


def test_tool_calls_without_a_known_price_are_said_not_to_be_in_the_cost() -> None:
    """2.5 per 1,000 file searches at OpenAI; Groq's tools have no price here."""
    known = price("openai", "gpt-5", input_tokens=1, tool_calls=2)
    unknown = price("groq", "openai/gpt-oss-120b", input_tokens=1, tool_calls=2)

    assert (known.other_nano, known.flags) == (5_000_000, ())
    assert (unknown.other_nano, unknown.flags) == (0, ("unpriced_tools",))


def test_perplexitys_fee_per_request() -> None:
    """sonar-pro: 14 per 1,000 requests, 3 / 15."""
    assert dollars("perplexity", "sonar-pro", input_tokens=1000, output_tokens=100) == "0.0185"


def test_deepseek_has_no_peak_at_weekends() -> None:
    """deepseek-flash, 0.3 / 1.2 at peak, half else: 02:00 UTC is peak on Monday, not on Saturday.

    Saturday 20:00 UTC is Sunday in Beijing; Sunday 17:00 UTC is Monday, but no peak there either.
    """
    monday, saturday = datetime(2026, 11, 23, 2, tzinfo=UTC), datetime(2026, 11, 21, 2, tzinfo=UTC)

    assert dollars("deepseek", "deepseek-flash", **EACH, at=monday) == "1.5"
    assert dollars("deepseek", "deepseek-flash", **EACH, at=saturday) == "0.75"
    assert dollars("deepseek", "deepseek-flash", **EACH, at=monday + timedelta(hours=3)) == "0.75"
    assert dollars("deepseek", "deepseek-v4-pro", **EACH, at=datetime(2026, 8, 22, 2, tzinfo=UTC)) == "5.28"


def test_fine_tuned_models_cost_what_openai_lists_or_a_multiple_of_their_base() -> None:
    """gpt-4o's is on the list: 3.75 + 15. gpt-4.1-mini 0.8 + 3.2, o4-mini 4 + 16; in batches half.

    What nobody lists costs twice its base, gpt-4.1-mini of another day 0.4 + 1.6, or o4-mini four times.
    """
    assert dollars("openai", "ft:gpt-4o-2024-08-06:org::id", **EACH) == "18.75"
    assert dollars("openai", "ft:gpt-4.1-mini-2025-04-14:org::id", **EACH) == "4"
    assert dollars("openai", "ft:gpt-4.1-2025-04-14:org::id", **EACH) == "15"
    assert dollars("openai", "ft:gpt-4.1-2025-04-14:org::id", **EACH, tier="batch") == "7.5"
    assert dollars("openai", "ft:o4-mini-2025-04-16:org::id", **EACH) == "20"
    assert dollars("openai", "ft:gpt-4.1-mini-2026-04-14:org::id", **EACH) == "4"
    assert dollars("openai", "ft:o4-mini-2026-04-16:org::id", **EACH) == "22"
    assert dollars("openai", "ft:gpt-4o-2024-08-06:org::id", **EACH, tier="batch") == "14.725"
